/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-program.h"

G_BEGIN_DECLS

/* Bookinfo's reviews, all three versions. */
#define PRACTICE_TYPE_REVIEWS_PROGRAM (practice_reviews_program_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeReviewsProgram, practice_reviews_program, PRACTICE, REVIEWS_PROGRAM, PracticeProgram)

G_END_DECLS
