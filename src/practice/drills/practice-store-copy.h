/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* Settings of the store that are not the cluster's, but of how it is reached: they are not copied,
 * and stay where a copy comes back. */
#define PRACTICE_STORE_KEPT_PREFIX "api/"

gboolean practice_store_save (
  PracticeStore *self, const char *path, const char *setting, const char *value, GError **error);
gboolean practice_store_restore (PracticeStore *self, const char *path, GError **error);
void practice_store_remove_file (const char *path);

G_END_DECLS
