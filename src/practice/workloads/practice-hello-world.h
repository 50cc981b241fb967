/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-program.h"

G_BEGIN_DECLS

/* Istio's helloworld. */
#define PRACTICE_TYPE_HELLO_WORLD (practice_hello_world_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeHelloWorld, practice_hello_world, PRACTICE, HELLO_WORLD, PracticeProgram)

G_END_DECLS
