/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a started konvoy-practice does: it finds the folder's owner, or makes one, and asks it. */
#define PRACTICE_TYPE_CLIENT (practice_client_get_type ())
G_DECLARE_FINAL_TYPE (PracticeClient, practice_client, PRACTICE, CLIENT, GObject)

PracticeClient *
practice_client_new (const char *folder, gboolean owner_complains, guint32 seed, GError **error);
PracticeClient *practice_client_renew (const char *folder, GError **error);
PracticeClient *practice_client_join (const char *folder, GError **error);
int practice_client_attach (PracticeClient *self);
int practice_client_run (PracticeClient *self, const char *const *argv);
int practice_client_drill (PracticeClient *self, const char *const *argv);

G_END_DECLS
