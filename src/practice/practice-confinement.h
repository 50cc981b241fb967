/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What programs may do that run where there is no sandbox: read this computer's programs, write to
 * one folder, and have no TCP of their own. */
typedef struct _PracticeConfinement PracticeConfinement;

/* FALSE where the kernel cannot keep them to it. */
gboolean practice_confinement_is_possible (void);

/* @readable, @writable: paths; those that are not there are passed over. */
PracticeConfinement *
practice_confinement_new (const char *const *readable, const char *const *writable);
void practice_confinement_free (PracticeConfinement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeConfinement, practice_confinement_free)

/* For a child between fork and exec: only system calls. 0 or an errno. */
int practice_confinement_enter (const PracticeConfinement *self);

G_END_DECLS
