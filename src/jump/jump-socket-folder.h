/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A 0700 folder for one place's sockets, gone with the object. */
#define JUMP_TYPE_SOCKET_FOLDER (jump_socket_folder_get_type ())
G_DECLARE_FINAL_TYPE (JumpSocketFolder, jump_socket_folder, JUMP, SOCKET_FOLDER, GObject)

JumpSocketFolder *jump_socket_folder_new (const char *kind, GError **error);
const char *jump_socket_folder_get_path (JumpSocketFolder *self);
char *jump_socket_folder_dup_child (JumpSocketFolder *self, const char *name);
const char *jump_socket_folder_get_socket (JumpSocketFolder *self, const char *host, guint16 port);

G_END_DECLS
