/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-place.h"

G_BEGIN_DECLS

/* A class's sheet: who has which jumpserver. */
#define JUMP_TYPE_ROSTER (jump_roster_get_type ())
G_DECLARE_FINAL_TYPE (JumpRoster, jump_roster, JUMP, ROSTER, GObject)

/* CSV or TSV with a header (name; host or ip; user; key; port), or YAML: a list of the same, or one
 * under "students". */
JumpRoster *jump_roster_load (const char *path, GError **error);
GStrv jump_roster_dup_names (JumpRoster *self);
/* The jumpserver of @name, whose case does not matter. */
JumpPlace *jump_roster_create_place (JumpRoster *self, const char *name, GError **error);

G_END_DECLS
