/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh.h"

G_BEGIN_DECLS

#define PRACTICE_KIALI_PORT 20001

/* What answers in Kiali's pod: its API, as far as graphs go, and a page that draws them.
 * A PracticeHttpHandler. */
#define PRACTICE_TYPE_KIALI (practice_kiali_get_type ())
G_DECLARE_FINAL_TYPE (PracticeKiali, practice_kiali, PRACTICE, KIALI, GObject)

PracticeKiali *practice_kiali_new (PracticeMesh *mesh);

G_END_DECLS
