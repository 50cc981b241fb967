/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "session-origin.h"
#include "session-pages.h"

G_BEGIN_DECLS

/* What a request is handed on with. */
typedef struct {
  SessionPages *pages; /* (nullable): for redirects to other origins */
  SoupSession *session;
  const SessionOrigin *origin;
  const char *own; /* the origin that the browser sees */
  gboolean trusted;
} SessionPageRoute;

void session_page_request_run_async (const SessionPageRoute *route,
                                     SoupServerMessage *message,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
void session_page_request_run_finish (GAsyncResult *result);
void session_page_answer (SoupServerMessage *message, guint status, const char *sentence);

G_END_DECLS
