/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <vte/vte.h>

G_BEGIN_DECLS

guint lab_paste_count_lines (const char *text);
void lab_paste_from_clipboard (VteTerminal *terminal, GdkClipboard *clipboard);

G_END_DECLS
