/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-answer.h"
#include "practice-objects.h"
#include "practice-request.h"

G_BEGIN_DECLS

/* Answers one request for a resource: all but a watch. NULL with a Status. */
PracticeAnswer *practice_handler_handle (PracticeObjects *objects,
                                         PracticeRequest *request,
                                         GBytes *body,
                                         GError **error);
/* The resource of a request, where it is served and may be asked so. NULL with a Status. */
PracticeResource *practice_handler_find_resource (PracticeRegistry *registry,
                                                  PracticeRequest *request,
                                                  const PracticeVersion **version,
                                                  GError **error);

G_END_DECLS
