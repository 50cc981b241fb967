/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

typedef void (*LabAnswerFunc) (gboolean yes, gpointer user_data);

void lab_question_ask (GtkWindow *parent,
                       const char *heading,
                       const char *body,
                       const char *accept_label,
                       AdwResponseAppearance appearance,
                       LabAnswerFunc answered,
                       gpointer user_data,
                       GDestroyNotify destroy);
void lab_question_ask_with (GtkWindow *parent,
                            const char *heading,
                            const char *body,
                            GtkWidget *extra,
                            const char *accept_label,
                            AdwResponseAppearance appearance,
                            LabAnswerFunc answered,
                            gpointer user_data,
                            GDestroyNotify destroy);
void lab_question_tell (GtkWindow *parent, const char *heading, const char *body);

G_END_DECLS
