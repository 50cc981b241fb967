/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-place.h"

G_BEGIN_DECLS

/* What the three places have in common: state, error, title and notice, attempts to connect that
 * several callers share, and trying again after a loss. */
#define JUMP_TYPE_CONNECTION (jump_connection_get_type ())
G_DECLARE_DERIVABLE_TYPE (JumpConnection, jump_connection, JUMP, CONNECTION, GObject)

struct _JumpConnectionClass {
  GObjectClass parent_class;

  /* One attempt. A failed one leaves nothing behind. */
  void (*open_async) (JumpConnection *self,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  gboolean (*open_finish) (JumpConnection *self, GAsyncResult *result, GError **error);
  /* Ends what an attempt has opened; may be called where nothing is open. */
  void (*close) (JumpConnection *self);
};

void jump_connection_set_title (JumpConnection *self, const char *title);
void jump_connection_set_notice (JumpConnection *self, const char *notice);
gboolean jump_connection_is_automatic (JumpConnection *self);
void jump_connection_lose (JumpConnection *self, const GError *error);

G_END_DECLS
