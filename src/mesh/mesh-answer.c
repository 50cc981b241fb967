/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-answer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-json.h"
#include "mesh-sample.h"

#define MAX_BODY (64 * 1024)
#define PREFIX "reviews-"

static void
reset (MeshAnswer *self, guint status, MeshOutcome outcome)
{
  self->status = status;
  self->outcome = outcome;
  self->stars = MESH_STARS_UNKNOWN;
  self->version[0] = '\0';
}

/* A Deployment's pods are named NAME-HASH-RANDOM, and Bookinfo's are reviews-VERSION. */
static void
take_pod (MeshAnswer *self, const char *pod, gsize length)
{
  const char *end = pod + length;

  for (guint i = 0; i < 2; i++) {
    end = g_strrstr_len (pod, end - pod, "-");
    if (end == NULL)
      return;
  }
  if (end - pod <= (gssize)strlen (PREFIX) || !g_str_has_prefix (pod, PREFIX))
    return;
  pod += strlen (PREFIX);
  if (end - pod >= MESH_VERSION_SIZE || memchr (pod, '<', end - pod) != NULL)
    return;
  memcpy (self->version, pod, end - pod);
  self->version[end - pod] = '\0';
}

static void
set_stars (MeshAnswer *self, MeshStars stars)
{
  static const char *const versions[] = { "", "v1", "v2", "v3" };

  self->stars = stars;
  if (self->version[0] == '\0')
    g_strlcpy (self->version, versions[stars], MESH_VERSION_SIZE);
}

static MeshStars
get_stars (JsonNode *reviews)
{
  const char *version = mesh_sample_get_version (reviews);

  if (version == NULL)
    return MESH_STARS_UNKNOWN;
  return g_str_equal (version, "v1")   ? MESH_STARS_NONE
         : g_str_equal (version, "v2") ? MESH_STARS_BLACK
                                       : MESH_STARS_RED;
}

static gboolean
has_ratings_error (JsonArray *reviews)
{
  for (guint i = 0; i < json_array_get_length (reviews); i++) {
    JsonNode *review = json_array_get_element (reviews, i);

    if (base_json_get_string (review, "rating", "error", NULL) != NULL)
      return TRUE;
  }
  return FALSE;
}

/**
 * mesh_answer_read_json:
 * @self: when it was asked for is left alone
 * @status: HTTP status
 * @body: what Bookinfo's page says at /api/v1/products/0/reviews, or what somebody else says
 * instead
 * @length: in bytes
 *
 * Reads who gave the answer: by the pod's name, which images since 1.17 tell
 * (https://github.com/istio/istio/tree/1.18.0/samples/bookinfo/src/reviews), else by the stars. The
 * status is the last attempt's at reviews, with `error` in the JSON.
 */
void
mesh_answer_read_json (MeshAnswer *self, guint status, const char *body, gsize length)
{
  g_autoptr (JsonNode) json = length <= MAX_BODY ? base_json_parse (body, length, NULL) : NULL;
  JsonArray *reviews = base_json_get_array (json, "reviews", NULL);
  const char *pod = base_json_get_string (json, "podname", NULL);

  reset (self, status, MESH_OUTCOME_OTHER);
  if (base_json_get_string (json, "error", NULL) != NULL) {
    self->outcome = MESH_OUTCOME_REVIEWS_ERROR;
  } else if (status == 200 && reviews != NULL) {
    self->outcome = has_ratings_error (reviews) ? MESH_OUTCOME_RATINGS_ERROR : MESH_OUTCOME_REVIEWS;
    if (pod != NULL)
      take_pod (self, pod, strlen (pod));
    set_stars (self, get_stars (json));
  }
}

static gboolean
has (const char *body, gsize length, const char *text)
{
  return g_strstr_len (body, length, text) != NULL;
}

static MeshStars
get_stars_of_page (const char *body, gsize length)
{
  if (has (body, length, "<font color=\"red\">") || has (body, length, "gap-x-1 text-red-500"))
    return MESH_STARS_RED;
  if (has (body, length, "<font color=\"black\">") || has (body, length, "gap-x-1 text-black"))
    return MESH_STARS_BLACK;
  return MESH_STARS_UNKNOWN;
}

static void
take_pod_of_page (MeshAnswer *self, const char *body, gsize length)
{
  const char *found = g_strstr_len (body, length, "Reviews served by:");
  const char *pod = found != NULL ? g_strstr_len (found, length - (found - body), "<u>") : NULL;
  const char *end = pod != NULL ? g_strstr_len (pod, length - (pod - body), "</u>") : NULL;

  if (end != NULL)
    take_pod (self, pod + strlen ("<u>"), end - pod - strlen ("<u>"));
}

/**
 * mesh_answer_read_html:
 * @self: when it was asked for is left alone
 * @status: HTTP status
 * @body: the page at /productpage, of 1.4 or later; not terminated
 * @length: in bytes
 *
 * Reads the same from the page, for those whose API is not let through or not there. The page is
 * HTTP 200 even where reviews cannot be had: only its text tells.
 */
void
mesh_answer_read_html (MeshAnswer *self, guint status, const char *body, gsize length)
{
  MeshStars stars;

  length = MIN (length, MAX_BODY);
  reset (self, status, MESH_OUTCOME_OTHER);
  if (status != 200)
    return;
  if (has (body, length, "Error fetching product reviews")) {
    self->outcome = MESH_OUTCOME_REVIEWS_ERROR;
    return;
  }
  if (!has (body, length, "Reviewer1"))
    return;
  stars = get_stars_of_page (body, length);
  take_pod_of_page (self, body, length);
  if (has (body, length, "Ratings service is currently unavailable"))
    self->outcome = MESH_OUTCOME_RATINGS_ERROR;
  else
    self->outcome = MESH_OUTCOME_REVIEWS;
  if (stars == MESH_STARS_UNKNOWN && self->outcome == MESH_OUTCOME_REVIEWS)
    stars = MESH_STARS_NONE;
  set_stars (self, stars);
}

/**
 * mesh_answer_is_error:
 *
 * Returns: whether who looks sees an error instead of what was asked for, or of stars
 */
gboolean
mesh_answer_is_error (const MeshAnswer *self)
{
  return self->outcome != MESH_OUTCOME_REVIEWS && self->outcome != MESH_OUTCOME_ANSWER;
}

static const char *
get_stars_words (MeshStars stars)
{
  switch (stars) {
    case MESH_STARS_NONE:
      return _ ("no stars");
    case MESH_STARS_BLACK:
      return _ ("black stars");
    case MESH_STARS_RED:
      return _ ("red stars");
    case MESH_STARS_UNKNOWN:
    default:
      return _ ("cannot tell the version");
  }
}

/**
 * mesh_answer_dup_words:
 *
 * Returns: (transfer full): what was seen, such as "v3, red stars"
 */
char *
mesh_answer_dup_words (const MeshAnswer *self)
{
  switch (self->outcome) {
    case MESH_OUTCOME_REVIEWS:
      if (self->version[0] == '\0')
        return g_strdup (get_stars_words (self->stars));
      /* Translators: a version such as v3, and "red stars" */
      return g_strdup_printf (_ ("%s, %s"), self->version, get_stars_words (self->stars));
    case MESH_OUTCOME_RATINGS_ERROR:
      if (self->version[0] == '\0')
        return g_strdup (_ ("ratings unavailable"));
      /* Translators: %s is a version such as v3 */
      return g_strdup_printf (_ ("%s, ratings unavailable"), self->version);
    case MESH_OUTCOME_REVIEWS_ERROR:
      return self->status == 200 ? g_strdup (_ ("reviews unavailable"))
                                 /* Translators: %u is an HTTP status, such as 503 */
                                 : g_strdup_printf (_ ("reviews unavailable (%u)"), self->status);
    case MESH_OUTCOME_ANSWER:
      return g_strdup (self->version[0] != '\0' ? self->version : _ ("answered"));
    case MESH_OUTCOME_ANSWER_ERROR:
      /* Translators: %u is an HTTP status, such as 503 */
      return g_strdup_printf (_ ("failed (%u)"), self->status);
    case MESH_OUTCOME_NONE:
      return g_strdup (_ ("no answer"));
    case MESH_OUTCOME_OTHER:
    default:
      /* Translators: %u is an HTTP status, such as 404 */
      return g_strdup_printf (_ ("status %u, not from the page"), self->status);
  }
}
