/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Frames of SPDY/3.1 for a client that opens all streams. All bytes are (transfer full); they must
 * be sent in the order they were made in. */
typedef struct _PracticeSpdyWriter PracticeSpdyWriter;

PracticeSpdyWriter *practice_spdy_writer_new (void);
/* SYN_REPLY without headers. */
GBytes *practice_spdy_writer_accept (PracticeSpdyWriter *self, guint32 stream);
GBytes *practice_spdy_writer_data (
  PracticeSpdyWriter *self, guint32 stream, gconstpointer data, gsize length, gboolean is_last);
GBytes *practice_spdy_writer_reset (PracticeSpdyWriter *self, guint32 stream);
GBytes *practice_spdy_writer_ping (PracticeSpdyWriter *self, guint32 number);
/* SYN_STREAM; for tests of the reader. */
GBytes *practice_spdy_writer_open (PracticeSpdyWriter *self,
                                   guint32 stream,
                                   const char *const *headers,
                                   gboolean is_last);
void practice_spdy_writer_free (PracticeSpdyWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeSpdyWriter, practice_spdy_writer_free)

G_END_DECLS
