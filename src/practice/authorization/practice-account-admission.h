/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

#define PRACTICE_ACCOUNT_FOLDER "/var/run/secrets/kubernetes.io/serviceaccount"

/* Gives a new pod, changed in place, its service account and a volume with the token of it. FALSE
 * with a Status where there is no such account. */
gboolean practice_account_admission_admit (PracticeStore *store, JsonNode *pod, GError **error);

G_END_DECLS
