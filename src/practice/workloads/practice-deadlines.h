/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Times that things wait for, by name. */
#define PRACTICE_TYPE_DEADLINES (practice_deadlines_get_type ())
G_DECLARE_FINAL_TYPE (PracticeDeadlines, practice_deadlines, PRACTICE, DEADLINES, GObject)

PracticeDeadlines *practice_deadlines_new (void);
/* Milliseconds that are left of @milliseconds since the first call; 0: it is over, and forgotten.
 */
guint practice_deadlines_wait (PracticeDeadlines *self, const char *name, guint milliseconds);
/* All whose name begins so. */
void practice_deadlines_forget (PracticeDeadlines *self, const char *prefix);

G_END_DECLS
