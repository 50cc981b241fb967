/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-program.h"

G_BEGIN_DECLS

/* A shell that has nothing to do: it ends unless somebody may type. */
#define PRACTICE_TYPE_SHELL_PROGRAM (practice_shell_program_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeShellProgram, practice_shell_program, PRACTICE, SHELL_PROGRAM, PracticeProgram)

G_END_DECLS
