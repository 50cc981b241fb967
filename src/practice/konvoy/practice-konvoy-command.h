/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "practice-addon-catalog.h"

G_BEGIN_DECLS

/* The commands of `konvoy`; @argv[0] is the command. Each returns the status for the process. */
int practice_konvoy_up (int argc, char *argv[]);
int practice_konvoy_deploy (int argc, char *argv[]);
int practice_konvoy_check (int argc, char *argv[]);
int practice_konvoy_get (int argc, char *argv[]);
int practice_konvoy_apply (int argc, char *argv[]);

/* What they share. */
int practice_konvoy_complain (const GError *error);
gboolean practice_konvoy_parse (int *argc,
                                char ***argv,
                                const char *arguments,
                                const char *summary,
                                const GOptionEntry *entries,
                                GError **error);
GStrv practice_konvoy_read_enabled (PracticeAddonCatalog *catalog, GError **error);

G_END_DECLS
