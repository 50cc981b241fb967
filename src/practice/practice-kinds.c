/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-kinds.h"

/* kubectl takes the first group that has a name: so networking.k8s.io goes before extensions. */
static const PracticeKind *const kinds[] = {
  &practice_component_status_kind,
  &practice_configmap_kind,
  &practice_endpoints_kind,
  &practice_event_kind,
  &practice_namespace_kind,
  &practice_node_kind,
  &practice_pod_kind,
  &practice_pod_template_kind,
  &practice_replication_controller_kind,
  &practice_secret_kind,
  &practice_service_account_kind,
  &practice_service_kind,
  &practice_api_service_kind,
  &practice_revision_kind,
  &practice_daemon_set_kind,
  &practice_deployment_kind,
  &practice_replica_set_kind,
  &practice_stateful_set_kind,
  &practice_ingress_class_kind,
  &practice_ingress_kind,
  &practice_network_policy_kind,
  &practice_extensions_ingress_kind,
  &practice_access_review_kind,
  &practice_rules_review_kind,
  &practice_signing_request_kind,
  &practice_mutating_webhook_kind,
  &practice_validating_webhook_kind,
  &practice_definition_kind,
  &practice_endpoint_slice_kind,
  &practice_lease_kind,
  &practice_cluster_role_binding_kind,
  &practice_cluster_role_kind,
  &practice_role_binding_kind,
  &practice_role_kind,
  &practice_local_review_kind,
  &practice_subject_review_kind,
  &practice_self_review_kind,
  &practice_limit_range_kind,
  &practice_resource_quota_kind,
  &practice_volume_claim_kind,
  &practice_volume_kind,
  &practice_horizontal_scaler_kind,
  &practice_cron_job_kind,
  &practice_job_kind,
  &practice_disruption_budget_kind,
  &practice_priority_class_kind,
  &practice_storage_class_kind,
  NULL,
};

/**
 * practice_kinds_get:
 *
 * Returns: (transfer none) (array zero-terminated=1): every kind that the server knows by itself,
 *   in the order of discovery
 */
const PracticeKind *const *
practice_kinds_get (void)
{
  return kinds;
}
