/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The images that the practice cluster's nodes can pull. */
#define PRACTICE_TYPE_IMAGE_CATALOG (practice_image_catalog_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeImageCatalog, practice_image_catalog, PRACTICE, IMAGE_CATALOG, GObject)

PracticeImageCatalog *practice_image_catalog_new (GError **error);
gboolean practice_image_catalog_has (PracticeImageCatalog *self, const char *image);
gboolean practice_image_catalog_has_tag (PracticeImageCatalog *self, const char *image);
/* Whether its program does its work and ends at once. */
gboolean practice_image_catalog_ends (PracticeImageCatalog *self, const char *image);
/* (nullable): the program of ours that runs in @container, "redis"; NULL where its image has none,
 * or the container runs a command of its own. */
const char *practice_image_catalog_get_server (PracticeImageCatalog *self, JsonNode *container);
/* Where the image's program listens; 0: nowhere. */
guint16 practice_image_catalog_get_port (PracticeImageCatalog *self, const char *image);
/* (transfer full): names to values, both char *. */
GHashTable *practice_image_catalog_dup_environment (PracticeImageCatalog *self, const char *image);

/* What the image starts by itself, where its server is "shell". */
const char *practice_image_catalog_get_shell (PracticeImageCatalog *self, const char *image);
/* (nullable): what it puts before arguments that name no program. */
const char *practice_image_catalog_get_entry_point (PracticeImageCatalog *self, const char *image);

G_END_DECLS
