/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-http-message.h"

G_BEGIN_DECLS

/* The HTML of the add-ons' pages. Appends; what is printed is escaped, so that a format is HTML and
 * its arguments are text (g_markup_printf_escaped()). */
GString *practice_web_page_begin (const char *title);
void practice_web_page_add (GString *page, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Takes @page. */
PracticeHttpResponse *practice_web_page_end (GString *page, guint status);

G_END_DECLS
