/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* Whether the control plane of the mesh runs. */
#define PRACTICE_TYPE_MESH_PILOT (practice_mesh_pilot_get_type ())
G_DECLARE_FINAL_TYPE (PracticeMeshPilot, practice_mesh_pilot, PRACTICE, MESH_PILOT, GObject)

PracticeMeshPilot *practice_mesh_pilot_new (PracticeStore *store);
gboolean practice_mesh_pilot_is_up (PracticeMeshPilot *self);
/* Signal "changed": it is up now, or no longer. */

/* (transfer none) (nullable): a pod of the control plane that is ready. */
JsonNode *practice_mesh_pilot_find (PracticeStore *store);

G_END_DECLS
