/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-http-message.h"

G_BEGIN_DECLS

/* The cookie by which productpage knows who has signed in. */
char *practice_user_session_dup_user (PracticeHttpRequest *request);
char *practice_user_session_dup_cookie (const char *user);

G_END_DECLS
