/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-program.h"

G_BEGIN_DECLS

/* kennethreitz/httpbin, as far as one tries it by hand. */
#define PRACTICE_TYPE_HTTPBIN (practice_httpbin_get_type ())
G_DECLARE_FINAL_TYPE (PracticeHttpbin, practice_httpbin, PRACTICE, HTTPBIN, PracticeProgram)

G_END_DECLS
