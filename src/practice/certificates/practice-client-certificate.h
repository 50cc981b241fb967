/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "practice-store.h"
#include "practice-user.h"

G_BEGIN_DECLS

/* (transfer full) (nullable): whom a certificate is of, where the cluster's authority has signed it
 * for clients and it is good now. */
PracticeUser *
practice_client_certificate_check (PracticeStore *store, GTlsCertificate *certificate);

G_END_DECLS
