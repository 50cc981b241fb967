/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "practice-drills.h"
#include "practice-sandbox.h"

G_BEGIN_DECLS

/* The owner's side towards its clients: those that started konvoy-practice on the same folder.
 * Signal: "empty", when the last of them has gone. */
#define PRACTICE_TYPE_CONTROL (practice_control_get_type ())
G_DECLARE_FINAL_TYPE (PracticeControl, practice_control, PRACTICE, CONTROL, GObject)

PracticeControl *practice_control_new (void);
gboolean practice_control_listen (PracticeControl *self, const char *path, GError **error);
PracticeChannel *practice_control_add_client (PracticeControl *self, GSocket *socket);
void practice_control_set_drills (PracticeControl *self, PracticeDrills *drills);
void practice_control_set_ready (PracticeControl *self,
                                 const char *line,
                                 PracticeSandbox *sandbox,
                                 const char *const *environment,
                                 const char *bin);
void practice_control_fail (PracticeControl *self, const char *message);

G_END_DECLS
