/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Bytes of a connection, pipe or terminal both ways, with a queue of what is to be sent. Keeps
 * itself alive until it has ended, by an end of both directions, an error or
 * practice_wire_close(). */
#define PRACTICE_TYPE_WIRE (practice_wire_get_type ())
G_DECLARE_FINAL_TYPE (PracticeWire, practice_wire, PRACTICE, WIRE, GObject)

PracticeWire *practice_wire_new (GIOStream *stream);
/* Both nullable, both (transfer none). */
PracticeWire *practice_wire_new_for_streams (GInputStream *input, GOutputStream *output);
/* Whether what comes is read: not at first. */
void practice_wire_set_reading (PracticeWire *self, gboolean reading);
void practice_wire_send (PracticeWire *self, GBytes *bytes);
/* Whether so much waits to be sent that no more should be added before "drained". */
gboolean practice_wire_is_full (PracticeWire *self);
/* Ends the output once all is sent; the input goes on. */
void practice_wire_end_output (PracticeWire *self);
/* Closes once all is sent, or the other side has not taken it for some seconds. */
void practice_wire_finish (PracticeWire *self);
/* At once; no more signals. */
void practice_wire_close (PracticeWire *self);

/* Signals: "data" (GBytes *); "end": nothing more comes; "drained": there is room again; "closed":
 * nothing can be sent any more. */

G_END_DECLS
