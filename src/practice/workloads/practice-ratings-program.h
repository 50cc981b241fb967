/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-program.h"

G_BEGIN_DECLS

/* Bookinfo's ratings. */
#define PRACTICE_TYPE_RATINGS_PROGRAM (practice_ratings_program_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeRatingsProgram, practice_ratings_program, PRACTICE, RATINGS_PROGRAM, PracticeProgram)

G_END_DECLS
