/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-step.h"
#include "jump-place.h"

G_BEGIN_DECLS

/* What is known of a place and of who is there, beside what its cluster tells. */
typedef struct _SessionFacts SessionFacts;

SessionFacts *session_facts_new (JumpPlace *place);
void session_facts_free (SessionFacts *self);
void session_facts_set_student (SessionFacts *self, const char *student);
void session_facts_fill (SessionFacts *self, CourseFacts *facts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SessionFacts, session_facts_free)

G_END_DECLS
