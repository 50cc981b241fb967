/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-answer.h"
#include "practice-registry.h"

G_BEGIN_DECLS

/* The OpenAPI documents of what is served, versions 2 and 3, made from the types: "kubectl
 * explain", and what kubectl asks before it writes. NULL where @path is none of these. */
PracticeAnswer *
practice_openapi_handle (PracticeRegistry *registry, const char *path, const char *accept);

G_END_DECLS
