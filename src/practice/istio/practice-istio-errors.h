/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is wrong with an object, put together as Istio does: one error as it stands, several as a
 * list, and a list also where one of them asks for it. */
typedef struct {
  GPtrArray *messages; /* of char * */
  gboolean is_list;
} PracticeIstioErrors;

void practice_istio_errors_init (PracticeIstioErrors *self);
void practice_istio_errors_clear (PracticeIstioErrors *self);
void
practice_istio_errors_add (PracticeIstioErrors *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* One that is printed as a list even alone. */
void practice_istio_errors_add_listed (PracticeIstioErrors *self, const char *message);
/* (transfer full) (nullable) */
char *practice_istio_errors_dup_text (PracticeIstioErrors *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PracticeIstioErrors, practice_istio_errors_clear)

G_END_DECLS
