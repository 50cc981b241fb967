/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "practice-store.h"

G_BEGIN_DECLS

/* Where storage is kept in the store. */
#define PRACTICE_CLAIMS "/persistentvolumeclaims"
#define PRACTICE_VOLUMES "/persistentvolumes"
#define PRACTICE_STORAGE_CLASSES "storage.k8s.io/storageclasses"

/* The name of the class that a claim or a volume is of; "": none. */
const char *practice_storage_class_get_name_of (JsonNode *claim_or_volume);
JsonNode *practice_storage_class_find (PracticeStore *store, JsonNode *claim);
/* Whether claims of it wait for their first pod; @class nullable. */
gboolean practice_storage_class_waits (JsonNode *class);
gboolean practice_storage_class_is_default (JsonNode *class);
/* Whether the class of @claim lets it grow. */
gboolean practice_storage_class_may_grow (PracticeStore *store, JsonNode *claim);
/* Gives a new claim the default class; FALSE with a Status. */
gboolean practice_storage_class_admit_claim (PracticeStore *store, JsonNode *claim, GError **error);

G_END_DECLS
