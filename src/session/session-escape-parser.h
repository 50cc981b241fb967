/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a shell tells its terminal between the lines: prompt marks, bracketed paste. */
typedef struct {
  /* What a reader of the screen would see: no escape sequences, of controls only \n and \t. */
  void (*text) (const char *text, gsize length, gpointer user_data);
  /* 'A' before a prompt, 'B' after it, 'C' before a command's output, 'D' after it. @status: of
   * 'D', -1 where it says none. */
  void (*mark) (char mark, int status, gpointer user_data);
  void (*bracketed_paste) (gboolean on, gpointer user_data);
  /* The shell's, by OSC 7. @path (nullable): as a file name; NULL: it cannot be read. May be NULL.
   */
  void (*directory) (const char *path, gpointer user_data);
  /* For one who draws the screen; these may be NULL. Another control than \n and \t; what stands
   * after ESC, such as 'M'; and after ESC [, as "1;31" and 'm'. */
  void (*control) (char control, gpointer user_data);
  void (*escape) (char final, gpointer user_data);
  void (*csi) (const char *parameters, char final, gpointer user_data);
} SessionEscapeHandlers;

typedef struct _SessionEscapeParser SessionEscapeParser;

SessionEscapeParser *
session_escape_parser_new (const SessionEscapeHandlers *handlers, gpointer user_data);
void session_escape_parser_feed (SessionEscapeParser *self, const char *data, gsize length);
void session_escape_parser_free (SessionEscapeParser *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SessionEscapeParser, session_escape_parser_free)

G_END_DECLS
