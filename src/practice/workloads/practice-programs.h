/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-program.h"

G_BEGIN_DECLS

/* (transfer full) (nullable): the program that the image catalogue calls @server; takes @launch. */
PracticeProgram *practice_programs_new (const char *server, PracticeLaunch *launch);

G_END_DECLS
