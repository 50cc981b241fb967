/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A command that somebody has typed, and that has ended. */
typedef struct {
  const char *line;
  const char *output;
  int exit_status;       /* -1: not known */
  const char *directory; /* (nullable): where it was typed */
  const char *home;      /* (nullable): what a "~" is */
} SessionTyped;

/* Whether it is the command of a form of a step. */
gboolean session_typing_is (const SessionTyped *typed, const char *form);
/* Whether it is a command that has @part in it, as the check of a step says. */
gboolean session_typing_has (const SessionTyped *typed, const char *form, const char *part);

G_END_DECLS
