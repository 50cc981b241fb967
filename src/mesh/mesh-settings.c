/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-settings.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "mesh-destination-rule.h"
#include "mesh-duration.h"

#define MAX_PATTERN 1024

#define REVIEWS "reviews"
#define RATINGS "ratings"
#define MESH "mesh"

/**
 * mesh_settings_new:
 * @user: (nullable): who is signed in at the page
 *
 * Returns: (transfer full): nothing is set yet
 */
MeshSettings *
mesh_settings_new (const char *user)
{
  MeshSettings *self = g_new0 (MeshSettings, 1);

  self->user = g_strdup (user);
  return self;
}

static void
clear_shares (MeshSettings *self)
{
  for (guint i = 0; i < self->n_shares; i++)
    g_clear_pointer (&self->shares[i].version, g_free);
  self->n_shares = 0;
}

void
mesh_settings_free (MeshSettings *self)
{
  clear_shares (self);
  g_clear_pointer (&self->target, mesh_target_free);
  g_free (self->user);
  g_free (self);
}

/**
 * mesh_settings_set_target:
 * @target: what is asked for; copied. To be called before the first mesh_settings_add()
 */
void
mesh_settings_set_target (MeshSettings *self, const MeshTarget *target)
{
  g_clear_pointer (&self->target, mesh_target_free);
  self->target = mesh_target_copy (target);
}

MeshTargetKind
mesh_settings_get_kind (const MeshSettings *self)
{
  return self->target != NULL ? self->target->kind : MESH_TARGET_REVIEWS;
}

static guint
read_duration (JsonNode *node, const char *member)
{
  gint64 us;

  if (!mesh_duration_parse (base_json_get_string (node, member, NULL), &us) || us <= 0)
    return 0;
  return (guint)MIN (us / 1000, G_MAXINT);
}

/* Istio's regular expressions match the whole value. */
static gboolean
matches_regex (const char *value, const char *pattern)
{
  g_autofree char *whole = NULL;

  if (strlen (pattern) > MAX_PATTERN)
    return FALSE;
  whole = g_strdup_printf ("^(?:%s)$", pattern);
  return g_regex_match_simple (whole, value, G_REGEX_DOLLAR_ENDONLY, 0);
}

static gboolean
matches_string (const char *value, JsonNode *condition)
{
  const char *text;

  if (value == NULL)
    return FALSE;
  if ((text = base_json_get_string (condition, "exact", NULL)) != NULL)
    return g_str_equal (value, text);
  if ((text = base_json_get_string (condition, "prefix", NULL)) != NULL)
    return g_str_has_prefix (value, text);
  if ((text = base_json_get_string (condition, "regex", NULL)) != NULL)
    return matches_regex (value, text);
  return TRUE;
}

/* The only header that the page is known to send. */
static gboolean
matches_headers (MeshSettings *self, JsonNode *headers, gboolean wanted)
{
  JsonObject *map = base_json_get_object (headers, NULL);
  JsonNode *user = base_json_get (headers, "end-user", NULL);

  if (map == NULL)
    return FALSE;
  if (user != NULL && matches_string (self->user, user) != wanted)
    return FALSE;
  return json_object_get_size (map) == (user != NULL ? 1U : 0U);
}

/* One item of a match: all its conditions hold. Others than of the user are nothing that a sample
 * fulfils. */
static gboolean
matches_item (MeshSettings *self, JsonNode *item)
{
  JsonObject *object = base_json_get_object (item, NULL);
  g_autoptr (GList) members = object != NULL ? json_object_get_members (object) : NULL;

  if (object == NULL)
    return FALSE;
  for (GList *l = members; l != NULL; l = l->next) {
    JsonNode *condition = json_object_get_member (object, l->data);

    if (g_str_equal (l->data, "headers")) {
      if (!matches_headers (self, condition, TRUE))
        return FALSE;
    } else if (g_str_equal (l->data, "withoutHeaders")) {
      if (!matches_headers (self, condition, FALSE))
        return FALSE;
    } else if (!g_str_equal (l->data, "name")) {
      return FALSE;
    }
  }

  return TRUE;
}

/* (nullable): the first HTTP route that is for the user */
static JsonNode *
find_route (MeshSettings *self, JsonNode *virtual_service)
{
  JsonArray *routes = base_json_get_array (virtual_service, "spec", "http", NULL);
  guint n_routes = base_json_get_length (routes);

  for (guint i = 0; i < n_routes; i++) {
    JsonNode *route = json_array_get_element (routes, i);
    JsonArray *items = base_json_get_array (route, "match", NULL);
    guint n_items = base_json_get_length (items);

    if (n_items == 0)
      return route;
    for (guint j = 0; j < n_items; j++)
      if (matches_item (self, json_array_get_element (items, j)))
        return route;
  }

  return NULL;
}

static void
read_shares (MeshSettings *self, JsonNode *route)
{
  JsonArray *entries = base_json_get_array (route, "route", NULL);
  guint n_entries = base_json_get_length (entries);

  clear_shares (self);
  for (guint i = 0; i < n_entries && self->n_shares < MESH_MAX_SHARES; i++) {
    JsonNode *entry = json_array_get_element (entries, i);
    const char *subset = base_json_get_string (entry, "destination", "subset", NULL);
    gint64 weight = base_json_get_int (entry, n_entries == 1 ? 100 : 0, "weight", NULL);
    MeshSetShare *share = &self->shares[self->n_shares];

    if (subset == NULL)
      continue;
    share->version = g_strdup (subset);
    share->weight = n_entries == 1 ? 100 : (int)CLAMP (weight, 0, 1000000);
    self->n_shares++;
  }
}

static gboolean
is_listed (JsonArray *array, const char *text)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (g_strcmp0 (base_json_get_string (json_array_get_element (array, i), NULL), text) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
has_host (JsonNode *virtual_service, const char *host, const char *namespace_)
{
  JsonArray *hosts = base_json_get_array (virtual_service, "spec", "hosts", NULL);
  const char *own = base_metadata_get_namespace (virtual_service);

  for (guint i = 0; i < base_json_get_length (hosts); i++) {
    const char *listed = base_json_get_string (json_array_get_element (hosts, i), NULL);

    if (listed != NULL && mesh_host_equal (listed, own, host, namespace_))
      return TRUE;
  }
  return FALSE;
}

/* Whether its rules are those of the requests that are told of. */
static gboolean
is_told (MeshSettings *self, JsonNode *virtual_service, const char *namespace_)
{
  const MeshTarget *target = self->target;
  JsonNode *metadata = base_json_get (virtual_service, "metadata", NULL);

  if (target == NULL)
    return has_host (virtual_service, REVIEWS, namespace_);
  if (target->object == NULL)
    return has_host (virtual_service, target->host, target->namespace_);
  return g_strcmp0 (base_json_get_string (metadata, "name", NULL), target->object) == 0 &&
         g_strcmp0 (base_json_get_string (metadata, "namespace", NULL), target->namespace_) == 0;
}

/* Calls between pods follow the rules that are for the mesh; a gateway, those that name it
 * (https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService). */
static gboolean
applies (MeshSettings *self, JsonNode *virtual_service)
{
  JsonArray *gateways = base_json_get_array (virtual_service, "spec", "gateways", NULL);

  return gateways == NULL || is_listed (gateways, MESH) ||
         mesh_settings_get_kind (self) == MESH_TARGET_PATH;
}

/**
 * mesh_settings_add:
 * @virtual_service: any; only those of what is asked for, and of reviews and ratings, say something
 * @namespace_: where Bookinfo is
 *
 * Takes over what it says for the user.
 */
void
mesh_settings_add (MeshSettings *self, JsonNode *virtual_service, const char *namespace_)
{
  gboolean is_reviews = has_host (virtual_service, REVIEWS, namespace_);
  gboolean is_ratings = has_host (virtual_service, RATINGS, namespace_);
  gboolean is_of_target = is_told (self, virtual_service, namespace_);
  JsonNode *route, *delay;

  if ((!is_reviews && !is_ratings && !is_of_target) || !applies (self, virtual_service))
    return;
  route = find_route (self, virtual_service);
  if (route == NULL)
    return;
  delay = base_json_get (route, "fault", "delay", NULL);
  if (is_of_target) {
    read_shares (self, route);
    self->timeout = read_duration (route, "timeout");
    self->delay = read_duration (delay, "fixedDelay");
  }
  if (is_reviews) {
    self->reviews_timeout = read_duration (route, "timeout");
    self->reviews_delay = read_duration (delay, "fixedDelay");
  } else if (is_ratings) {
    self->ratings_timeout = read_duration (route, "timeout");
    self->ratings_delay = read_duration (delay, "fixedDelay");
  }
}

/**
 * mesh_settings_get_share:
 * @version: a subset
 *
 * Returns: what part of the answers are to be of @version, 0 to 1
 */
double
mesh_settings_get_share (const MeshSettings *self, const char *version)
{
  int sum = 0, weight = 0;

  for (guint i = 0; i < self->n_shares; i++) {
    sum += self->shares[i].weight;
    if (g_str_equal (self->shares[i].version, version))
      weight += self->shares[i].weight;
  }
  return sum > 0 ? (double)weight / sum : 0;
}
