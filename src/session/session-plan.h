/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* The steps of a rehearsal, in order. */
GPtrArray *session_plan_find_steps (SessionLab *lab,
                                    const char *section_id,
                                    const char *const *absent,
                                    guint *n_needed,
                                    GError **error);

G_END_DECLS
