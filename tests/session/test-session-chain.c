/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-chain.h"

/* Monotonic time in milliseconds. */
#define AT(ms) (G_GINT64_CONSTANT (1000) * (1000000 + (ms)))

static const CourseStage by_name[] = { COURSE_STAGE_SERVICE, COURSE_STAGE_HOST_NAME,
                                       COURSE_STAGE_DNS, COURSE_STAGE_PORT, COURSE_STAGE_ANSWER };
static const CourseStage by_number[] = { COURSE_STAGE_SERVICE, COURSE_STAGE_ADDRESS,
                                         COURSE_STAGE_PORT, COURSE_STAGE_ANSWER };
static const CourseStage blocked[] = { COURSE_STAGE_SERVICE, COURSE_STAGE_HOST_NAME,
                                       COURSE_STAGE_DNS, COURSE_STAGE_BLOCKED };
static const CourseStage open_only[] = { COURSE_STAGE_SERVICE, COURSE_STAGE_HOST_NAME,
                                         COURSE_STAGE_DNS, COURSE_STAGE_PORT };

static GArray *
new_stages (const CourseStage *stages, guint n)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof *stages);

  return g_array_append_vals (array, stages, n);
}

#define STAGES(stages) new_stages (stages, G_N_ELEMENTS (stages))

static SessionChain *
new_chain (GArray *stages)
{
  SessionChain *chain = session_chain_new (stages);

  g_array_unref (stages);
  return chain;
}

/* "+": done, "+12": after so many milliseconds, "~": under way, "-": not yet, "!": fallen */
static void
assert_chain (SessionChain *chain, const char *expected)
{
  static const char *const signs[] = {
    [SESSION_STAGE_NOT_YET] = "-",
    [SESSION_STAGE_UNDER_WAY] = "~",
    [SESSION_STAGE_DONE] = "+",
    [SESSION_STAGE_FALLEN] = "!",
  };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < session_chain_get_n_stages (chain); i++) {
    gint64 ms = session_chain_get_ms (chain, i);

    g_string_append_printf (text, "%s%s", i > 0 ? " " : "",
                            signs[session_chain_get_state (chain, i)]);
    if (ms >= 0)
      g_string_append_printf (text, "%" G_GINT64_FORMAT, ms);
  }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
count_cb (SessionChain *chain, guint *n)
{
  (*n)++;
}

static void
test_new (void)
{
  SessionChain *chain = new_chain (STAGES (by_name));

  assert_chain (chain, "- - - - -");
  g_assert_false (session_chain_is_telling (chain));
  g_assert_false (session_chain_is_whole (chain));
  g_assert_null (session_chain_dup_wait (chain, ""));
  g_assert_cmpuint (session_chain_get_stage (chain, 2), ==, COURSE_STAGE_DNS);
  g_assert_finalize_object (chain);
}

/* A step is run, and one comes after the other. */
static void
test_set_going (void)
{
  g_autoptr (SessionChain) chain = new_chain (STAGES (by_name));
  guint n = 0;

  g_signal_connect (chain, "changed", G_CALLBACK (count_cb), &n);
  session_chain_fail (chain, COURSE_STAGE_SERVICE, COURSE_STAGE_SERVICE, AT (0));
  assert_chain (chain, "~ - - - -");
  g_assert_false (session_chain_is_telling (chain));
  session_chain_begin (chain, AT (60000));
  assert_chain (chain, "~ - - - -");
  g_assert_true (session_chain_is_telling (chain));
  g_assert_cmpuint (n, ==, 2);
  session_chain_fail (chain, COURSE_STAGE_SERVICE, COURSE_STAGE_SERVICE, AT (60100));
  g_assert_cmpuint (n, ==, 2);
  session_chain_fail (chain, COURSE_STAGE_ADDRESS, COURSE_STAGE_ADDRESS, AT (60300));
  assert_chain (chain, "+300 ~ - - -");
  session_chain_pass (chain, COURSE_STAGE_HOST_NAME, AT (72000));
  assert_chain (chain, "+300 +12000 ~ - -");
  session_chain_fail (chain, COURSE_STAGE_DNS, COURSE_STAGE_DNS, AT (72100));
  session_chain_pass (chain, COURSE_STAGE_PORT, AT (91000));
  assert_chain (chain, "+300 +12000 +31000 +31000 ~");
  session_chain_pass_all (chain, AT (91500));
  assert_chain (chain, "+300 +12000 +31000 +31000 +31500");
  g_assert_true (session_chain_is_whole (chain));

  /* to run it once more does not take away what is known, nor does another look */
  n = 0;
  session_chain_begin (chain, AT (95000));
  session_chain_pass (chain, COURSE_STAGE_PORT, AT (96000));
  session_chain_pass_all (chain, AT (97000));
  assert_chain (chain, "+300 +12000 +31000 +31000 +31500");
  g_assert_cmpuint (n, ==, 0);
}

/* A step that was not done before is run: what was waited for till then is not its own. */
static void
test_anew (void)
{
  g_autoptr (SessionChain) stays = new_chain (STAGES (by_number));
  g_autoptr (SessionChain) breaks = new_chain (STAGES (by_number));
  g_autoptr (SessionChain) lacks = new_chain (STAGES (by_number));
  guint n = 0;

  session_chain_fail (stays, COURSE_STAGE_SERVICE, COURSE_STAGE_SERVICE, AT (0));
  session_chain_begin (stays, AT (0));
  session_chain_pass_all (stays, AT (4300));
  assert_chain (stays, "+4300 +4300 +4300 +4300");
  g_signal_connect (stays, "changed", G_CALLBACK (count_cb), &n);
  session_chain_begin_anew (stays, AT (9000));
  assert_chain (stays, "+ + + +");
  g_assert_cmpuint (n, ==, 1);
  session_chain_pass_all (stays, AT (11000));
  assert_chain (stays, "+ + + +");
  /* it was confirmed, so that what comes later is another matter */
  session_chain_fail (stays, COURSE_STAGE_PORT, COURSE_STAGE_PORT, AT (60000));
  assert_chain (stays, "+ + ! -");
  session_chain_pass_all (stays, AT (61000));
  assert_chain (stays, "+ + +1000 +1000");

  session_chain_pass_all (breaks, AT (0));
  session_chain_begin_anew (breaks, AT (9000));
  session_chain_fail (breaks, COURSE_STAGE_PORT, COURSE_STAGE_PORT, AT (11000));
  assert_chain (breaks, "+ + ~ -");
  session_chain_pass_all (breaks, AT (12500));
  assert_chain (breaks, "+ + +3500 +3500");

  session_chain_fail (lacks, COURSE_STAGE_ADDRESS, COURSE_STAGE_ADDRESS, AT (0));
  session_chain_begin_anew (lacks, AT (5000));
  session_chain_pass_all (lacks, AT (6000));
  assert_chain (lacks, "+ +1000 +1000 +1000");
}

/* What is so from the start has no time: nobody has waited for it. */
static void
test_so_before (void)
{
  g_autoptr (SessionChain) whole = new_chain (STAGES (by_name));
  g_autoptr (SessionChain) half = new_chain (STAGES (by_name));

  session_chain_pass (whole, COURSE_STAGE_HOST_NAME, AT (0));
  session_chain_pass (whole, COURSE_STAGE_PORT, AT (20));
  assert_chain (whole, "+ + + + -");
  session_chain_pass_all (whole, AT (50));
  assert_chain (whole, "+ + + + +");

  session_chain_pass (half, COURSE_STAGE_PORT, AT (0));
  session_chain_fail (half, COURSE_STAGE_ANSWER, COURSE_STAGE_ANSWER, AT (20));
  session_chain_begin (half, AT (5000));
  session_chain_pass_all (half, AT (7500));
  assert_chain (half, "+ + + + +2500");
  g_assert_cmpint (session_chain_get_confirmed_at (half), ==, AT (7500));
}

/* The same where the step is run before the first look is over. */
static void
test_first_look (void)
{
  g_autoptr (SessionChain) chain = new_chain (STAGES (by_name));

  session_chain_begin (chain, AT (0));
  assert_chain (chain, "~ - - - -");
  session_chain_pass (chain, COURSE_STAGE_HOST_NAME, AT (50));
  session_chain_pass (chain, COURSE_STAGE_DNS, AT (60));
  session_chain_fail (chain, COURSE_STAGE_PORT, COURSE_STAGE_PORT, AT (70));
  assert_chain (chain, "+ + + ~ -");
  g_assert_cmpint (session_chain_get_passed_at (chain, 0), ==, 0);
  session_chain_pass_all (chain, AT (900));
  assert_chain (chain, "+ + + +900 +900");
  g_assert_cmpint (session_chain_get_passed_at (chain, 3), ==, AT (900));
}

/* Nobody runs the step: somebody makes the thing by hand, and time counts from then on. */
static void
test_by_hand (void)
{
  g_autoptr (SessionChain) chain = new_chain (STAGES (by_number));

  session_chain_fail (chain, COURSE_STAGE_SERVICE, COURSE_STAGE_SERVICE, AT (0));
  session_chain_fail (chain, COURSE_STAGE_ADDRESS, COURSE_STAGE_ADDRESS, AT (600000));
  assert_chain (chain, "+ ~ - -");
  session_chain_pass (chain, COURSE_STAGE_HOST_NAME, AT (604000));
  session_chain_pass (chain, COURSE_STAGE_PORT, AT (605000));
  session_chain_pass_all (chain, AT (605500));
  assert_chain (chain, "+ +4000 +5000 +5500");
}

static void
test_falls (void)
{
  g_autoptr (SessionChain) chain = new_chain (STAGES (by_name));

  session_chain_fail (chain, COURSE_STAGE_SERVICE, COURSE_STAGE_SERVICE, AT (-100));
  session_chain_begin (chain, AT (0));
  session_chain_pass_all (chain, AT (900));
  assert_chain (chain, "+900 +900 +900 +900 +900");
  session_chain_fail (chain, COURSE_STAGE_PORT, COURSE_STAGE_PORT, AT (10000));
  assert_chain (chain, "+ + + ! -");
  g_assert_true (session_chain_is_telling (chain));
  /* what fell stays told while it is the one that is waited for */
  session_chain_pass (chain, COURSE_STAGE_HOST_NAME, AT (11000));
  session_chain_fail (chain, COURSE_STAGE_PORT, COURSE_STAGE_PORT, AT (11500));
  assert_chain (chain, "+ + + ! -");
  /* worse */
  session_chain_fail (chain, COURSE_STAGE_SERVICE, COURSE_STAGE_SERVICE, AT (12000));
  assert_chain (chain, "! - - - -");
  g_assert_true (session_chain_is_telling (chain));
  /* better: from here on it is waited for as ever */
  session_chain_fail (chain, COURSE_STAGE_DNS, COURSE_STAGE_DNS, AT (14000));
  assert_chain (chain, "+ + ~ - -");
  session_chain_pass_all (chain, AT (15000));
  assert_chain (chain, "+ + +1000 +1000 +1000");

  /* it fell, and then its student did something about it */
  session_chain_fail (chain, COURSE_STAGE_ANSWER, COURSE_STAGE_ANSWER, AT (20000));
  assert_chain (chain, "+ + + + !");
  session_chain_begin (chain, AT (90000));
  assert_chain (chain, "+ + + + ~");
  session_chain_pass_all (chain, AT (92000));
  assert_chain (chain, "+ + + + +2000");
}

/* A name that resolves, does not, and does again has not fallen: it never was all there. */
static void
test_unsteady (void)
{
  g_autoptr (SessionChain) chain = new_chain (STAGES (by_name));

  session_chain_begin (chain, AT (0));
  session_chain_fail (chain, COURSE_STAGE_PORT, COURSE_STAGE_PORT, AT (1000));
  session_chain_fail (chain, COURSE_STAGE_DNS, COURSE_STAGE_DNS, AT (2000));
  assert_chain (chain, "+ + ~ - -");
  session_chain_fail (chain, COURSE_STAGE_PORT, COURSE_STAGE_PORT, AT (3000));
  assert_chain (chain, "+ + +3000 ~ -");
}

/* Why is not always told. */
static void
test_doubtful (void)
{
  g_autoptr (SessionChain) chain = new_chain (STAGES (by_name));

  session_chain_begin (chain, AT (0));
  session_chain_fail (chain, COURSE_STAGE_DNS, COURSE_STAGE_PORT, AT (1000));
  assert_chain (chain, "+ + ~ - -");
  session_chain_pass (chain, COURSE_STAGE_DNS, AT (2000));
  session_chain_fail (chain, COURSE_STAGE_DNS, COURSE_STAGE_PORT, AT (3000));
  assert_chain (chain, "+ + +2000 ~ -");
  session_chain_pass_all (chain, AT (4000));
  session_chain_fail (chain, COURSE_STAGE_DNS, COURSE_STAGE_PORT, AT (5000));
  assert_chain (chain, "+ + + ! -");
}

/* The last stage is what the check asks for: the way to it proves nothing. */
static void
test_last (void)
{
  g_autoptr (SessionChain) shut = new_chain (STAGES (blocked));
  g_autoptr (SessionChain) open = new_chain (STAGES (open_only));

  session_chain_fail (shut, COURSE_STAGE_SERVICE, COURSE_STAGE_SERVICE, AT (-100));
  session_chain_begin (shut, AT (0));
  session_chain_pass (shut, COURSE_STAGE_PORT, AT (1000));
  session_chain_fail (shut, COURSE_STAGE_PORT + 1, COURSE_STAGE_PORT + 1, AT (1100));
  assert_chain (shut, "+1000 +1000 +1000 ~");
  session_chain_pass_all (shut, AT (2000));
  assert_chain (shut, "+1000 +1000 +1000 +2000");

  session_chain_fail (open, COURSE_STAGE_SERVICE, COURSE_STAGE_SERVICE, AT (-100));
  session_chain_begin (open, AT (0));
  session_chain_pass (open, COURSE_STAGE_PORT, AT (1000));
  assert_chain (open, "+1000 +1000 +1000 ~");
  session_chain_fail (open, COURSE_STAGE_PORT + 1, COURSE_STAGE_PORT + 1, AT (1100));
  assert_chain (open, "+1000 +1000 +1000 ~");
}

/* A load balancer turns out to have a number and no name. */
static void
test_other_stages (void)
{
  g_autoptr (SessionChain) chain = new_chain (STAGES (by_name));
  g_autoptr (GArray) numbers = STAGES (by_number);
  g_autoptr (GArray) names = STAGES (by_name);
  guint n = 0;

  session_chain_fail (chain, COURSE_STAGE_SERVICE, COURSE_STAGE_SERVICE, AT (-100));
  session_chain_begin (chain, AT (0));
  session_chain_fail (chain, COURSE_STAGE_ADDRESS, COURSE_STAGE_ADDRESS, AT (100));
  g_signal_connect (chain, "changed", G_CALLBACK (count_cb), &n);
  session_chain_set_stages (chain, numbers);
  assert_chain (chain, "+100 ~ - -");
  g_assert_cmpuint (n, ==, 1);
  session_chain_set_stages (chain, numbers);
  g_assert_cmpuint (n, ==, 1);
  session_chain_pass (chain, COURSE_STAGE_HOST_NAME, AT (200));
  assert_chain (chain, "+100 +200 ~ -");
  session_chain_fail (chain, COURSE_STAGE_DNS, COURSE_STAGE_DNS, AT (300));
  assert_chain (chain, "+100 +200 ~ -");
  session_chain_pass_all (chain, AT (400));
  session_chain_set_stages (chain, names);
  assert_chain (chain, "+100 ~ - - -");
  g_assert_false (session_chain_is_whole (chain));
}

static void
test_wait (void)
{
  g_autoptr (SessionChain) chain = new_chain (STAGES (by_number));
  g_autoptr (CourseWait) wait = NULL;

  session_chain_fail (chain, COURSE_STAGE_SERVICE, COURSE_STAGE_SERVICE, AT (-100));
  session_chain_begin (chain, AT (0));
  session_chain_fail (chain, COURSE_STAGE_PORT, COURSE_STAGE_PORT, AT (100));
  g_assert_null (session_chain_dup_wait (chain, "It answers"));
  g_assert_cmpint (session_chain_get_passed_at (chain, 1), ==, AT (100));
  g_assert_cmpint (session_chain_get_passed_at (chain, 2), ==, 0);
  session_chain_pass_all (chain, AT (900));
  wait = session_chain_dup_wait (chain, "It answers");
  g_assert_cmpstr (course_wait_get_says (wait), ==, "It answers");
  g_assert_cmpuint (course_wait_get_n_stages (wait), ==, 4);
  g_assert_cmpuint (course_wait_get_stage (wait, 1), ==, COURSE_STAGE_ADDRESS);
  g_assert_cmpint (course_wait_get_ms (wait, 1), ==, 100);
  g_assert_cmpint (course_wait_get_ms (wait, 3), ==, 900);
}

static void
test_restore (void)
{
  g_autoptr (SessionChain) chain = new_chain (STAGES (by_name));
  g_autoptr (GArray) names = STAGES (by_name);
  g_autoptr (GArray) numbers = STAGES (by_number);
  g_autoptr (CourseWait) wait = course_wait_new ("It answers");
  g_autoptr (CourseWait) shorter = course_wait_new ("It answers");

  for (guint i = 0; i < G_N_ELEMENTS (by_number); i++)
    course_wait_add (wait, by_number[i], i == 0 ? -1 : (gint64)i * 1000);
  course_wait_add (shorter, COURSE_STAGE_SERVICE, 1);

  g_assert_false (session_chain_restore (chain, names, wait));
  g_assert_false (session_chain_restore (chain, names, shorter));
  assert_chain (chain, "- - - - -");
  g_assert_true (session_chain_restore (chain, numbers, wait));
  assert_chain (chain, "+ +1000 +2000 +3000");
  g_assert_true (session_chain_is_whole (chain));

  /* it still is so */
  session_chain_pass (chain, COURSE_STAGE_PORT, AT (0));
  session_chain_pass_all (chain, AT (10));
  assert_chain (chain, "+ +1000 +2000 +3000");
  /* no longer */
  session_chain_fail (chain, COURSE_STAGE_PORT, COURSE_STAGE_PORT, AT (20));
  assert_chain (chain, "+ + ! -");
  /* what is seen counts more than what was written */
  g_assert_false (session_chain_restore (chain, numbers, wait));
  assert_chain (chain, "+ + ! -");
}

/* Counted is what is waited for, until it is over. */
static void
test_counts (void)
{
  static const CourseStage nodes[] = { COURSE_STAGE_JOINED, COURSE_STAGE_REPORTS,
                                       COURSE_STAGE_READY };
  g_autoptr (GArray) stages = g_array_new (FALSE, FALSE, sizeof (CourseStage));
  g_autoptr (SessionChain) chain = NULL;
  guint n = 0;
  guint changes = 0;

  g_array_append_vals (stages, nodes, G_N_ELEMENTS (nodes));
  chain = session_chain_new (stages);
  g_signal_connect (chain, "changed", G_CALLBACK (count_cb), &changes);
  session_chain_fail (chain, COURSE_STAGE_REPORTS, COURSE_STAGE_REPORTS, AT (0));
  g_assert_cmpuint (changes, ==, 1);
  session_chain_set_count (chain, COURSE_STAGE_REPORTS, 5, 8);
  session_chain_set_count (chain, COURSE_STAGE_REPORTS, 5, 8);
  g_assert_cmpuint (changes, ==, 2);
  g_assert_cmpuint (session_chain_get_count (chain, 0, &n), ==, 0);
  g_assert_cmpuint (session_chain_get_count (chain, 1, &n), ==, 8);
  g_assert_cmpuint (n, ==, 5);
  g_assert_cmpuint (session_chain_get_count (chain, 2, &n), ==, 0);
  session_chain_pass (chain, COURSE_STAGE_REPORTS, AT (100));
  g_assert_cmpuint (session_chain_get_count (chain, 1, &n), ==, 0);
  /* one is no number worth telling */
  session_chain_set_count (chain, COURSE_STAGE_READY, 0, 1);
  g_assert_cmpuint (session_chain_get_count (chain, 2, &n), ==, 0);
  session_chain_set_count (chain, COURSE_STAGE_PORT, 1, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/chain/new", test_new);
  g_test_add_func ("/session/chain/set-going", test_set_going);
  g_test_add_func ("/session/chain/anew", test_anew);
  g_test_add_func ("/session/chain/so-before", test_so_before);
  g_test_add_func ("/session/chain/first-look", test_first_look);
  g_test_add_func ("/session/chain/by-hand", test_by_hand);
  g_test_add_func ("/session/chain/falls", test_falls);
  g_test_add_func ("/session/chain/unsteady", test_unsteady);
  g_test_add_func ("/session/chain/doubtful", test_doubtful);
  g_test_add_func ("/session/chain/last", test_last);
  g_test_add_func ("/session/chain/other-stages", test_other_stages);
  g_test_add_func ("/session/chain/wait", test_wait);
  g_test_add_func ("/session/chain/restore", test_restore);
  g_test_add_func ("/session/chain/counts", test_counts);
  return g_test_run ();
}
