/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "lab-sample-text.h"

static void
add (MeshHistory *history, guint n, const char *version, guint latency)
{
  for (guint i = 0; i < n; i++) {
    MeshAnswer answer = { .asked_at = 1,
                          .status = *version != '\0' ? 200 : 503,
                          .latency_ms = latency,
                          .outcome =
                            *version != '\0' ? MESH_OUTCOME_REVIEWS : MESH_OUTCOME_REVIEWS_ERROR };

    g_strlcpy (answer.version, version, sizeof answer.version);
    mesh_history_add (history, &answer);
  }
}

/* Weights of 70 and 30. */
static MeshSettings *
new_settings (void)
{
  MeshSettings *settings = mesh_settings_new (NULL);

  settings->shares[0] = (MeshSetShare){ g_strdup ("v3"), 30 };
  settings->shares[1] = (MeshSetShare){ g_strdup ("v1"), 70 };
  settings->n_shares = 2;
  return settings;
}

static void
assert_version (MeshHistory *history,
                const MeshSettings *settings,
                const char *version,
                const char *expected,
                gboolean expected_odd)
{
  gboolean is_odd;
  g_autofree char *text = lab_sample_text_dup_version (history, settings, version, &is_odd);

  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpint (is_odd, ==, expected_odd);
}

static void
test_versions (void)
{
  const char *const expected[] = { "v1", "v2", "v3", NULL };
  g_autoptr (MeshHistory) history = mesh_history_new ();
  g_autoptr (MeshSettings) settings = new_settings ();
  g_autoptr (MeshSettings) none = mesh_settings_new (NULL);
  g_auto (GStrv) versions = NULL;

  assert_version (history, settings, "v3", "v3: 30 % configured, none observed yet", FALSE);
  add (history, 32, "v1", 10);
  add (history, 18, "v3", 10);
  assert_version (history, settings, "v3", "v3: 18 of 50; 30 % expected 9 to 21", FALSE);
  assert_version (history, none, "v3", "v3: 18 of 50", FALSE);
  add (history, 50, "v2", 10);
  versions = lab_sample_text_dup_versions (history, settings);
  g_assert_true (g_strv_equal ((const char *const *)versions, expected));
  /* what is not configured, and comes all the same */
  assert_version (history, settings, "v2",
                  "v2: 50 of 100; 0 % expected 0; more than chance gives 19 times in 20", TRUE);
}

static void
assert_note (MeshHistory *history, const MeshSettings *settings, const char *expected)
{
  g_autofree char *note = lab_sample_text_dup_note (history, settings);

  g_assert_cmpstr (note, ==, expected);
}

static void
test_note (void)
{
  g_autoptr (MeshHistory) history = mesh_history_new ();
  g_autoptr (MeshSettings) settings = new_settings ();

  assert_note (history, settings, "");
  add (history, 14, "v1", 20);
  assert_note (history, settings,
               "14 answers are too few to tell 70 % from 90 %. Half took at most 0.02 s, 95 % at "
               "most 0.02 s.");
  add (history, 1, "", 6000);
  assert_note (history, settings,
               "1 of 15 answers failed. Where reviews fail the page asks a second time, so the "
               "shares are not those that are configured. Half took at most 0.02 s, 95 % at most 6 "
               "s.");
  /* what cannot be told is not held against what is configured */
  assert_version (history, settings, "v1", "v1: 14 of 14; 70 % configured", FALSE);
  mesh_history_mark (history, 0);
  add (history, 200, "v1", 20);
  assert_note (history, settings, "Half took at most 0.02 s, 95 % at most 0.02 s.");
  mesh_history_mark (history, 5);
  assert_note (history, settings,
               "New settings: answers count as soon as Istio has handed them to all sidecars.");
}

/* Of another service than reviews: what does not tell its version is not held against anyone. */
static void
test_untold (void)
{
  MeshTarget target = { .kind = MESH_TARGET_API,
                        .host = (char *)"details",
                        .namespace_ = (char *)"default",
                        .path = (char *)"/" };
  MeshAnswer answer = { .asked_at = 1, .status = 200, .outcome = MESH_OUTCOME_ANSWER };
  g_autoptr (MeshHistory) history = mesh_history_new ();
  g_autoptr (MeshSettings) settings = new_settings ();

  mesh_settings_set_target (settings, &target);
  add (history, 1, "", 20);
  assert_version (history, settings, "v1", "v1: 70 % configured, none observed yet", FALSE);
  mesh_history_add (history, &answer);
  assert_version (history, settings, "v1", "v1: 70 % configured", FALSE);
  assert_note (history, settings,
               "1 of 2 answers failed. 1 answer does not tell which version gave it. Half took at "
               "most 0 s, 95 % at most 0.02 s.");
  add (history, 1, "v1", 20);
  assert_version (history, settings, "v1", "v1: 1 of 1; 70 % configured", FALSE);
}

static void
test_answer (void)
{
  g_autoptr (MeshSettings) settings = mesh_settings_new (NULL);
  MeshAnswer answer = { .status = 200,
                        .outcome = MESH_OUTCOME_REVIEWS,
                        .stars = MESH_STARS_RED,
                        .version = "v3",
                        .latency_ms = 2010 };
  g_autofree char *unknown = lab_sample_text_dup_answer (&answer, settings);
  g_autofree char *known = NULL;

  g_assert_cmpstr (unknown, ==, "v3, red stars after 2.01 s");
  settings->ratings_delay = 2000;
  known = lab_sample_text_dup_answer (&answer, settings);
  g_assert_cmpstr (known, ==, "v3, red stars after 2.01 s: the delay of 2 s of ratings");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/lab/sample-text/versions", test_versions);
  g_test_add_func ("/lab/sample-text/note", test_note);
  g_test_add_func ("/lab/sample-text/untold", test_untold);
  g_test_add_func ("/lab/sample-text/answer", test_answer);

  return g_test_run ();
}
