/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-selector.h"

G_BEGIN_DECLS

/* Adds the conditions of @text, "app in (a, b),!old", to @selector. */
gboolean practice_label_parser_parse (PracticeSelector *selector, const char *text, GError **error);

G_END_DECLS
