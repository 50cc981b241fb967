/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-program.h"

G_BEGIN_DECLS

/* The databases of Bookinfo's ratings v2. */
#define PRACTICE_TYPE_RATINGS_DATABASE (practice_ratings_database_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeRatingsDatabase, practice_ratings_database, PRACTICE, RATINGS_DATABASE, PracticeProgram)

G_END_DECLS
