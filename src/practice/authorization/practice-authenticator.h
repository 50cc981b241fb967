/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <libsoup/soup.h>

#include "practice-store.h"
#include "practice-user.h"

G_BEGIN_DECLS

/* Who has sent a request: the bearer of @admin_token or of a service account's token, or whom that
 * one impersonates. NULL with a Status. */
PracticeUser *practice_authenticator_check (PracticeStore *store,
                                            const char *admin_token,
                                            SoupMessageHeaders *headers,
                                            GTlsCertificate *certificate,
                                            GError **error);

G_END_DECLS
