/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-answer.h"
#include "practice-objects.h"
#include "practice-request.h"

G_BEGIN_DECLS

/* Answers a POST to the eviction of a pod: it is deleted, if no PodDisruptionBudget is against it.
 * NULL with a Status. */
PracticeAnswer *practice_eviction_handle (PracticeObjects *objects,
                                          PracticeResource *resource,
                                          PracticeRequest *request,
                                          GBytes *body,
                                          GError **error);

G_END_DECLS
