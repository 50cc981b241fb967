/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "session-origin.h"
#include "session-pages.h"

G_BEGIN_DECLS

/* The pages of one origin on a port of this computer's loopback, for whoever has the cookie that a
 * one-use token is exchanged for. */
#define SESSION_TYPE_PAGE_RELAY (session_page_relay_get_type ())
G_DECLARE_FINAL_TYPE (SessionPageRelay, session_page_relay, SESSION, PAGE_RELAY, GObject)

SessionPageRelay *session_page_relay_new (SessionPages *pages,
                                          const SessionOrigin *origin,
                                          GSocketConnectable *way,
                                          gboolean trusted,
                                          GError **error);
void session_page_relay_close (SessionPageRelay *self);
char *session_page_relay_dup_url (SessionPageRelay *self, const char *path);
const SessionOrigin *session_page_relay_get_origin (SessionPageRelay *self);

G_END_DECLS
