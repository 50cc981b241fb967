/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define JUMP_TYPE_HOST_KEY (jump_host_key_get_type ())

/* A server's public key, as a line of a known_hosts file. */
typedef struct {
  char *line;
  char *kind;        /* "ED25519" */
  char *fingerprint; /* "SHA256:...", as ssh-keygen -l prints it */
} JumpHostKey;

GType jump_host_key_get_type (void);
JumpHostKey *jump_host_key_parse (const char *line, GError **error);
JumpHostKey *jump_host_key_copy (const JumpHostKey *self);
void jump_host_key_free (JumpHostKey *self);
gboolean jump_host_key_trust (const JumpHostKey *self, const char *path, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (JumpHostKey, jump_host_key_free)

G_END_DECLS
