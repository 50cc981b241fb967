/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "practice-addons.h"
#include "practice-container-runtime.h"
#include "practice-fabric.h"
#include "practice-kubelet.h"
#include "practice-load-balancer-controller.h"
#include "practice-network.h"
#include "practice-sidecar.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* What a control plane and its nodes do to the objects in the store: nodes and first objects,
 * scheduling, pods that come up, Deployments, addresses of Services, load balancers, and the
 * programs in the pods that answer on them. */
#define PRACTICE_TYPE_CLUSTER (practice_cluster_get_type ())
G_DECLARE_FINAL_TYPE (PracticeCluster, practice_cluster, PRACTICE, CLUSTER, GObject)

/* What is in a new cluster, into an empty store. */
gboolean practice_cluster_fill (PracticeStore *store, GError **error);
/* @network (nullable): without one nothing answers, all else goes on. */
PracticeCluster *
practice_cluster_new (PracticeStore *store, PracticeNetwork *network, GError **error);
typedef struct {
  guint32 seed;      /* of the choices of the mesh, so that they can be repeated; 0: not */
  const char *disks; /* (nullable): folder of what is on PersistentVolumes; NULL: nothing is kept */
} PracticeClusterOptions;
PracticeCluster *practice_cluster_new_with_options (PracticeStore *store,
                                                    PracticeNetwork *network,
                                                    const PracticeClusterOptions *options,
                                                    GError **error);

PracticeContainerRuntime *practice_cluster_get_runtime (PracticeCluster *self);
/* (transfer none) */
PracticeKubelet *practice_cluster_get_kubelet (PracticeCluster *self);
PracticeLoadBalancerController *practice_cluster_get_load_balancers (PracticeCluster *self);
/* (transfer none) */
PracticeFabric *practice_cluster_get_fabric (PracticeCluster *self);
/* (transfer none): the way out of its pods. */
PracticeSidecar *practice_cluster_get_sidecar (PracticeCluster *self);

/* (transfer full) (nullable): the IPv4 address that @name has on the jumpserver, a load balancer's
 * host name or a cluster name; NULL: no such name (yet). */
char *practice_cluster_resolve (PracticeCluster *self, const char *name);

/* What `konvoy` switches on and off. */
PracticeAddons *practice_cluster_get_addons (PracticeCluster *self);

G_END_DECLS
