/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "mesh-history.h"
#include "mesh-settings.h"

G_BEGIN_DECLS

/* What a history shows, in words. */
GStrv lab_sample_text_dup_versions (MeshHistory *history, const MeshSettings *settings);
char *lab_sample_text_dup_version (MeshHistory *history,
                                   const MeshSettings *settings,
                                   const char *version,
                                   gboolean *is_odd);
char *lab_sample_text_dup_note (MeshHistory *history, const MeshSettings *settings);
char *lab_sample_text_dup_answer (const MeshAnswer *answer, const MeshSettings *settings);

G_END_DECLS
