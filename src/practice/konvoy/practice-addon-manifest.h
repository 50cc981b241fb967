/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* On every object that an add-on brings: its name. */
#define PRACTICE_ADDON_LABEL "kubeaddons.mesosphere.io/name"

const char *practice_addon_manifest_get_namespace (JsonNode *addon);
/* (transfer full) (element-type JsonNode): the objects that an API server is to make, in the order
 * in which one needs the other. */
GPtrArray *practice_addon_manifest_expand (JsonNode *addon);
/* (transfer full): a Pod of an entry of "daemons" or "jobs". */
JsonNode *practice_addon_manifest_new_pod (JsonNode *addon, JsonNode *entry, const char *name);

G_END_DECLS
