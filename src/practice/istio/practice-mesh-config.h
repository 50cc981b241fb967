/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* The minor number of the Istio that this cluster has: 1.3.3. Rules changed at 1.5, 1.14, 1.15 and
 * 1.24. */
#define PRACTICE_MESH_MINOR 3

/* A VirtualService with its names made whole. */
typedef struct {
  JsonNode *object;
  char *namespace_;
  char *name;
  GStrv hosts;
  GStrv gateways; /* "mesh" or "NAMESPACE/NAME" */
} PracticeMeshVirtualService;

/* The configuration of the mesh as it was at one moment. Immutable, unless it is
 * frozen; counted references. */
typedef struct _PracticeMeshConfig PracticeMeshConfig;

PracticeMeshConfig *practice_mesh_config_new (PracticeStore *store, guint minor);
PracticeMeshConfig *practice_mesh_config_ref (PracticeMeshConfig *self);
void practice_mesh_config_unref (PracticeMeshConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeMeshConfig, practice_mesh_config_unref)

/* From now on Services, endpoints and pods are to its proxies as they are now. */
void practice_mesh_config_freeze (PracticeMeshConfig *self, PracticeStore *store);
/* Whether @pod's proxy has it: FALSE for those that came after it was frozen. */
gboolean practice_mesh_config_reaches (PracticeMeshConfig *self, JsonNode *pod);
/* (transfer none) (nullable): an object as the proxies know it. */
JsonNode *practice_mesh_config_get_object (PracticeMeshConfig *self,
                                           PracticeStore *store,
                                           const char *resource,
                                           const char *namespace_,
                                           const char *name);

guint practice_mesh_config_get_minor (PracticeMeshConfig *self);
/* (element-type PracticeMeshVirtualService): the oldest first */
GPtrArray *practice_mesh_config_get_virtual_services (PracticeMeshConfig *self);
/* (element-type JsonNode): Gateways */
GPtrArray *practice_mesh_config_get_gateways (PracticeMeshConfig *self);
/* (transfer none) (nullable): a subset of a host, as the DestinationRules define it for callers of
 * @namespace_. */
JsonNode *practice_mesh_config_find_subset (PracticeMeshConfig *self,
                                            const char *namespace_,
                                            const char *host,
                                            const char *subset);
/* (transfer none) (nullable): the ServiceEntry that has @host. */
JsonNode *practice_mesh_config_find_entry (PracticeMeshConfig *self, const char *host);
/* (element-type JsonNode): all of them. */
GPtrArray *practice_mesh_config_get_entries (PracticeMeshConfig *self);
/* (transfer none) (nullable): the first DestinationRule that counts for a host. */
JsonNode *
practice_mesh_config_find_rule (PracticeMeshConfig *self, const char *namespace_, const char *host);
/* (transfer full): the names of all its subsets. */
GStrv practice_mesh_config_dup_subsets (PracticeMeshConfig *self,
                                        const char *namespace_,
                                        const char *host);
/* Part of the trafficPolicy of a host and subset: "loadBalancer", "tls" ... */
JsonNode *practice_mesh_config_find_policy (PracticeMeshConfig *self,
                                            const char *namespace_,
                                            const char *host,
                                            const char *subset,
                                            const char *part);
/* (nullable): matches whole strings; NULL: not a regular expression. */
GRegex *practice_mesh_config_get_regex (PracticeMeshConfig *self, const char *pattern);

G_END_DECLS
