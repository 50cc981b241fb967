/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-store.h"
#include "practice-user.h"

G_BEGIN_DECLS

#define PRACTICE_ROLES "rbac.authorization.k8s.io/roles"
#define PRACTICE_ROLE_BINDINGS "rbac.authorization.k8s.io/rolebindings"
#define PRACTICE_CLUSTER_ROLES "rbac.authorization.k8s.io/clusterroles"
#define PRACTICE_CLUSTER_ROLE_BINDINGS "rbac.authorization.k8s.io/clusterrolebindings"

/* What somebody wants to do. */
typedef struct {
  const char *verb;
  const char *group;       /* "" is core; NULL: not a resource */
  const char *resource;    /* "pods" */
  const char *subresource; /* (nullable) */
  const char *namespace_;  /* (nullable) */
  const char *name;        /* (nullable) */
  const char *path;        /* of what is no resource */
} PracticeAccess;

/* RBAC (https://kubernetes.io/docs/reference/access-authn-authz/rbac/). */
gboolean practice_authorizer_allows (PracticeStore *store,
                                     const PracticeUser *user,
                                     const PracticeAccess *access);
/* "User "x" cannot list resource "pods" in API group "" in the namespace "default"" */
char *practice_authorizer_dup_refusal (const PracticeUser *user, const PracticeAccess *access);
/* (element-type JsonNode) (transfer container): the rules for a user in a namespace. */
GPtrArray *practice_authorizer_list_rules (PracticeStore *store,
                                           const PracticeUser *user,
                                           const char *namespace_);

G_END_DECLS
