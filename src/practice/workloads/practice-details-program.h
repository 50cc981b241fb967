/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-program.h"

G_BEGIN_DECLS

/* Bookinfo's details. */
#define PRACTICE_TYPE_DETAILS_PROGRAM (practice_details_program_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeDetailsProgram, practice_details_program, PRACTICE, DETAILS_PROGRAM, PracticeProgram)

G_END_DECLS
