/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <vte/vte.h>

G_BEGIN_DECLS

GtkWidget *lab_terminal_menu_attach (VteTerminal *terminal);

G_END_DECLS
