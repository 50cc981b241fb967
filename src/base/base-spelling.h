/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether one word may have been meant for the other: they are not the same, and nearly so. */
gboolean base_spelling_is_near (const char *a, const char *b);

G_END_DECLS
