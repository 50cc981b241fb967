/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-shell-program.h"

/**
 * PracticeShellProgram:
 *
 * The shell of an image such as busybox: with nothing to read it ends at once.
 */
struct _PracticeShellProgram {
  PracticeProgram parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeShellProgram, practice_shell_program, PRACTICE_TYPE_PROGRAM)

static gboolean
practice_shell_program_start (PracticeProgram *program, int *status)
{
  *status = 0;

  return practice_program_get_launch (program)->has_input;
}

static void
practice_shell_program_class_init (PracticeShellProgramClass *klass)
{
  PRACTICE_PROGRAM_CLASS (klass)->start = practice_shell_program_start;
}

static void
practice_shell_program_init (PracticeShellProgram *self)
{
}
