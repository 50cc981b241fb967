/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* Whose an address is: that of a pod, a Service, a load balancer, a node. Follows the store. */
#define PRACTICE_TYPE_ADDRESS_INDEX (practice_address_index_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeAddressIndex, practice_address_index, PRACTICE, ADDRESS_INDEX, GObject)

typedef enum {
  PRACTICE_ENTRANCE_CLUSTER_IP,
  PRACTICE_ENTRANCE_LOAD_BALANCER,
  PRACTICE_ENTRANCE_NODE_PORT,
} PracticeEntrance;

PracticeAddressIndex *practice_address_index_new (PracticeStore *store);

/* (transfer none) (nullable) */
JsonNode *practice_address_index_get_pod (PracticeAddressIndex *self, const char *address);
/* (transfer container) (element-type utf8) */
GList *practice_address_index_list_pods (PracticeAddressIndex *self);
/* (transfer none) (nullable): the Service that listens there. @service_port (out) (nullable): the
 * one of its ports, where it has that port. */
JsonNode *practice_address_index_get_service (PracticeAddressIndex *self,
                                              const char *address,
                                              guint16 port,
                                              JsonNode **service_port,
                                              PracticeEntrance *entrance);
gboolean practice_address_index_has_node (PracticeAddressIndex *self, const char *address);
/* (transfer none) (element-type utf8): every node's address */
GPtrArray *practice_address_index_get_nodes (PracticeAddressIndex *self);

G_END_DECLS
