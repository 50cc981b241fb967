/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "mesh-edit.h"
#include "mesh-field.h"

G_BEGIN_DECLS

/* What a user writes about one HTTP route: for whom it is, its timeout, faults and retries. What is
 * not changed stays in the route as it was, to the byte. */
#define MESH_TYPE_ROUTE_FORM (mesh_route_form_get_type ())
G_DECLARE_FINAL_TYPE (MeshRouteForm, mesh_route_form, MESH, ROUTE_FORM, GObject)

MeshRouteForm *mesh_route_form_new (JsonNode *object, guint route, guint minor, GError **error);
MeshRouteForm *mesh_route_form_new_for_new (
  JsonNode *object, const char *host, const char *subset, guint minor, GError **error);
gboolean mesh_route_form_is_new (MeshRouteForm *self);
guint mesh_route_form_locate (MeshRouteForm *self, JsonNode *object);

MeshMatchKind mesh_route_form_get_match_kind (MeshRouteForm *self);
void mesh_route_form_set_match_kind (MeshRouteForm *self, MeshMatchKind kind);
const char *mesh_route_form_get_other_match (MeshRouteForm *self);
const char *mesh_route_form_get (MeshRouteForm *self, MeshField field);
void mesh_route_form_set (MeshRouteForm *self, MeshField field, const char *text);
void mesh_route_form_set_subset (MeshRouteForm *self, const char *subset);

char *mesh_route_form_dup_error (MeshRouteForm *self, MeshField field);
gboolean mesh_route_form_is_valid (MeshRouteForm *self);
gboolean mesh_route_form_ignores_timeout (MeshRouteForm *self);
JsonNode *mesh_route_form_apply (MeshRouteForm *self, JsonNode *object, GError **error);

G_END_DECLS
