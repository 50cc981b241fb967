/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A Unix socket of ours; each connection to it is carried to the place by a subclass. */
#define JUMP_TYPE_RELAY (jump_relay_get_type ())
G_DECLARE_DERIVABLE_TYPE (JumpRelay, jump_relay, JUMP, RELAY, GObject)

struct _JumpRelayClass {
  GObjectClass parent_class;

  /* Carries @client until it ends. An error is nothing to @client but a closed connection. */
  void (*serve_async) (JumpRelay *self,
                       GSocketConnection *client,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  gboolean (*serve_finish) (JumpRelay *self, GAsyncResult *result, GError **error);
};

gboolean jump_relay_listen (JumpRelay *self, const char *path, guint max_clients, GError **error);
void jump_relay_close (JumpRelay *self);

G_END_DECLS
