/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* A store's file that is damaged makes room for a new one, and stays beside it. */
gboolean practice_store_rescue (const char *path, char **set_aside, GError **error);

G_END_DECLS
