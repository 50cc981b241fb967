/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-kind.h"

G_BEGIN_DECLS

extern const PracticeKind practice_api_service_kind;
extern const PracticeKind practice_component_status_kind;
extern const PracticeKind practice_configmap_kind;
extern const PracticeKind practice_cron_job_kind;
extern const PracticeKind practice_daemon_set_kind;
extern const PracticeKind practice_definition_kind;
extern const PracticeKind practice_deployment_kind;
extern const PracticeKind practice_disruption_budget_kind;
extern const PracticeKind practice_endpoint_slice_kind;
extern const PracticeKind practice_endpoints_kind;
extern const PracticeKind practice_event_kind;
extern const PracticeKind practice_extensions_ingress_kind;
extern const PracticeKind practice_ingress_class_kind;
extern const PracticeKind practice_ingress_kind;
extern const PracticeKind practice_lease_kind;
extern const PracticeKind practice_mutating_webhook_kind;
extern const PracticeKind practice_namespace_kind;
extern const PracticeKind practice_network_policy_kind;
extern const PracticeKind practice_node_kind;
extern const PracticeKind practice_pod_kind;
extern const PracticeKind practice_pod_template_kind;
extern const PracticeKind practice_replica_set_kind;
extern const PracticeKind practice_replication_controller_kind;
extern const PracticeKind practice_revision_kind;
extern const PracticeKind practice_rules_review_kind;
extern const PracticeKind practice_access_review_kind;
extern const PracticeKind practice_secret_kind;
extern const PracticeKind practice_service_account_kind;
extern const PracticeKind practice_service_kind;
extern const PracticeKind practice_signing_request_kind;
extern const PracticeKind practice_stateful_set_kind;
extern const PracticeKind practice_cluster_role_binding_kind;
extern const PracticeKind practice_cluster_role_kind;
extern const PracticeKind practice_horizontal_scaler_kind;
extern const PracticeKind practice_job_kind;
extern const PracticeKind practice_limit_range_kind;
extern const PracticeKind practice_local_review_kind;
extern const PracticeKind practice_priority_class_kind;
extern const PracticeKind practice_resource_quota_kind;
extern const PracticeKind practice_storage_class_kind;
extern const PracticeKind practice_validating_webhook_kind;
extern const PracticeKind practice_volume_claim_kind;
extern const PracticeKind practice_volume_kind;
extern const PracticeKind practice_role_binding_kind;
extern const PracticeKind practice_role_kind;
extern const PracticeKind practice_self_review_kind;
extern const PracticeKind practice_subject_review_kind;

/* (array zero-terminated=1): every kind, in the order of discovery. */
const PracticeKind *const *practice_kinds_get (void);

G_END_DECLS
