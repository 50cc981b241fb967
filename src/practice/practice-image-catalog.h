/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The images that the practice cluster's nodes can pull. */
#define PRACTICE_TYPE_IMAGE_CATALOG (practice_image_catalog_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeImageCatalog, practice_image_catalog, PRACTICE, IMAGE_CATALOG, GObject)

PracticeImageCatalog *practice_image_catalog_new (GError **error);
gboolean practice_image_catalog_has (PracticeImageCatalog *self, const char *image);
/* (nullable): the program of ours that stands in for what the image runs, "redis". */
const char *practice_image_catalog_get_server (PracticeImageCatalog *self, const char *image);

G_END_DECLS
