/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-chain-text.h"

#define AT(ms) (G_GINT64_CONSTANT (1000) * (1000000 + (ms)))

static SessionChain *
new_chain (void)
{
  static const CourseStage kinds[] = { COURSE_STAGE_SERVICE, COURSE_STAGE_HOST_NAME,
                                       COURSE_STAGE_DNS, COURSE_STAGE_PORT };
  g_autoptr (GArray) stages = g_array_new (FALSE, FALSE, sizeof *kinds);

  g_array_append_vals (stages, kinds, G_N_ELEMENTS (kinds));
  return session_chain_new (stages);
}

static void
assert_text (SessionChain *chain, gboolean is_late, const char *expected)
{
  g_autofree char *text = lab_chain_dup_text (chain, is_late);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_states (void)
{
  g_autoptr (SessionChain) chain = new_chain ();

  assert_text (chain, FALSE,
               "Service: not yet, Host name: not yet, DNS: not yet, Port open: not yet");
  session_chain_begin (chain, AT (0));
  assert_text (chain, FALSE,
               "Service: waiting, Host name: not yet, DNS: not yet, Port open: not yet");
  session_chain_fail (chain, COURSE_STAGE_SERVICE, COURSE_STAGE_SERVICE, AT (100));
  session_chain_fail (chain, COURSE_STAGE_DNS, COURSE_STAGE_DNS, AT (12000));
  assert_text (
    chain, TRUE,
    "Service: done after 12 s, Host name: done after 12 s, DNS: late, Port open: not yet");
  session_chain_pass_all (chain, AT (14000));
  session_chain_fail (chain, COURSE_STAGE_PORT, COURSE_STAGE_PORT, AT (15000));
  assert_text (chain, FALSE, "Service: done, Host name: done, DNS: done, Port open: no longer so");
}

static void
test_stage (void)
{
  g_autoptr (SessionChain) chain = new_chain ();
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  session_chain_begin (chain, AT (0));
  session_chain_fail (chain, COURSE_STAGE_SERVICE, COURSE_STAGE_SERVICE, AT (100));
  session_chain_fail (chain, COURSE_STAGE_DNS, COURSE_STAGE_DNS, AT (2100));
  before = lab_chain_dup_stage (chain, 3);
  after = lab_chain_dup_stage (chain, 1);
  g_assert_cmpstr (before, ==, "Port open");
  g_assert_cmpstr (after, ==, "Host name 2.1 s");
}

/* Of many things so many are so far. */
static void
test_count (void)
{
  g_autoptr (SessionChain) chain = new_chain ();
  g_autofree char *stage = NULL;

  session_chain_fail (chain, COURSE_STAGE_DNS, COURSE_STAGE_DNS, AT (100));
  session_chain_set_count (chain, COURSE_STAGE_DNS, 5, 8);
  stage = lab_chain_dup_stage (chain, 2);
  g_assert_cmpstr (stage, ==, "DNS 5 of 8");
  assert_text (chain, FALSE,
               "Service: done, Host name: done, DNS: waiting (5 of 8), Port open: not yet");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/chain-text/states", test_states);
  g_test_add_func ("/lab/chain-text/stage", test_stage);
  g_test_add_func ("/lab/chain-text/count", test_count);
  return g_test_run ();
}
