/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <gio/gunixfdlist.h>

G_BEGIN_DECLS

/* Messages (a{sv}, each with an "op") and file descriptors over a sequenced-packet Unix socket:
 * how the owner, its clients and the agent in the sandbox talk. Signals: "message" (GVariant
 * *message, GUnixFDList *fds), "closed" (once, when the other side has gone or sent nonsense; its
 * side sees ours closed when the channel is). */
#define PRACTICE_TYPE_CHANNEL (practice_channel_get_type ())
G_DECLARE_FINAL_TYPE (PracticeChannel, practice_channel, PRACTICE, CHANNEL, GObject)

/* Bytes of the longest message. */
#define PRACTICE_CHANNEL_LIMIT (128 * 1024)

GSocket *practice_channel_listen (const char *path, GError **error);
GSocket *practice_channel_connect (const char *path, GError **error);
PracticeChannel *practice_channel_new (GSocket *socket);
void practice_channel_send (PracticeChannel *self, GVariant *message, GUnixFDList *fds);
void practice_channel_finish (PracticeChannel *self);
void practice_channel_close (PracticeChannel *self);
gboolean practice_channel_is_open (PracticeChannel *self);

G_END_DECLS
