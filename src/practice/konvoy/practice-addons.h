/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-addon-catalog.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* The add-ons of the cluster: installs and removes their objects, knows how they are. */
#define PRACTICE_TYPE_ADDONS (practice_addons_get_type ())
G_DECLARE_FINAL_TYPE (PracticeAddons, practice_addons, PRACTICE, ADDONS, GObject)

PracticeAddons *practice_addons_new (PracticeStore *store, GError **error);
PracticeAddonCatalog *practice_addons_get_catalog (PracticeAddons *self);
PracticeStore *practice_addons_get_store (PracticeAddons *self);
/* A new cluster's: all that are not optional, running already. */
gboolean practice_addons_fill (PracticeAddons *self, GError **error);
gboolean practice_addons_enable (PracticeAddons *self, const char *name, GError **error);
gboolean practice_addons_disable (PracticeAddons *self, const char *name, GError **error);
gboolean practice_addons_is_enabled (PracticeAddons *self, const char *name);
/* (nullable): what is wrong with it, in a sentence; NULL: nothing */
char *practice_addons_dup_complaint (PracticeAddons *self, const char *name);

G_END_DECLS
