/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-program.h"

G_BEGIN_DECLS

/* hashicorp/http-echo: one text for every request. */
#define PRACTICE_TYPE_HTTP_ECHO (practice_http_echo_get_type ())
G_DECLARE_FINAL_TYPE (PracticeHttpEcho, practice_http_echo, PRACTICE, HTTP_ECHO, PracticeProgram)

G_END_DECLS
