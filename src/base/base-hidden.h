/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Characters that nobody sees, or that make a line look like another one: what is shown would not
 * be what is run (Unicode Technical Standard 55, "Unicode Source Code Handling"). */
const char *base_hidden_find (const char *text);
const char *base_hidden_get_reason (gunichar letter);
char *base_hidden_dup_visible (const char *text);

G_END_DECLS
