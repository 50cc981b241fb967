/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a link inside of a course can lead to: its sections, by id and by file name. */
typedef struct {
  GHashTable *ids;   /* a set of section ids, each also its own value */
  GHashTable *files; /* of "03-ingress.md" to "ingress" */
} CourseTargets;

CourseTargets *course_targets_new (void);
void course_targets_free (CourseTargets *self);
void course_targets_add (CourseTargets *self, const char *id, const char *file);
const char *course_targets_find (CourseTargets *self, const char *address);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CourseTargets, course_targets_free)

G_END_DECLS
