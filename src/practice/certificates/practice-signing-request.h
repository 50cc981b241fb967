/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "practice-causes.h"
#include "practice-store.h"
#include "practice-user.h"

G_BEGIN_DECLS

/* What is known of a CertificateSigningRequest. */
#define PRACTICE_SIGNING_REQUESTS "certificates.k8s.io/certificatesigningrequests"

#define PRACTICE_APPROVED "Approved"
#define PRACTICE_DENIED "Denied"
#define PRACTICE_FAILED "Failed"

#define PRACTICE_SIGNER_CLIENT "kubernetes.io/kube-apiserver-client"
#define PRACTICE_SIGNER_KUBELET_CLIENT "kubernetes.io/kube-apiserver-client-kubelet"
#define PRACTICE_SIGNER_KUBELET_SERVING "kubernetes.io/kubelet-serving"
#define PRACTICE_SIGNER_LEGACY "kubernetes.io/legacy-unknown"

/* The groups of subjects of kubelets, and the beginning of their names. */
#define PRACTICE_NODES_GROUP "system:nodes"
#define PRACTICE_NODE_PREFIX "system:node:"

void practice_signing_request_validate (JsonNode *object,
                                        JsonNode *old,
                                        const char *api_version,
                                        PracticeCauses *causes);

/* FALSE with a Status: nobody gets the groups of an administrator that way. */
gboolean practice_signing_request_check_subject (JsonNode *object, GError **error);
/* FALSE with a Status: @user may not approve for the signer of @object. */
gboolean practice_signing_request_check_approver (PracticeStore *store,
                                                  const PracticeUser *user,
                                                  JsonNode *object,
                                                  GError **error);
/* What a write of a subresource leaves as it was in @old. */
void practice_signing_request_merge (JsonNode *object, JsonNode *old, gboolean approval);

G_END_DECLS
