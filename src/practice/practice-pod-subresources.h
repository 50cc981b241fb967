/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-answer.h"
#include "practice-objects.h"
#include "practice-request.h"

G_BEGIN_DECLS

/* log, exec, attach, portforward and eviction of a pod. NULL with a Status. */
PracticeAnswer *practice_pod_subresources_handle (PracticeObjects *objects,
                                                  PracticeRequest *request,
                                                  GError **error);

G_END_DECLS
