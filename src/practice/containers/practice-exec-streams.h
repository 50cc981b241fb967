/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Which streams a client of exec or attach wants. */
typedef struct {
  gboolean in;
  gboolean out;
  gboolean err;
  gboolean tty; /* then err is in out */
} PracticeExecOptions;

/* The streams of exec and attach on a connection, whatever its protocol. */
#define PRACTICE_TYPE_EXEC_STREAMS (practice_exec_streams_get_type ())
G_DECLARE_DERIVABLE_TYPE (
  PracticeExecStreams, practice_exec_streams, PRACTICE, EXEC_STREAMS, GObject)

struct _PracticeExecStreamsClass {
  GObjectClass parent_class;

  void (*start) (PracticeExecStreams *self);
  /* @number: 1 or 2, as a file descriptor */
  void (*send) (PracticeExecStreams *self, guint number, GBytes *data);
  gboolean (*is_full) (PracticeExecStreams *self);
  void (*set_reading) (PracticeExecStreams *self, gboolean reading);
  void (*finish) (PracticeExecStreams *self, const char *status);
  void (*close) (PracticeExecStreams *self);
};

/* Until "ready" nothing may be sent. */
void practice_exec_streams_start (PracticeExecStreams *self);
/* What the client does not want is dropped. */
void practice_exec_streams_send (PracticeExecStreams *self, guint number, GBytes *data);
gboolean practice_exec_streams_is_full (PracticeExecStreams *self);
void practice_exec_streams_set_reading (PracticeExecStreams *self, gboolean reading);
/* Sends the Status that tells how it went, and closes. */
void practice_exec_streams_finish (PracticeExecStreams *self, JsonNode *status);
void practice_exec_streams_close (PracticeExecStreams *self);

const PracticeExecOptions *practice_exec_streams_get_options (PracticeExecStreams *self);
/* For subclasses: bytes of JSON objects of sizes, in any pieces. */
void practice_exec_streams_take_sizes (PracticeExecStreams *self, GBytes *data);

/* Signals: "ready"; "input" (GBytes *); "input-ended"; "resize" (guint columns, guint rows);
 * "drained"; "closed": by the client. */

G_END_DECLS
