/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-latency.h"

#include <glib/gi18n-lib.h>

/* What Bookinfo's programs wait for each other: the page for reviews, twice
 * (https://github.com/istio/istio/blob/1.4.0/samples/bookinfo/src/productpage/productpage.py), and
 * reviews with stars that are not black for ratings
 * (https://github.com/istio/istio/tree/1.4.0/samples/bookinfo/src/reviews). */
#define PAGE_LIMIT 3000
#define RED_LIMIT 2500

/* What needs no reason. */
#define QUICK 350
/* An answer is a little later than what it waits for; early only by rounding. */
#define EARLY 40
#define LATE 400

static gboolean
is_about (guint latency, guint expected)
{
  return expected > 0 && latency + EARLY >= expected && latency <= expected + expected / 8 + LATE;
}

/**
 * mesh_latency_dup_seconds:
 *
 * Returns: (transfer full): such as "0.5 s"
 */
char *
mesh_latency_dup_seconds (guint milliseconds)
{
  /* Translators: a time in seconds */
  return g_strdup_printf (_ ("%.3g s"), milliseconds / 1000.0);
}

static char *
dup_with_seconds (const char *format, guint milliseconds)
{
  g_autofree char *seconds = mesh_latency_dup_seconds (milliseconds);
  g_autoptr (GString) words = g_string_new (format);

  g_string_replace (words, "%s", seconds, 1);
  return g_string_free (g_steal_pointer (&words), FALSE);
}

/* The page had no reviews: it has asked twice. */
static char *
dup_reason_of_reviews_error (guint latency, guint status, const MeshSettings *settings)
{
  guint timeout = settings->reviews_timeout;

  if (timeout > 0 && timeout < PAGE_LIMIT && is_about (latency, 2 * timeout))
    /* Translators: %s is a time such as "0.5 s" */
    return dup_with_seconds (_ ("the timeout of %s, twice: the page asks a second time"), timeout);
  if (is_about (latency, 2 * PAGE_LIMIT))
    /* Translators: %s is a time such as "3 s" */
    return dup_with_seconds (_ ("the page waits %s for reviews, twice"), PAGE_LIMIT);
  if (settings->reviews_delay > 0 && is_about (latency, 2 * settings->reviews_delay))
    /* Translators: %s is a time such as "2 s" */
    return dup_with_seconds (_ ("the delay of %s of reviews, twice"), settings->reviews_delay);
  if (latency < QUICK && status == 503)
    return g_strdup (_ ("refused at once, twice: no pod of the subset, or no such subset"));
  if (latency < QUICK)
    return g_strdup (_ ("refused at once, twice"));
  return NULL;
}

static char *
dup_reason_of_ratings_error (guint latency, const MeshSettings *settings)
{
  if (settings->ratings_timeout > 0 && is_about (latency, settings->ratings_timeout))
    /* Translators: %s is a time such as "0.5 s" */
    return dup_with_seconds (_ ("the timeout of %s of ratings"), settings->ratings_timeout);
  if (is_about (latency, RED_LIMIT))
    /* Translators: %s is a time such as "2.5 s" */
    return dup_with_seconds (_ ("v3 waits %s for ratings, no longer"), RED_LIMIT);
  if (latency < QUICK)
    return g_strdup (_ ("ratings refused at once"));
  return NULL;
}

static char *
dup_reason_of_delay (guint latency, const MeshSettings *settings)
{
  guint both = settings->ratings_delay + settings->reviews_delay;

  if (settings->ratings_delay > 0 && is_about (latency, settings->ratings_delay))
    /* Translators: %s is a time such as "2 s" */
    return dup_with_seconds (_ ("the delay of %s of ratings"), settings->ratings_delay);
  if (settings->reviews_delay > 0 && is_about (latency, settings->reviews_delay))
    /* Translators: %s is a time such as "2 s" */
    return dup_with_seconds (_ ("the delay of %s of reviews"), settings->reviews_delay);
  if (both > MAX (settings->ratings_delay, settings->reviews_delay) && is_about (latency, both))
    /* Translators: %s is a time such as "4 s" */
    return dup_with_seconds (_ ("the delays of reviews and ratings, %s in all"), both);
  return NULL;
}

static char *
dup_reason_of_reviews (guint latency, const MeshSettings *settings)
{
  char *reason = latency >= QUICK ? dup_reason_of_delay (latency, settings) : NULL;

  if (reason != NULL || latency < QUICK)
    return reason;
  if (settings->reviews_timeout > 0 && is_about (latency, settings->reviews_timeout))
    /* Translators: %s is a time such as "0.5 s" */
    return dup_with_seconds (_ ("the timeout of %s once; the second try was answered"),
                             settings->reviews_timeout);
  if (is_about (latency, PAGE_LIMIT))
    /* Translators: %s is a time such as "3 s" */
    return dup_with_seconds (_ ("the page waited %s for reviews once; the second try was answered"),
                             PAGE_LIMIT);
  return NULL;
}

/* Of another service than reviews: asked once, by the page or from outside. */
static char *
dup_reason_of_target (gboolean failed, guint latency, const MeshSettings *settings)
{
  if (latency < QUICK)
    return NULL;
  if (settings->delay > 0 && is_about (latency, settings->delay))
    /* Translators: %s is a time such as "2 s" */
    return dup_with_seconds (_ ("the delay of %s"), settings->delay);
  if (failed && settings->timeout > 0 && is_about (latency, settings->timeout))
    /* Translators: %s is a time such as "0.5 s" */
    return dup_with_seconds (_ ("the timeout of %s"), settings->timeout);
  if (failed && mesh_settings_get_kind (settings) == MESH_TARGET_API &&
      is_about (latency, PAGE_LIMIT))
    /* Translators: %s is a time such as "3 s" */
    return dup_with_seconds (_ ("the page waits %s, no longer"), PAGE_LIMIT);
  return NULL;
}

/**
 * mesh_latency_dup_reason:
 * @answer: what came
 * @settings: what was configured for who asked
 *
 * Finds what takes as long as the answer took: a delay or a timeout that is configured, or one that
 * Bookinfo's programs have built in, once or twice.
 *
 * Returns: (transfer full) (nullable): the reason in words, %NULL where it was quick or nothing
 * fits
 */
char *
mesh_latency_dup_reason (const MeshAnswer *answer, const MeshSettings *settings)
{
  switch (answer->outcome) {
    case MESH_OUTCOME_REVIEWS_ERROR:
      return dup_reason_of_reviews_error (answer->latency_ms, answer->status, settings);
    case MESH_OUTCOME_RATINGS_ERROR:
      return dup_reason_of_ratings_error (answer->latency_ms, settings);
    case MESH_OUTCOME_REVIEWS:
      return dup_reason_of_reviews (answer->latency_ms, settings);
    case MESH_OUTCOME_ANSWER:
    case MESH_OUTCOME_ANSWER_ERROR:
      return dup_reason_of_target (answer->outcome == MESH_OUTCOME_ANSWER_ERROR, answer->latency_ms,
                                   settings);
    case MESH_OUTCOME_NONE:
    case MESH_OUTCOME_OTHER:
    default:
      return NULL;
  }
}
