/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-causes.h"
#include "practice-names.h"
#include "practice-resource.h"

G_BEGIN_DECLS

#define PRACTICE_FINALIZER_FOREGROUND "foregroundDeletion"
#define PRACTICE_FINALIZER_ORPHAN "orphan"

/* The metadata of any object; @old NULL: a creation. */
void practice_metadata_validate (PracticeResource *resource,
                                 JsonNode *object,
                                 JsonNode *old,
                                 PracticeCauses *causes);

gboolean practice_metadata_has_finalizer (JsonNode *object, const char *name);
void practice_metadata_add_finalizer (JsonNode *object, const char *name);
void practice_metadata_remove_finalizer (JsonNode *object, const char *name);
/* What a deletion's propagationPolicy (nullable) asks of the garbage collector. */
void practice_metadata_set_propagation (JsonNode *object, const char *policy);

G_END_DECLS
