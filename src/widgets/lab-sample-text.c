/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-sample-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "mesh-chance.h"
#include "mesh-latency.h"

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
add_once (GPtrArray *names, const char *name)
{
  if (!g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_ptr_array_add (names, g_strdup (name));
}

/**
 * lab_sample_text_dup_versions:
 *
 * Returns: (transfer full): the versions that are configured or were seen, in their order
 */
GStrv
lab_sample_text_dup_versions (MeshHistory *history, const MeshSettings *settings)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  guint n_counts;
  const MeshCount *counts = mesh_history_get_counts (history, &n_counts);

  for (guint i = 0; i < settings->n_shares; i++)
    add_once (names, settings->shares[i].version);
  for (guint i = 0; i < n_counts; i++)
    add_once (names, counts[i].version);
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (GStrv)g_ptr_array_free (names, FALSE);
}

/* Where reviews fail the page asks a second time, and what fails does not tell its version: chance
 * alone does not explain the counts any more. */
static gboolean
is_plain_chance (MeshHistory *history)
{
  return mesh_history_get_n_errors (history) == 0 &&
         mesh_history_get_n_told (history) == mesh_history_get_n_counted (history);
}

/**
 * lab_sample_text_dup_version:
 * @is_odd: (out): whether what is observed is not what chance gives
 *
 * Returns: (transfer full): what is configured for @version beside what is observed
 */
char *
lab_sample_text_dup_version (MeshHistory *history,
                             const MeshSettings *settings,
                             const char *version,
                             gboolean *is_odd)
{
  guint n = mesh_history_get_n_told (history);
  guint count = mesh_history_get_count (history, version);
  double share = mesh_settings_get_share (settings, version);
  g_autofree char *verdict = NULL;
  g_autofree char *words = NULL;

  *is_odd = FALSE;
  if (settings->n_shares == 0)
    /* Translators: a version; how many of how many answers are of it: "v3: 18 of 50" */
    return g_strdup_printf (_ ("%s: %u of %u"), version, count, n);
  if (n == 0 && mesh_history_get_n_counted (history) > mesh_history_get_n_errors (history))
    /* Translators: a version and its share, "v3: 30 % configured" */
    return g_strdup_printf (_ ("%s: %.3g %% configured"), version, share * 100);
  if (n == 0)
    /* Translators: a version and its share, "v3: 30 % configured, none observed yet" */
    return g_strdup_printf (_ ("%s: %.3g %% configured, none observed yet"), version, share * 100);

  if (!is_plain_chance (history))
    /* Translators: a version; how many of how many answers are of it, and its share: "v3: 18 of 50;
     * 30 % configured" */
    return g_strdup_printf (_ ("%s: %u of %u; %.3g %% configured"), version, count, n, share * 100);
  verdict = mesh_chance_dup_verdict (count, n, share);
  words = mesh_chance_dup_words (count, n, share);
  *is_odd = verdict != NULL;
  if (verdict != NULL)
    /* Translators: a version, "18 of 50; 30 % expected 9 to 21", "more than chance gives …" */
    return g_strdup_printf (_ ("%s: %s; %s"), version, words, verdict);
  /* Translators: a version, and "18 of 50; 30 % expected 9 to 21" */
  return g_strdup_printf (_ ("%s: %s"), version, words);
}

static void
add_sentence (GString *text, char *sentence)
{
  if (sentence == NULL)
    return;
  if (text->len > 0)
    g_string_append_c (text, ' ');
  g_string_append (text, sentence);
  g_free (sentence);
}

/* (nullable): of the share that is hardest to tell from another: the one next to a half */
static char *
dup_limit (MeshHistory *history, const MeshSettings *settings)
{
  double next = 0;

  for (guint i = 0; i < settings->n_shares; i++) {
    double share = mesh_settings_get_share (settings, settings->shares[i].version);

    if (ABS (share - 0.5) < ABS (next - 0.5))
      next = share;
  }
  return next > 0 && next < 1 ? mesh_chance_dup_limit (mesh_history_get_n_told (history), next)
                              : NULL;
}

/* (nullable): why the counts say nothing of the shares, or little */
static char *
dup_doubt (MeshHistory *history, const MeshSettings *settings)
{
  guint n_answers = mesh_history_get_n_counted (history) - mesh_history_get_n_errors (history);
  guint n_untold = n_answers - MIN (mesh_history_get_n_told (history), n_answers);

  if (mesh_settings_get_kind (settings) == MESH_TARGET_REVIEWS)
    return g_strdup (_ ("Where reviews fail the page asks a second time, so the shares are not "
                        "those that are configured."));
  if (n_untold == 0)
    return NULL;
  return g_strdup_printf (ngettext ("%u answer does not tell which version gave it.",
                                    "%u answers do not tell which version gave them.", n_untold),
                          n_untold);
}

static char *
dup_latency (MeshHistory *history)
{
  g_autofree char *half = mesh_latency_dup_seconds (mesh_history_get_latency (history, 0.5));
  g_autofree char *most = mesh_latency_dup_seconds (mesh_history_get_latency (history, 0.95));

  /* Translators: two times such as "0.02 s" */
  return g_strdup_printf (_ ("Half took at most %s, 95 %% at most %s."), half, most);
}

/**
 * lab_sample_text_dup_note:
 *
 * Returns: (transfer full): what else is to be said of the answers since the last change: errors,
 *   whether they are enough to tell shares apart, and how long they took; empty where there is
 * nothing
 */
char *
lab_sample_text_dup_note (MeshHistory *history, const MeshSettings *settings)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n = mesh_history_get_n_counted (history);
  guint n_errors = mesh_history_get_n_errors (history);

  if (n == 0 && mesh_history_get_n (history) > 0)
    return g_strdup (
      _ ("New settings: answers count as soon as Istio has handed them to all sidecars."));
  if (n == 0)
    return g_strdup ("");
  if (n_errors > 0)
    add_sentence (text, g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u of %u answer failed.",
                                                      "%u of %u answers failed.", n),
                                         n_errors, n));
  if (is_plain_chance (history))
    add_sentence (text, dup_limit (history, settings));
  else
    add_sentence (text, dup_doubt (history, settings));
  add_sentence (text, dup_latency (history));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * lab_sample_text_dup_answer:
 *
 * Returns: (transfer full): such as "v3, red stars after 2.01 s: the delay of 2 s of ratings"
 */
char *
lab_sample_text_dup_answer (const MeshAnswer *answer, const MeshSettings *settings)
{
  g_autofree char *words = mesh_answer_dup_words (answer);
  g_autofree char *seconds = mesh_latency_dup_seconds (answer->latency_ms);
  g_autofree char *reason = mesh_latency_dup_reason (answer, settings);

  if (reason == NULL)
    /* Translators: what was seen, such as "v3, red stars", and a time */
    return g_strdup_printf (_ ("%s after %s"), words, seconds);
  /* Translators: what was seen, such as "v3, red stars", a time, and what explains it */
  return g_strdup_printf (_ ("%s after %s: %s"), words, seconds, reason);
}
