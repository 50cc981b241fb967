/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "practice-folder.h"

G_BEGIN_DECLS

/* The one process of a folder that has its state, API, network and jumpserver, for as long as a
 * client is there. */
#define PRACTICE_TYPE_OWNER (practice_owner_get_type ())
G_DECLARE_FINAL_TYPE (PracticeOwner, practice_owner, PRACTICE, OWNER, GObject)

/* @seed: of the choices of the mesh, so that they can be repeated; 0: not. */
PracticeOwner *practice_owner_new (PracticeFolder *folder, guint32 seed);
void practice_owner_run (PracticeOwner *self, GSocket *first_client);

G_END_DECLS
