/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* Where the cluster's ops portal is and who may log in: a Service's load balancer and a Secret. */
#define PRACTICE_OPS_PORTAL_PATH "/ops/landing"

/* (transfer full): for the Secret of a new cluster */
JsonNode *practice_ops_portal_new_secret (void);
/* All (nullable): the Secret or the load balancer may be missing. */
char *practice_ops_portal_dup_url (PracticeStore *store);
char *practice_ops_portal_dup_username (PracticeStore *store);
char *practice_ops_portal_dup_password (PracticeStore *store);

G_END_DECLS
