/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-program.h"

G_BEGIN_DECLS

/* echoserver: tells of each request what arrived. */
#define PRACTICE_TYPE_ECHO_SERVER (practice_echo_server_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeEchoServer, practice_echo_server, PRACTICE, ECHO_SERVER, PracticeProgram)

G_END_DECLS
