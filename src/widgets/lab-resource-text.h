/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

char *lab_node_dup_status (JsonNode *node);
char *lab_node_dup_roles (JsonNode *node);
char *lab_node_dup_version (JsonNode *node);

char *lab_service_dup_type (JsonNode *service);
char *lab_service_dup_cluster_ip (JsonNode *service);
char *lab_service_dup_external_ip (JsonNode *service);
gboolean lab_service_is_pending (JsonNode *service);
char *lab_service_dup_ports (JsonNode *service);

char *lab_ingress_dup_hosts (JsonNode *ingress);
char *lab_ingress_dup_address (JsonNode *ingress);

char *lab_network_policy_dup_selector (JsonNode *policy);
char *lab_network_policy_dup_types (JsonNode *policy);
char *lab_network_policy_dup_sources (JsonNode *policy);

char *lab_virtual_service_dup_hosts (JsonNode *virtual_service);
char *lab_virtual_service_dup_weights (JsonNode *virtual_service);

G_END_DECLS
