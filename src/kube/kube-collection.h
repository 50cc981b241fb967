/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-kind.h"
#include "kube-tree-cache.h"

G_BEGIN_DECLS

/* Which objects a list is about. All borrowed. */
typedef struct {
  const KubeKind *kind;
  const char *version;
  const char *namespace_;     /* (nullable): all */
  const char *label_selector; /* (nullable) */
  KubeTreeCache *cache;       /* for the objects made */
} KubeCollection;

/* The collection's path with a query: @format names further parameters, such as "limit=%d". */
char *
kube_collection_dup_path (const KubeCollection *self, const char *format, ...) G_GNUC_PRINTF (2, 3);

G_END_DECLS
