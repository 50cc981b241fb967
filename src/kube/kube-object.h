/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* One object as the server last said it was. Updated in place by its KubeList, which then emits
 * "changed" here. */
#define KUBE_TYPE_OBJECT (kube_object_get_type ())
G_DECLARE_FINAL_TYPE (KubeObject, kube_object, KUBE, OBJECT, GObject)

KubeObject *kube_object_new (GBytes *json);
const char *kube_object_get_uid (KubeObject *self);
const char *kube_object_get_name (KubeObject *self);
const char *kube_object_get_namespace (KubeObject *self); /* nullable */
const char *kube_object_get_resource_version (KubeObject *self);
gint64 kube_object_get_created_at (KubeObject *self); /* Unix seconds */
GBytes *kube_object_get_bytes (KubeObject *self);
/* (transfer full): parsed on demand, so that 10,000 rows cost no tree; do not change it. */
JsonNode *kube_object_ref_json (KubeObject *self);

G_END_DECLS
