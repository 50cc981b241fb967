/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* Keeps the roles that a cluster has from the start, and gives those that are made of others their
 * rules. */
#define PRACTICE_TYPE_ROLE_KEEPER (practice_role_keeper_get_type ())
G_DECLARE_FINAL_TYPE (PracticeRoleKeeper, practice_role_keeper, PRACTICE, ROLE_KEEPER, GObject)

PracticeRoleKeeper *practice_role_keeper_new (PracticeStore *store, GError **error);

G_END_DECLS
