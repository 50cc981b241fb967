/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-sandbox.h"

G_BEGIN_DECLS

/* A program in a container, with its streams at hand. Ended when the last reference goes. */
#define PRACTICE_TYPE_PROCESS (practice_process_get_type ())
G_DECLARE_FINAL_TYPE (PracticeProcess, practice_process, PRACTICE, PROCESS, GObject)

typedef struct {
  const char *const *argv;
  const char *const *environment;
  const char *folder; /* (nullable): where it starts */
  gboolean has_input; /* else it reads nothing */
  gboolean has_terminal;
} PracticeProcessSpec;

PracticeProcess *
practice_process_new (PracticeSandbox *sandbox, const PracticeProcessSpec *spec, GError **error);
/* Whether what it prints is taken: not at first. */
void practice_process_set_reading (PracticeProcess *self, gboolean reading);
void practice_process_write (PracticeProcess *self, GBytes *bytes);
void practice_process_end_input (PracticeProcess *self);
/* Whether to wait for "drained" before writing more. */
gboolean practice_process_is_full (PracticeProcess *self);
void practice_process_resize (PracticeProcess *self, guint columns, guint rows);
/* Asks it to end, by SIGTERM or as a closed terminal does, and by force two seconds later. */
void practice_process_hang_up (PracticeProcess *self);
void practice_process_kill (PracticeProcess *self);

/* Signals: "output" (guint number, GBytes *); "drained"; "failed" (int code, const char *message):
 * it never ran; "ended" (int status, as waitpid gives it), after all that it printed. */

G_END_DECLS
