/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-route-form.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-metadata.h"
#include "mesh-destinations.h"
#include "mesh-error.h"
#include "mesh-match.h"
#include "mesh-route-fields.h"

struct _MeshRouteForm {
  GObject parent_instance;

  guint minor;
  guint route;     /* MESH_NO_ROUTE: a new one */
  JsonNode *match; /* (nullable): of the route as it was read */
  char *other;     /* (nullable): that match in words, where the fields cannot say it */
  char *host;      /* of a new route's destination */
  char *subset;
  MeshMatchKind old_kind;
  MeshMatchKind kind;
  char *old[MESH_N_FIELDS];
  char *texts[MESH_N_FIELDS];
};

G_DEFINE_FINAL_TYPE (MeshRouteForm, mesh_route_form, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
mesh_route_form_finalize (GObject *object)
{
  MeshRouteForm *self = MESH_ROUTE_FORM (object);

  g_clear_pointer (&self->match, json_node_unref);
  g_free (self->other);
  g_free (self->host);
  g_free (self->subset);
  for (gsize i = 0; i < MESH_N_FIELDS; i++) {
    g_free (self->old[i]);
    g_free (self->texts[i]);
  }
  G_OBJECT_CLASS (mesh_route_form_parent_class)->finalize (object);
}

static void
mesh_route_form_class_init (MeshRouteFormClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mesh_route_form_finalize;

  /**
   * MeshRouteForm::changed:
   *
   * Another text, or another kind of match: what is wrong may be another thing now.
   */
  signals[CHANGED] = g_signal_new ("changed", MESH_TYPE_ROUTE_FORM, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
mesh_route_form_init (MeshRouteForm *self)
{
  self->route = MESH_NO_ROUTE;
}

static void
read_route (MeshRouteForm *self, JsonNode *route)
{
  JsonNode *match = base_json_get (route, "match", NULL);

  self->match = match != NULL ? base_json_copy (match) : NULL;
  self->old_kind = self->kind = mesh_route_fields_read (route, self->old);
  if (self->kind == MESH_MATCH_OTHER)
    self->other = mesh_match_dup_words (match);
  for (gsize i = 0; i < MESH_N_FIELDS; i++)
    self->texts[i] = g_strdup (self->old[i]);
}

/**
 * mesh_route_form_new:
 * @object: a VirtualService
 * @route: an HTTP route of it
 * @minor: the minor number of the cluster's Istio (4 in 1.4); 0 where it is not known
 *
 * Returns: (transfer full): NULL and an error of the mesh's domain where there is no such route
 */
MeshRouteForm *
mesh_route_form_new (JsonNode *object, guint route, guint minor, GError **error)
{
  g_autoptr (MeshEdit) edit = mesh_edit_new (object, error);
  MeshRouteForm *self = NULL;

  if (edit == NULL)
    return NULL;
  if (route >= edit->routes->len) {
    g_set_error (error, MESH_ERROR, MESH_ERROR_CHANGED,
                 /* Translators: %s is the name of a VirtualService */
                 _ ("The route is no longer in the VirtualService %s."),
                 base_metadata_get_name (object));
    return NULL;
  }
  self = g_object_new (MESH_TYPE_ROUTE_FORM, NULL);
  self->minor = minor;
  self->route = route;
  read_route (self, edit->routes->pdata[route]);
  return self;
}

/**
 * mesh_route_form_new_for_new:
 * @object: a VirtualService
 * @host: where the requests of the new route go
 * @subset: its version to begin with
 *
 * A route that is not there yet, for the user of whom the course speaks to begin with. It is put
 * before the route without a match, where it can be reached.
 *
 * Returns: (transfer full): NULL and MESH_ERROR_INVALID where @object is no VirtualService
 */
MeshRouteForm *
mesh_route_form_new_for_new (
  JsonNode *object, const char *host, const char *subset, guint minor, GError **error)
{
  g_autoptr (MeshEdit) edit = mesh_edit_new (object, error);
  g_autoptr (JsonNode) route = NULL;
  MeshRouteForm *self = NULL;

  g_return_val_if_fail (host != NULL && subset != NULL, NULL);

  if (edit == NULL)
    return NULL;
  route =
    json_from_string ("{\"match\": [{\"headers\": {\"end-user\": {\"exact\": \"\"}}}]}", NULL);
  self = g_object_new (MESH_TYPE_ROUTE_FORM, NULL);
  self->minor = minor;
  self->host = g_strdup (host);
  self->subset = g_strdup (subset);
  read_route (self, route);
  return self;
}

/**
 * mesh_route_form_is_new:
 *
 * Returns: whether the route is not there yet
 */
gboolean
mesh_route_form_is_new (MeshRouteForm *self)
{
  g_return_val_if_fail (MESH_IS_ROUTE_FORM (self), FALSE);

  return self->route == MESH_NO_ROUTE;
}

/**
 * mesh_route_form_locate:
 * @object: the VirtualService as it is by now
 *
 * Returns: where in it the route is; MESH_NO_ROUTE where it is not, or that cannot be told
 */
guint
mesh_route_form_locate (MeshRouteForm *self, JsonNode *object)
{
  g_autoptr (MeshEdit) edit = NULL;

  g_return_val_if_fail (MESH_IS_ROUTE_FORM (self), MESH_NO_ROUTE);

  edit = mesh_route_form_is_new (self) ? NULL : mesh_edit_new (object, NULL);
  return edit != NULL ? mesh_edit_find_match (edit, self->route, self->match) : MESH_NO_ROUTE;
}

/**
 * mesh_route_form_get_match_kind:
 *
 * Returns: for whom the route is
 */
MeshMatchKind
mesh_route_form_get_match_kind (MeshRouteForm *self)
{
  g_return_val_if_fail (MESH_IS_ROUTE_FORM (self), MESH_MATCH_NONE);

  return self->kind;
}

/**
 * mesh_route_form_set_match_kind:
 * @kind: MESH_MATCH_OTHER only where the route came with such a one
 */
void
mesh_route_form_set_match_kind (MeshRouteForm *self, MeshMatchKind kind)
{
  g_return_if_fail (MESH_IS_ROUTE_FORM (self));
  g_return_if_fail (kind != MESH_MATCH_OTHER || self->other != NULL);

  if (self->kind == kind)
    return;
  self->kind = kind;
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * mesh_route_form_get_other_match:
 *
 * Returns: (nullable): the route's match in words, where the fields cannot hold it
 */
const char *
mesh_route_form_get_other_match (MeshRouteForm *self)
{
  g_return_val_if_fail (MESH_IS_ROUTE_FORM (self), NULL);

  return self->other;
}

/**
 * mesh_route_form_get:
 *
 * Returns: what is in @field, without white space at its ends
 */
const char *
mesh_route_form_get (MeshRouteForm *self, MeshField field)
{
  g_return_val_if_fail (MESH_IS_ROUTE_FORM (self), NULL);
  g_return_val_if_fail (field < MESH_N_FIELDS, NULL);

  return self->texts[field];
}

/**
 * mesh_route_form_set:
 * @text: as typed; white space at its ends does not count
 */
void
mesh_route_form_set (MeshRouteForm *self, MeshField field, const char *text)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));

  g_return_if_fail (MESH_IS_ROUTE_FORM (self));
  g_return_if_fail (field < MESH_N_FIELDS);

  if (g_str_equal (self->texts[field], stripped))
    return;
  g_free (self->texts[field]);
  self->texts[field] = g_steal_pointer (&stripped);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * mesh_route_form_set_subset:
 * @subset: the version that a new route leads to
 */
void
mesh_route_form_set_subset (MeshRouteForm *self, const char *subset)
{
  g_return_if_fail (MESH_IS_ROUTE_FORM (self));
  g_return_if_fail (subset != NULL);

  if (g_strcmp0 (self->subset, subset) == 0)
    return;
  g_free (self->subset);
  self->subset = g_strdup (subset);
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
is_about_header (MeshRouteForm *self)
{
  return self->kind != MESH_MATCH_NONE && self->kind != MESH_MATCH_OTHER;
}

static gboolean
is_empty (MeshRouteForm *self, MeshField field)
{
  return *self->texts[field] == '\0';
}

/* A field that makes sense beside another only; NULL: @field may stand alone. */
static char *
dup_error_of_pair (MeshRouteForm *self, MeshField field)
{
  gint64 attempts;

  if (is_empty (self, field))
    return NULL;
  if (field == MESH_FIELD_DELAY_PERCENTAGE && is_empty (self, MESH_FIELD_DELAY))
    return g_strdup (_ ("Write the delay, too, or leave its share empty."));
  if (field == MESH_FIELD_ABORT_PERCENTAGE && is_empty (self, MESH_FIELD_ABORT_STATUS))
    return g_strdup (_ ("Write the status, too, or leave its share empty."));
  if (field != MESH_FIELD_PER_TRY_TIMEOUT && field != MESH_FIELD_RETRY_ON)
    return NULL;
  if (is_empty (self, MESH_FIELD_ATTEMPTS))
    return g_strdup (_ ("Write how often to try again, too, or leave this empty."));
  if (g_ascii_string_to_signed (self->texts[MESH_FIELD_ATTEMPTS], 10, 0, 0, &attempts, NULL))
    return g_strdup ("http retry policy configured when attempts are set to 0 (disabled)");
  return NULL;
}

/**
 * mesh_route_form_dup_error:
 *
 * Returns: (transfer full) (nullable): what is wrong with what is in @field
 */
char *
mesh_route_form_dup_error (MeshRouteForm *self, MeshField field)
{
  gboolean is_match = field == MESH_FIELD_HEADER || field == MESH_FIELD_VALUE;
  char *error = NULL;

  g_return_val_if_fail (MESH_IS_ROUTE_FORM (self), NULL);
  g_return_val_if_fail (field < MESH_N_FIELDS, NULL);

  if (is_match && !is_about_header (self))
    return NULL;
  error = mesh_field_dup_error (field, self->texts[field], self->minor);
  if (error == NULL && field == MESH_FIELD_VALUE && self->kind == MESH_MATCH_REGEX)
    error = mesh_field_dup_regex_error (self->texts[field]);
  return error != NULL ? error : dup_error_of_pair (self, field);
}

/**
 * mesh_route_form_is_valid:
 *
 * Returns: whether nothing is wrong with any field
 */
gboolean
mesh_route_form_is_valid (MeshRouteForm *self)
{
  g_return_val_if_fail (MESH_IS_ROUTE_FORM (self), FALSE);

  for (guint i = 0; i < MESH_N_FIELDS; i++) {
    g_autofree char *error = mesh_route_form_dup_error (self, i);

    if (error != NULL)
      return FALSE;
  }
  return TRUE;
}

/**
 * mesh_route_form_ignores_timeout:
 *
 * Whether a timeout or retries stand beside a fault, which Istio does not combine
 * (https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute).
 */
gboolean
mesh_route_form_ignores_timeout (MeshRouteForm *self)
{
  g_return_val_if_fail (MESH_IS_ROUTE_FORM (self), FALSE);

  return (!is_empty (self, MESH_FIELD_DELAY) || !is_empty (self, MESH_FIELD_ABORT_STATUS)) &&
         (!is_empty (self, MESH_FIELD_TIMEOUT) || !is_empty (self, MESH_FIELD_ATTEMPTS));
}

static JsonObject *
find_route (MeshRouteForm *self, MeshEdit *edit, JsonNode *object, GError **error)
{
  guint route;

  if (mesh_route_form_is_new (self)) {
    const MeshShare share = { self->subset, 100 };
    JsonObject *added = mesh_edit_insert_route (edit, mesh_edit_find_open (edit));

    mesh_route_fields_write_match (added, self->kind, self->texts);
    mesh_destinations_set (added, object, self->host, &share, 1);
    return added;
  }
  route = mesh_edit_find_match (edit, self->route, self->match);
  if (route != MESH_NO_ROUTE)
    return mesh_edit_get_route (edit, route);
  g_set_error (error, MESH_ERROR, MESH_ERROR_CHANGED,
               /* Translators: %s is the name of a VirtualService */
               _ ("Someone else has changed the routes of %s meanwhile. Close this, and look at "
                  "them as they are now."),
               base_metadata_get_name (object));
  return NULL;
}

/**
 * mesh_route_form_apply:
 * @object: the VirtualService as it is by now; not changed
 *
 * Returns: (transfer full): as it is to be; NULL and MESH_ERROR_CHANGED where the route is not in
 * it any more, MESH_ERROR_INVALID where the form is not valid
 */
JsonNode *
mesh_route_form_apply (MeshRouteForm *self, JsonNode *object, GError **error)
{
  g_autoptr (MeshEdit) edit = NULL;
  JsonObject *route = NULL;

  g_return_val_if_fail (MESH_IS_ROUTE_FORM (self), NULL);
  g_return_val_if_fail (object != NULL, NULL);

  if (!mesh_route_form_is_valid (self)) {
    g_set_error_literal (error, MESH_ERROR, MESH_ERROR_INVALID,
                         _ ("Istio does not take the route as it is written."));
    return NULL;
  }
  edit = mesh_edit_new (object, error);
  route = edit != NULL ? find_route (self, edit, object, error) : NULL;
  if (route == NULL)
    return NULL;
  if (!mesh_route_form_is_new (self) &&
      mesh_route_fields_conflict (self->old, self->texts, route)) {
    g_set_error (error, MESH_ERROR, MESH_ERROR_CHANGED,
                 /* Translators: %s is the name of a VirtualService */
                 _ ("Someone else has changed this route of %s meanwhile. Close this, and look at "
                    "it as it is now."),
                 base_metadata_get_name (object));
    return NULL;
  }
  if (self->kind != self->old_kind ||
      mesh_route_fields_differ (self->old, self->texts, MESH_FIELD_HEADER, MESH_FIELD_VALUE))
    mesh_route_fields_write_match (route, self->kind, self->texts);
  mesh_route_fields_write (route, self->old, self->texts);
  return mesh_edit_finish (edit);
}
