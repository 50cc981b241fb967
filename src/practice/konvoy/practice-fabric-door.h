/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-fabric.h"

G_BEGIN_DECLS

/* One address and port of the fabric as a PracticeHttpHandler. */
#define PRACTICE_TYPE_FABRIC_DOOR (practice_fabric_door_get_type ())
G_DECLARE_FINAL_TYPE (PracticeFabricDoor, practice_fabric_door, PRACTICE, FABRIC_DOOR, GObject)

PracticeFabricDoor *
practice_fabric_door_new (PracticeFabric *fabric, const char *address, guint16 port);

G_END_DECLS
