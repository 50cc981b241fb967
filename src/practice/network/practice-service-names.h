/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

#define PRACTICE_CLUSTER_DOMAIN "cluster.local"

/* (transfer full) (nullable): the IPv4 addresses of a name as a pod of @namespace_ looks it up,
 * with the search list of a pod's resolv.conf: several where a Service is headless. */
GStrv
practice_service_names_look_up (PracticeStore *store, const char *namespace_, const char *name);
/* (transfer full) (nullable): those of a whole name, as the cluster's name server answers it. */
GStrv practice_service_names_look_up_whole (PracticeStore *store, const char *name);
/* (transfer full) (nullable): that of a name which is known outside the cluster, too: a load
 * balancer's, a node's. */
char *practice_service_names_resolve_outside (PracticeStore *store, const char *name);

G_END_DECLS
