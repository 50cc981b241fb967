/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <pango/pango.h>

G_BEGIN_DECLS

PangoAttrList *lab_syntax_highlight (const char *text, const char *language, gboolean dark);

G_END_DECLS
