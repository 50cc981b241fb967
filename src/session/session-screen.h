/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A colour of the terminal's sixteen, or none: the screen's own. */
#define SESSION_SCREEN_NO_COLOR 16

typedef struct {
  gunichar letter;   /* 0: nothing was written here, or the right half of a wide letter */
  guint8 foreground; /* 0 to 15, or SESSION_SCREEN_NO_COLOR */
  guint8 background;
  gboolean bold;
} SessionScreenCell;

/* What a terminal shows, known without a display: enough for shells, kubectl, pagers and editors.
 */
typedef struct _SessionScreen SessionScreen;

SessionScreen *session_screen_new (guint columns, guint rows);
void session_screen_free (SessionScreen *self);
void session_screen_feed (SessionScreen *self, const char *data, gsize length);
guint session_screen_get_columns (SessionScreen *self);
guint session_screen_get_rows (SessionScreen *self);
const SessionScreenCell *session_screen_get_row (SessionScreen *self, guint row);
/* Whether the row's text goes on in the next row. */
gboolean session_screen_get_wrapped (SessionScreen *self, guint row);
/* A full-screen program has it. */
gboolean session_screen_get_alternate (SessionScreen *self);
char *session_screen_dup_text (SessionScreen *self);
void session_screen_begin_record (SessionScreen *self);
char *session_screen_dup_record (SessionScreen *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SessionScreen, session_screen_free)

G_END_DECLS
