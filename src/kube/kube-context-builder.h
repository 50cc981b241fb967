/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "kube-context.h"

G_BEGIN_DECLS

/* One named entry of a kubeconfig. */
typedef struct {
  JsonNode *value;
  char *directory; /* what its relative paths are relative to */
} KubeConfigEntry;

/* What one context is made of; all borrowed. */
typedef struct {
  const char *name;
  const KubeConfigEntry *context;
  const KubeConfigEntry *cluster;
  const KubeConfigEntry *user; /* (nullable): nobody in particular */
  GHashTable *files;           /* path to GBytes */
  gboolean local;
} KubeContextParts;

GStrv kube_context_parts_dup_files (const KubeContextParts *parts);
KubeContext *kube_context_parts_build (const KubeContextParts *parts, GError **error);

/* A scalar of a kubeconfig; NULL where it is unset or empty. */
const char *kube_config_entry_get (const KubeConfigEntry *entry, const char *key);

G_END_DECLS
