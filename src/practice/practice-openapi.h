/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-answer.h"
#include "practice-registry.h"

G_BEGIN_DECLS

/* What "kubectl explain" asks: OpenAPI 3 documents of what is served, made from the types; and an
 * OpenAPI 2 document with nothing in it, which is all that kubectl needs to write. NULL where @path
 * is none of these. */
PracticeAnswer *
practice_openapi_handle (PracticeRegistry *registry, const char *path, const char *accept);

G_END_DECLS
