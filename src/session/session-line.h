/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Lines for a shell, as far as it takes to tell one command from another. */

typedef struct {
  char *text;       /* without its quotes */
  gboolean is_open; /* the shell puts something else there: "$(cat name)" */
} SessionLineWord;

/* One command of perhaps several. What is not of it is left out: variables that are set for it,
 * what only runs another (timeout, sudo), where it is redirected to, comments. */
typedef struct {
  GPtrArray *words; /* of SessionLineWord: the program first; at least one */
  guint line;       /* that it is on, from 0; what a backslash continues is one */
  gboolean has_document;
  gboolean tells_status; /* what the lines end with is what it ends with */
} SessionLineCommand;

GPtrArray *session_line_read (const char *text); /* of SessionLineCommand */
const char *session_line_command_get_program (const SessionLineCommand *command);

G_END_DECLS
