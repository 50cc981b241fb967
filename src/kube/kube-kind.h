/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A resource that the program knows. Static data. */
typedef struct {
  const char *kind;            /* "VirtualService" */
  const char *plural;          /* "virtualservices" */
  const char *singular;        /* "virtualservice" */
  const char *short_name;      /* "vs", nullable */
  const char *group;           /* "networking.istio.io", "" for core */
  const char *const *versions; /* newest first, NULL-terminated */
  gboolean namespaced;
} KubeKind;

/* By plural, singular, short name or kind, case-insensitive; NULL where unknown. Ingress in
 * all its groups is one KubeKind each, networking.k8s.io first. */
const KubeKind *kube_kind_lookup (const char *name);

/* "/apis/networking.istio.io/v1alpha3/namespaces/default/virtualservices/reviews";
 * @namespace NULL: all namespaces, @name NULL: the collection. Parts are percent-encoded. */
char *kube_kind_dup_path (const KubeKind *self,
                          const char *version,
                          const char *namespace_,
                          const char *name);

G_END_DECLS
