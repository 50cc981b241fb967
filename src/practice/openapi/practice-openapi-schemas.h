/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-registry.h"

G_BEGIN_DECLS

/* The schemas of an OpenAPI document, made from the types of what is served. */
typedef enum {
  PRACTICE_OPENAPI_V2,
  PRACTICE_OPENAPI_V3
} PracticeOpenapiVersion;

typedef struct _PracticeOpenapiSchemas PracticeOpenapiSchemas;

PracticeOpenapiSchemas *
practice_openapi_schemas_new (PracticeSchema *types, PracticeOpenapiVersion format);
void practice_openapi_schemas_free (PracticeOpenapiSchemas *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeOpenapiSchemas, practice_openapi_schemas_free)

void practice_openapi_schemas_add (PracticeOpenapiSchemas *self,
                                   PracticeResource *resource,
                                   const PracticeVersion *version);
/* (transfer none): schemas by the names of their definitions. */
JsonObject *practice_openapi_schemas_get (PracticeOpenapiSchemas *self);
/* (transfer full): group, version and kind. */
JsonObject *
practice_openapi_schemas_new_kind (PracticeResource *resource, const PracticeVersion *version);

G_END_DECLS
