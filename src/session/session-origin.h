/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whose pages they are: scheme, host and port (RFC 6454), and where to connect for them where that
 * is not the host itself, as for the host of an Ingress. Plain data, owned by who parsed it. */
typedef struct {
  char *scheme; /* "http" or "https" */
  char *host;   /* without brackets */
  guint16 port;
  char *via; /* (nullable): another host to connect to */
} SessionOrigin;

SessionOrigin *session_origin_parse (const char *url, const char *via, char **path, GError **error);
SessionOrigin *session_origin_copy (const SessionOrigin *self);
void session_origin_free (SessionOrigin *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SessionOrigin, session_origin_free)
gboolean session_origin_equal (const SessionOrigin *self, const SessionOrigin *other);
const char *session_origin_get_target (const SessionOrigin *self);
char *session_origin_to_string (const SessionOrigin *self);
char *session_origin_replace (const SessionOrigin *self, const char *text, const char *by);

G_END_DECLS
