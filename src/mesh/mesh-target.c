/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-target.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "mesh-destination-rule.h"
#include "mesh-edit.h"

#define REVIEWS "reviews"
#define REVIEWS_PATH "/api/v1/products/0/reviews"
#define MESH "mesh"

#define MAX_BODY (64 * 1024)

/* What Bookinfo's page asks others for, and tells as it was told
 * (https://github.com/istio/istio/blob/1.4.0/samples/bookinfo/src/productpage/productpage.py). */
static const struct {
  const char *host;
  const char *path;
} apis[] = {
  { "details", "/api/v1/products/0" },
  { "ratings", "/api/v1/products/0/ratings" },
};

static MeshTarget *
new_target (MeshTargetKind kind, const char *host, const char *namespace_, const char *path)
{
  MeshTarget *self = g_new0 (MeshTarget, 1);

  self->kind = kind;
  self->host = g_strdup (host);
  self->namespace_ = g_strdup (namespace_);
  self->path = g_strdup (path);
  return self;
}

/**
 * mesh_target_new_reviews:
 * @namespace_: where Bookinfo is
 *
 * Returns: (transfer full): what the course looks at
 */
MeshTarget *
mesh_target_new_reviews (const char *namespace_)
{
  return new_target (MESH_TARGET_REVIEWS, REVIEWS, namespace_, REVIEWS_PATH);
}

/* (nullable): the first of the object's hosts, where its rules are for what comes in by a gateway:
 * that is what a client has to ask for */
static const char *
get_authority (JsonNode *virtual_service)
{
  JsonArray *gateways = base_json_get_array (virtual_service, "spec", "gateways", NULL);
  JsonArray *hosts = base_json_get_array (virtual_service, "spec", "hosts", NULL);
  gboolean is_entered = FALSE;
  const char *host = NULL;

  for (guint i = 0; i < base_json_get_length (gateways); i++)
    is_entered |=
      g_strcmp0 (base_json_get_string (json_array_get_element (gateways, i), NULL), MESH) != 0;
  if (is_entered && base_json_get_length (hosts) > 0)
    host = base_json_get_string (json_array_get_element (hosts, 0), NULL);
  return host != NULL && strchr (host, '*') == NULL ? host : NULL;
}

static char *
dup_path (const char *path)
{
  g_autofree char *stripped = g_strstrip (g_strdup (path != NULL ? path : ""));

  return g_strconcat (*stripped == '/' ? "" : "/", stripped, NULL);
}

/**
 * mesh_target_new_for:
 * @virtual_service: any
 * @bookinfo_namespace: where Bookinfo is
 * @path: (nullable): what to ask for where it is none of Bookinfo's services
 *
 * Returns: (transfer full): what shows best what it makes of the requests for its host
 */
MeshTarget *
mesh_target_new_for (JsonNode *virtual_service, const char *bookinfo_namespace, const char *path)
{
  static const char *const pages[] = { REVIEWS, "productpage" };
  const char *host = mesh_target_find_host (virtual_service);
  const char *namespace_ = base_metadata_get_namespace (virtual_service);
  g_autofree char *full_path = NULL;
  MeshTarget *self = NULL;

  if (namespace_ == NULL)
    namespace_ = "default";
  if (host == NULL)
    return mesh_target_new_reviews (bookinfo_namespace);
  for (gsize i = 0; i < G_N_ELEMENTS (pages); i++) {
    if (mesh_host_equal (host, namespace_, pages[i], bookinfo_namespace))
      return mesh_target_new_reviews (bookinfo_namespace);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (apis); i++) {
    if (mesh_host_equal (host, namespace_, apis[i].host, bookinfo_namespace))
      return new_target (MESH_TARGET_API, apis[i].host, bookinfo_namespace, apis[i].path);
  }
  full_path = dup_path (path);
  self = new_target (MESH_TARGET_PATH, host, namespace_, full_path);
  self->object = g_strdup (base_metadata_get_name (virtual_service));
  self->authority = g_strdup (get_authority (virtual_service));
  return self;
}

MeshTarget *
mesh_target_copy (const MeshTarget *self)
{
  MeshTarget *copy = new_target (self->kind, self->host, self->namespace_, self->path);

  copy->object = g_strdup (self->object);
  copy->authority = g_strdup (self->authority);
  return copy;
}

void
mesh_target_free (MeshTarget *self)
{
  g_free (self->host);
  g_free (self->namespace_);
  g_free (self->object);
  g_free (self->path);
  g_free (self->authority);
  g_free (self);
}

gboolean
mesh_target_equal (const MeshTarget *a, const MeshTarget *b)
{
  return a->kind == b->kind && g_str_equal (a->host, b->host) &&
         g_str_equal (a->namespace_, b->namespace_) && g_str_equal (a->path, b->path) &&
         g_strcmp0 (a->object, b->object) == 0 && g_strcmp0 (a->authority, b->authority) == 0;
}

static gboolean
is_part_of_name (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '_' || c == '/';
}

/* Whether a name goes on at @at: with a point only where more follows than the end of a sentence.
 */
static gboolean
goes_on (const char *at, const char *end)
{
  if (at < end && *at == '.')
    at++;
  return at < end && is_part_of_name (*at);
}

/* By itself: "v1" is not in "v10", nor in "api/v1" or "v1.2". */
static gboolean
has_word (const char *body, gsize length, const char *word)
{
  gsize n = strlen (word);
  const char *end = body + length;
  const char *found = body;

  if (n == 0)
    return FALSE;
  while ((found = g_strstr_len (found, end - found, word)) != NULL) {
    gboolean begins = found == body || (!is_part_of_name (found[-1]) && found[-1] != '.');

    if (begins && !goes_on (found + n, end))
      return TRUE;
    found++;
  }
  return FALSE;
}

/* (nullable): the subset of the one pod whose name is in @body; else the one subset whose own name
 * is */
static const char *
find_version (const char *body, gsize length, GHashTable *pods)
{
  GHashTableIter iter;
  gpointer pod, subset;
  const char *of_pods = NULL, *of_names = NULL;
  gboolean are_pods_many = FALSE, are_names_many = FALSE;

  g_hash_table_iter_init (&iter, pods);
  while (g_hash_table_iter_next (&iter, &pod, &subset)) {
    if (has_word (body, length, pod)) {
      are_pods_many |= of_pods != NULL && !g_str_equal (of_pods, subset);
      of_pods = subset;
    }
    if (has_word (body, length, subset)) {
      are_names_many |= of_names != NULL && !g_str_equal (of_names, subset);
      of_names = subset;
    }
  }
  if (of_pods != NULL)
    return are_pods_many ? NULL : of_pods;
  return are_names_many ? NULL : of_names;
}

/* The page passes on what it was told; where it was told nothing it says so, in its own words. What
 * is not JSON is from somebody else. */
static MeshOutcome
judge_api (guint status, const char *body, gsize length)
{
  g_autoptr (JsonNode) json = base_json_parse (body, length, NULL);

  if (base_json_get_object (json, NULL) == NULL)
    return MESH_OUTCOME_OTHER;
  return status == 200 && base_json_get_string (json, "error", NULL) == NULL
           ? MESH_OUTCOME_ANSWER
           : MESH_OUTCOME_ANSWER_ERROR;
}

/**
 * mesh_target_read:
 * @answer: when it was asked for is left alone
 * @status: HTTP status
 * @body: not terminated; what is beyond 64 KiB is not read
 * @length: in bytes
 * @pods: (element-type utf8 utf8): names of pods and the subsets that they are of
 *
 * Reads what came: whether it is an error, and which version gave it. Where it is not Bookinfo's
 * reviews that is told by the name of a pod in it, or of a subset.
 */
void
mesh_target_read (const MeshTarget *self,
                  MeshAnswer *answer,
                  guint status,
                  const char *body,
                  gsize length,
                  GHashTable *pods)
{
  const char *version = NULL;

  if (self->kind == MESH_TARGET_REVIEWS) {
    mesh_answer_read_json (answer, status, body, length);
    return;
  }
  length = MIN (length, MAX_BODY);
  answer->status = status;
  answer->stars = MESH_STARS_UNKNOWN;
  answer->version[0] = '\0';
  if (self->kind == MESH_TARGET_API)
    answer->outcome = judge_api (status, body, length);
  else
    answer->outcome = status < 400 ? MESH_OUTCOME_ANSWER : MESH_OUTCOME_ANSWER_ERROR;
  if (answer->outcome == MESH_OUTCOME_ANSWER)
    version = find_version (body, length, pods);
  if (version != NULL && strlen (version) < MESH_VERSION_SIZE)
    g_strlcpy (answer->version, version, MESH_VERSION_SIZE);
}

/**
 * mesh_target_find_host:
 * @virtual_service: any
 *
 * Returns: (transfer none) (nullable): where everyone's requests go, as it is written; else what
 *   the object is for
 */
const char *
mesh_target_find_host (JsonNode *virtual_service)
{
  g_autoptr (MeshEdit) edit = mesh_edit_new (virtual_service, NULL);
  JsonArray *hosts = base_json_get_array (virtual_service, "spec", "hosts", NULL);
  JsonArray *destinations = NULL;
  const char *host = NULL;
  guint open = edit != NULL ? mesh_edit_find_open (edit) : 0;

  if (edit != NULL && edit->routes->len > 0) {
    JsonArray *routes = base_json_get_array (virtual_service, "spec", "http", NULL);
    guint shown = MIN (open, edit->routes->len - 1);

    destinations = base_json_get_array (json_array_get_element (routes, shown), "route", NULL);
  }
  if (base_json_get_length (destinations) > 0)
    host =
      base_json_get_string (json_array_get_element (destinations, 0), "destination", "host", NULL);
  if (host == NULL && base_json_get_length (hosts) > 0)
    host = base_json_get_string (json_array_get_element (hosts, 0), NULL);
  return host;
}
