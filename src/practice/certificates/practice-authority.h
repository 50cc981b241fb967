/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-certificate-request.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* The authority of the cluster that signs what users ask for; made when it is first needed. */

/* (nullable): its certificate, PEM. NULL where nobody has asked for one yet. */
char *practice_authority_dup_certificate (PracticeStore *store);
/* (nullable): PEM. @usages (NULL terminated) in the words of Kubernetes. */
char *practice_authority_sign (PracticeStore *store,
                               PracticeCertificateRequest *request,
                               const char *const *usages,
                               gint64 seconds,
                               GError **error);

/* (transfer container): the words for usages, sorted (NULL terminated). */
const char **practice_authority_list_usages (void);

G_END_DECLS
