/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The frames of SPDY/3.1 as kubectl sends them: bytes in, events out. */
typedef enum {
  PRACTICE_SPDY_OPEN,   /* SYN_STREAM: stream, headers, is_last */
  PRACTICE_SPDY_DATA,   /* stream, data, is_last; a long frame comes as several */
  PRACTICE_SPDY_RESET,  /* RST_STREAM: stream */
  PRACTICE_SPDY_PING,   /* number */
  PRACTICE_SPDY_GOAWAY, /* the other side opens no more streams */
} PracticeSpdyEventType;

typedef struct {
  PracticeSpdyEventType type;
  guint32 stream;
  guint32 number;
  gboolean is_last;    /* nothing more comes on the stream */
  GHashTable *headers; /* (nullable): name to value, names in lower case */
  GBytes *data;        /* (nullable) */
} PracticeSpdyEvent;

void practice_spdy_event_free (PracticeSpdyEvent *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeSpdyEvent, practice_spdy_event_free)

typedef struct _PracticeSpdyReader PracticeSpdyReader;

PracticeSpdyReader *practice_spdy_reader_new (void);
void practice_spdy_reader_push (PracticeSpdyReader *self, gconstpointer data, gsize length);
/* The next event; NULL: more bytes are needed, or, with @error, there never will be another. */
PracticeSpdyEvent *practice_spdy_reader_take (PracticeSpdyReader *self, GError **error);
void practice_spdy_reader_free (PracticeSpdyReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeSpdyReader, practice_spdy_reader_free)

G_END_DECLS
