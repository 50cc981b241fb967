/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether some line "NAME:HASH" of @users has that name and password. */
gboolean
practice_password_file_check (const char *const *users, const char *name, const char *password);

G_END_DECLS
