/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "session-finding.h"

G_BEGIN_DECLS

/* Signs @user in at Bookinfo's page. @base: "http://HOST:PORT". Where @user is NULL nothing is
 * asked, and there are no cookies. */
void session_sign_in_async (SoupSession *session,
                            const char *base,
                            const char *user,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
/* @cookies: (out) (transfer full) (element-type SoupCookie): to be sent with what is asked next */
gboolean session_sign_in_finish (GAsyncResult *result, GSList **cookies, GError **error);
/* (transfer full): what @error of that means for @check */
SessionFinding *session_sign_in_new_finding (CourseCheck *check, const GError *error);

G_END_DECLS
