/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-decoder.h"
#include "practice-handler.h"

G_BEGIN_DECLS

/* One request on its way. */
typedef struct {
  PracticeObjects *objects;
  PracticeRequest *request;
  PracticeResource *resource;
  const PracticeVersion *version;
  GBytes *body;
  gboolean dry_run;
  PracticeStrict strict;
  char *manager;       /* of fields */
  GPtrArray *warnings; /* (element-type utf8) */
} PracticeCall;

PracticeStore *practice_call_get_store (PracticeCall *call);
PracticeRegistry *practice_call_get_registry (PracticeCall *call);
JsonNode *practice_call_find_object (PracticeCall *call, GError **error);
void practice_call_init_write (PracticeCall *call, PracticeWrite *write);
PracticeAnswer *practice_call_answer_object (PracticeCall *call, guint status, JsonNode *object);
/* Takes @object, in the version of the request. @applied: it says itself who owns what. */
PracticeAnswer *
practice_call_store (PracticeCall *call, JsonNode *object, gboolean applied, GError **error);

PracticeAnswer *practice_call_apply (PracticeCall *call, GError **error);
PracticeAnswer *practice_call_scale (PracticeCall *call, GError **error);
PracticeAnswer *practice_call_create_token (PracticeCall *call, GError **error);

G_END_DECLS
