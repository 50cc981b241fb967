/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-echo.h"
#include "session-master.h"
#include "session-pty.h"
#include "session-run.h"
#include "session-shell.h"

G_BEGIN_DECLS

struct _SessionPty {
  GObject parent_instance;

  gboolean has_prompt_marks;
  SessionShell *shell;
  SessionEcho *echo;
  SessionRun *run; /* (nullable): a step types in it, and its command has not ended */

  guint columns;
  guint rows;
  SessionMaster *master; /* (nullable) */
  GPid pid;              /* 0: none */
  int shell_group;
  gboolean alive;
  gboolean busy; /* as last notified */
  gboolean paused;
  gint64 spawned_at;
  gint64 output_at;
  GSource *child_source;
};

void session_pty_update_busy (SessionPty *self);

/* For SessionRun, which watches a command in the terminal. */
void session_pty_expect_echo (SessionPty *self, const char *text);
SessionShell *session_pty_get_shell (SessionPty *self);
gboolean session_pty_get_has_prompt_marks (SessionPty *self);
void session_pty_set_shell_group (SessionPty *self, int group);
int session_pty_get_shell_group (SessionPty *self);      /* 0: not known */
int session_pty_get_foreground_group (SessionPty *self); /* 0: not known */
gint64 session_pty_get_spawned_at (SessionPty *self);    /* monotonic µs */
gint64 session_pty_get_output_at (SessionPty *self);     /* of the last byte; 0: none yet */
/* A step types in it, and its command has not ended. */
gboolean session_pty_get_running (SessionPty *self);
gboolean session_pty_get_paused (SessionPty *self);
void session_pty_run_ended (SessionPty *self);

G_END_DECLS
