/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Cuts what a program prints into lines. */
typedef struct _PracticeOutputLines PracticeOutputLines;

typedef void (*PracticeLineFunc) (const char *line, gpointer user_data);

PracticeOutputLines *practice_output_lines_new (void);
void practice_output_lines_push (PracticeOutputLines *self,
                                 GBytes *bytes,
                                 PracticeLineFunc func,
                                 gpointer user_data);
/* What is left without a line end. */
void
practice_output_lines_flush (PracticeOutputLines *self, PracticeLineFunc func, gpointer user_data);
void practice_output_lines_free (PracticeOutputLines *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeOutputLines, practice_output_lines_free)

G_END_DECLS
