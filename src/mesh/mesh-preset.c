/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-preset.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "mesh-destinations.h"
#include "mesh-edit.h"
#include "mesh-error.h"

/* The user whom the course sends to another version. */
#define USER_HEADER "end-user"
#define USER "jason"

/* Among the gateways of a VirtualService: the sidecars. */
#define MESH "mesh"

typedef enum {
  SHARE, /* the first subset and the last share the requests */
  TO_USER,
  RESET,
} Kind;

struct _MeshPreset {
  Kind kind;
  int weight; /* SHARE: of the last */
  char *label;
  char *host;
  char *first;
  char *last; /* TO_USER: what the user gets */
};

/* "v12" is 12, what is no version -1. */
static gint64
get_version (const char *subset)
{
  guint64 number = 0;

  return *subset == 'v' && g_ascii_string_to_unsigned (subset + 1, 10, 0, G_MAXINT32, &number, NULL)
           ? (gint64)number
           : -1;
}

static int
compare_versions (gconstpointer a, gconstpointer b)
{
  gint64 first = get_version (*(const char *const *)a);
  gint64 second = get_version (*(const char *const *)b);

  return (first > second) - (first < second);
}

/* (element-type utf8): by their numbers where all are versions, else in the rule's order */
static GPtrArray *
sort_subsets (const char *const *subsets)
{
  GPtrArray *sorted = g_ptr_array_new ();
  gboolean are_versions = TRUE;

  for (gsize i = 0; subsets[i] != NULL; i++) {
    g_ptr_array_add (sorted, (gpointer)subsets[i]);
    are_versions = are_versions && get_version (subsets[i]) >= 0;
  }
  if (are_versions)
    g_ptr_array_sort (sorted, compare_versions);
  return sorted;
}

/* Takes @label. */
static void
add (GPtrArray *presets,
     Kind kind,
     int weight,
     char *label,
     const char *host,
     const char *first,
     const char *last)
{
  MeshPreset *self = g_new0 (MeshPreset, 1);

  self->kind = kind;
  self->weight = weight;
  self->label = label;
  self->host = g_strdup (host);
  self->first = g_strdup (first);
  self->last = g_strdup (last);
  g_ptr_array_add (presets, self);
}

static void
add_all (GPtrArray *presets, const char *host, GPtrArray *subsets)
{
  const char *first = subsets->pdata[0];
  const char *last = subsets->pdata[subsets->len - 1];

  /* Translators: a button: all requests go to a version such as v1 */
  add (presets, SHARE, 0, g_strdup_printf (_ ("All to %s"), first), host, first, last);
  if (subsets->len > 1) {
    const char *second = subsets->pdata[1];

    /* Translators: a button: two versions share the requests, "50 % v1, 50 % v3" */
    add (presets, SHARE, 50, g_strdup_printf (_ ("%d %% %s, %d %% %s"), 50, first, 50, last), host,
         first, last);
    add (presets, SHARE, 90, g_strdup_printf (_ ("%d %% %s, %d %% %s"), 10, first, 90, last), host,
         first, last);
    add (presets, SHARE, 100, g_strdup_printf (_ ("All to %s"), last), host, first, last);
    add (presets, TO_USER, 0,
         /* Translators: a button: a user's name and two versions, "jason to v2, the rest to v1" */
         g_strdup_printf (_ ("%s to %s, the rest to %s"), USER, second, first), host, first,
         second);
  }
  /* Translators: a button: back to the rules that the course begins with */
  add (presets, RESET, 0, g_strdup (_ ("Reset")), host, first, last);
}

static gboolean
has_destinations (JsonObject *route)
{
  static const char *const others[] = { "redirect", "directResponse", "delegate" };

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++) {
    if (json_object_has_member (route, others[i]))
      return FALSE;
  }
  return TRUE;
}

/* Whether one of the routes that are there sends requests to a version. */
static gboolean
has_subset (MeshEdit *edit)
{
  for (guint i = 0; i < edit->routes->len; i++) {
    JsonArray *destinations = base_json_get_array (edit->routes->pdata[i], "route", NULL);

    for (guint j = 0; j < base_json_get_length (destinations); j++) {
      if (base_json_get_string (json_array_get_element (destinations, j), "destination", "subset",
                                NULL) != NULL)
        return TRUE;
    }
  }
  return FALSE;
}

/* Whether @object has no rules for the requests that services send each other: what gateways let in
 * is opened to no more than it is. */
static gboolean
is_for_gateways_alone (JsonNode *object)
{
  JsonArray *gateways = base_json_get_array (object, "spec", "gateways", NULL);
  guint n_gateways = base_json_get_length (gateways);

  for (guint i = 0; i < n_gateways; i++) {
    if (g_strcmp0 (base_json_get_string (json_array_get_element (gateways, i), NULL), MESH) == 0)
      return FALSE;
  }
  return n_gateways > 0;
}

/**
 * mesh_preset_list:
 * @object: a VirtualService
 * @host: the service whose traffic it shares out, as it is to be written
 * @subsets: (array zero-terminated=1): that DestinationRules define for @host
 *
 * Returns: (transfer full) (element-type MeshPreset): those that can be had with @subsets; none
 *   where no route of @object is to a subset, where the requests of everyone do not go to
 *   destinations at all, and where gateways would let in what they do not yet
 */
GPtrArray *
mesh_preset_list (JsonNode *object, const char *host, const char *const *subsets)
{
  GPtrArray *presets = g_ptr_array_new_with_free_func ((GDestroyNotify)mesh_preset_free);
  g_autoptr (MeshEdit) edit = mesh_edit_new (object, NULL);
  g_autoptr (GPtrArray) sorted = sort_subsets (subsets);
  guint open = edit != NULL ? mesh_edit_find_open (edit) : 0;

  if (edit == NULL || host == NULL || sorted->len == 0 || !has_subset (edit))
    return presets;
  if (open == edit->routes->len && is_for_gateways_alone (object))
    return presets;
  if (open < edit->routes->len && !has_destinations (mesh_edit_get_route (edit, open)))
    return presets;
  add_all (presets, host, sorted);
  return presets;
}

/**
 * mesh_preset_free:
 * @self: (transfer full): a preset
 */
void
mesh_preset_free (MeshPreset *self)
{
  g_free (self->label);
  g_free (self->host);
  g_free (self->first);
  g_free (self->last);
  g_free (self);
}

/**
 * mesh_preset_get_label:
 *
 * Returns: what it does, in a few words
 */
const char *
mesh_preset_get_label (MeshPreset *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->label;
}

static JsonNode *
new_user_match (void)
{
  return json_from_string ("[{\"headers\": {\"" USER_HEADER "\": {\"exact\": \"" USER "\"}}}]",
                           NULL);
}

static gboolean
has_user_match (JsonObject *route)
{
  g_autoptr (JsonNode) match = new_user_match ();
  JsonNode *present = json_object_get_member (route, "match");

  return present != NULL && base_json_equal (present, match);
}

/* Whether a preset made the route: the user's, with a match and destinations and nothing more. */
static gboolean
is_user_route (JsonObject *route)
{
  return json_object_get_size (route) == 2 && json_object_has_member (route, "route") &&
         has_user_match (route);
}

static void
remove_user_routes (MeshEdit *edit)
{
  for (guint i = edit->routes->len; i > 0; i--) {
    if (is_user_route (mesh_edit_get_route (edit, i - 1)))
      g_ptr_array_remove_index (edit->routes, i - 1);
  }
}

/* The route of everyone for whom no other is; one is made where there is none. */
static JsonObject *
get_open_route (MeshEdit *edit)
{
  guint open = mesh_edit_find_open (edit);

  return open < edit->routes->len ? mesh_edit_get_route (edit, open)
                                  : mesh_edit_insert_route (edit, open);
}

static void
share_out (MeshPreset *self, MeshEdit *edit, JsonNode *object)
{
  MeshShare shares[] = { { self->first, 100 - self->weight }, { self->last, self->weight } };
  JsonObject *route = NULL;

  remove_user_routes (edit);
  route = get_open_route (edit);
  if (self->weight == 0)
    mesh_destinations_set (route, object, self->host, shares, 1);
  else if (self->weight == 100)
    mesh_destinations_set (route, object, self->host, shares + 1, 1);
  else
    mesh_destinations_set (route, object, self->host, shares, 2);
}

/* The user's route, before all others: one that is there with a timeout or the like keeps that,
 * where a second one would hide it. */
static JsonObject *
bring_user_route (MeshEdit *edit)
{
  JsonObject *route = NULL;

  for (guint i = 0; i < edit->routes->len; i++) {
    route = mesh_edit_get_route (edit, i);
    if (has_user_match (route) && has_destinations (route)) {
      g_ptr_array_insert (edit->routes, 0, g_ptr_array_steal_index (edit->routes, i));
      return route;
    }
  }
  route = mesh_edit_insert_route (edit, 0);
  json_object_set_member (route, "match", new_user_match ());
  return route;
}

static void
send_user (MeshPreset *self, MeshEdit *edit, JsonNode *object)
{
  MeshShare rest[] = { { self->first, 100 } };
  MeshShare user[] = { { self->last, 100 } };

  remove_user_routes (edit);
  mesh_destinations_set (get_open_route (edit), object, self->host, rest, 1);
  mesh_destinations_set (bring_user_route (edit), object, self->host, user, 1);
}

/* What `kubectl apply -f virtual-service-all-v1.yaml` leaves of a VirtualService: one route to the
 * first version (https://github.com/istio/istio/blob/1.4.0/samples/bookinfo/networking). */
static void
reset (MeshPreset *self, MeshEdit *edit, JsonNode *object)
{
  MeshShare shares[] = { { self->first, 100 } };

  g_ptr_array_set_size (edit->routes, 0);
  mesh_destinations_set (mesh_edit_insert_route (edit, 0), object, self->host, shares, 1);
}

/**
 * mesh_preset_apply:
 * @object: the VirtualService as it is; not changed
 *
 * All but a reset change where the requests of everyone go, and with whom that is not so; the
 * timeouts, faults and whatever else a route has stay.
 *
 * Returns: (transfer full): as it is to be; NULL and MESH_ERROR_INVALID where that cannot be
 */
JsonNode *
mesh_preset_apply (MeshPreset *self, JsonNode *object, GError **error)
{
  g_autoptr (MeshEdit) edit = NULL;
  guint open;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (object != NULL, NULL);

  edit = mesh_edit_new (object, error);
  if (edit == NULL)
    return NULL;
  open = mesh_edit_find_open (edit);
  if (self->kind != RESET && open < edit->routes->len &&
      !has_destinations (mesh_edit_get_route (edit, open))) {
    g_set_error_literal (error, MESH_ERROR, MESH_ERROR_INVALID,
                         _ ("The requests of everyone do not go to a version of a service here."));
    return NULL;
  }
  if (self->kind == SHARE)
    share_out (self, edit, object);
  else if (self->kind == TO_USER)
    send_user (self, edit, object);
  else
    reset (self, edit, object);
  return mesh_edit_finish (edit);
}

/**
 * mesh_preset_dup_explanation:
 * @object: the VirtualService as it is
 *
 * Returns: (transfer full) (nullable): what the label leaves out
 */
char *
mesh_preset_dup_explanation (MeshPreset *self, JsonNode *object)
{
  g_autoptr (JsonNode) target = NULL;
  g_autoptr (MeshEdit) edit = NULL;
  guint n_kept;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (object != NULL, NULL);

  if (self->kind == RESET)
    /* Translators: %s is a version such as v1 */
    return g_strdup_printf (_ ("One route to %s, and no other rule"), self->first);
  target = mesh_preset_apply (self, object, NULL);
  edit = target != NULL ? mesh_edit_new (target, NULL) : NULL;
  if (edit == NULL)
    return NULL;
  n_kept = mesh_edit_find_open (edit) - (self->kind == TO_USER ? 1 : 0);
  if (n_kept == 0)
    return NULL;
  return g_strdup_printf (ngettext ("%u route with a match stays as it is",
                                    "%u routes with a match stay as they are", n_kept),
                          n_kept);
}

/* What the course sets by hand, and a reset is for. */
static gboolean
is_plain (const char *member)
{
  static const char *const plain[] = { "match", "route", "name", "timeout", "retries", "fault" };

  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++) {
    if (g_str_equal (member, plain[i]))
      return TRUE;
  }
  return FALSE;
}

/* Adds to @found what @route has and no button here makes again, by the names that it has there. */
static void
collect_members (JsonObject *route, GPtrArray *found)
{
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init (&iter, route);
  while (json_object_iter_next (&iter, &name, NULL)) {
    if (!is_plain (name) && !g_ptr_array_find_with_equal_func (found, name, g_str_equal, NULL))
      g_ptr_array_add (found, g_strdup (name));
  }
}

/**
 * mesh_preset_dup_loss:
 * @object: the VirtualService as it is
 *
 * What is lost that no preset brings back: routes for others than the user of the presets, mirrors,
 * redirects and the like.
 *
 * Returns: (transfer full) (nullable): in a sentence; NULL where nothing is
 */
char *
mesh_preset_dup_loss (MeshPreset *self, JsonNode *object)
{
  g_autoptr (MeshEdit) edit = NULL;
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *list = NULL;
  guint n_matches = 0;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (object != NULL, NULL);

  edit = self->kind == RESET ? mesh_edit_new (object, NULL) : NULL;
  for (guint i = 0; edit != NULL && i < edit->routes->len; i++) {
    JsonObject *route = mesh_edit_get_route (edit, i);

    n_matches += json_object_has_member (route, "match") && !is_user_route (route);
    collect_members (route, found);
  }
  if (n_matches > 0)
    g_ptr_array_insert (
      found, 0,
      g_strdup_printf (ngettext ("%u route with a match", "%u routes with a match", n_matches),
                       n_matches));
  if (found->len == 0)
    return NULL;
  g_ptr_array_add (found, NULL);
  list = g_strjoinv (", ", (char **)found->pdata);
  /* Translators: a version such as v1, and a list such as "2 routes with a match, mirror" */
  return g_strdup_printf (_ ("One route to %s is left. Dropped with the others: %s."), self->first,
                          list);
}
