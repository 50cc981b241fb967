/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef enum {
  PRACTICE_POLICY_INGRESS,
  PRACTICE_POLICY_EGRESS,
} PracticePolicyDirection;

typedef enum {
  PRACTICE_PROTOCOL_TCP,
  PRACTICE_PROTOCOL_UDP,
} PracticeProtocol;

/* One end of a connection: a pod with its namespace, or an address that is no pod's. */
typedef struct {
  const char *address;  /* IPv4 */
  JsonNode *pod;        /* (nullable) */
  JsonNode *namespace_; /* (nullable): a Namespace; its labels */
} PracticePolicyEnd;

/* What a cluster's NetworkPolicies say together. Immutable. */
typedef struct _PracticePolicies PracticePolicies;

/* (element-type JsonNode) @policies: of networking.k8s.io/v1 */
PracticePolicies *practice_policies_new (GPtrArray *policies);
void practice_policies_free (PracticePolicies *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticePolicies, practice_policies_free)

gboolean practice_policies_isolate (PracticePolicies *self,
                                    JsonNode *pod,
                                    PracticePolicyDirection direction);
gboolean practice_policies_admit (PracticePolicies *self,
                                  const PracticePolicyEnd *source,
                                  const PracticePolicyEnd *target,
                                  PracticeProtocol protocol,
                                  guint16 port);
gboolean practice_policies_let_out (PracticePolicies *self,
                                    const PracticePolicyEnd *source,
                                    const PracticePolicyEnd *target,
                                    PracticeProtocol protocol,
                                    guint16 port);

G_END_DECLS
