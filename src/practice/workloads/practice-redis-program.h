/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-program.h"

G_BEGIN_DECLS

/* redis-server. */
#define PRACTICE_TYPE_REDIS_PROGRAM (practice_redis_program_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeRedisProgram, practice_redis_program, PRACTICE, REDIS_PROGRAM, PracticeProgram)

G_END_DECLS
