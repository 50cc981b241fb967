/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Which add-ons there are, and what each brings: data/practice/addons.yaml. */
#define PRACTICE_TYPE_ADDON_CATALOG (practice_addon_catalog_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeAddonCatalog, practice_addon_catalog, PRACTICE, ADDON_CATALOG, GObject)

PracticeAddonCatalog *practice_addon_catalog_new (GError **error);
const char *const *practice_addon_catalog_get_names (PracticeAddonCatalog *self);
/* (transfer none) (nullable) */
JsonNode *practice_addon_catalog_find (PracticeAddonCatalog *self, const char *name);
/* What every cluster has and no add-on brings: (element-type JsonNode). */
GPtrArray *practice_addon_catalog_get_system (PracticeAddonCatalog *self);
/* (element-type JsonNode): the documents of a built-in file. */
GPtrArray *practice_addon_catalog_read_manifest (const char *file_name, GError **error);

G_END_DECLS
