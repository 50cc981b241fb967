/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The master side of a pseudo-terminal: what is printed comes by the signal "output" (GBytes), what
 * is typed waits where the terminal does not take it yet. */
#define SESSION_TYPE_MASTER (session_master_get_type ())
G_DECLARE_FINAL_TYPE (SessionMaster, session_master, SESSION, MASTER, GObject)

/* Takes @fd, which must not block. It does not read yet. */
SessionMaster *session_master_new (int fd);
void session_master_set_reading (SessionMaster *self, gboolean reading);
/* What is there now, at most once. */
void session_master_read (SessionMaster *self);
/* FALSE: too much waits already, and nothing of @data is taken. */
gboolean session_master_write (SessionMaster *self, const char *data, gsize length);
void session_master_set_size (SessionMaster *self, guint columns, guint rows);
int session_master_get_foreground_group (SessionMaster *self); /* 0: not known */
void session_master_close (SessionMaster *self);

G_END_DECLS
