/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-program.h"

G_BEGIN_DECLS

/* nginx and httpd with the page that they have when nobody gave them another. */
#define PRACTICE_TYPE_WEB_SERVER (practice_web_server_get_type ())
G_DECLARE_FINAL_TYPE (PracticeWebServer, practice_web_server, PRACTICE, WEB_SERVER, PracticeProgram)

G_END_DECLS
