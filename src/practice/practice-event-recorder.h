/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

void practice_event_recorder_record (PracticeStore *store,
                                     JsonNode *about,
                                     const char *component,
                                     const char *reason,
                                     const char *format,
                                     ...) G_GNUC_PRINTF (5, 6);

G_END_DECLS
