/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-course.h"
#include "jump-place.h"

G_BEGIN_DECLS

/* The command line. Paths are absolute. */
typedef struct {
  gboolean version;
  gboolean present;
  gboolean rehearse;
  char *lint;
  char *report;
  char **without; /* (nullable): of a rehearsal: what the place does not have */
  char *course;
  char *section;
  char *context;

  gboolean practice;
  char *practice_dir;
  char *jumpserver;
  char *identity;
  char *roster;
  char *student;
  char *kubeconfig;
} LabOptions;

LabOptions *lab_options_parse (char **arguments, const char *cwd, GError **error);
void lab_options_free (LabOptions *self);
gboolean lab_options_names_place (const LabOptions *self);
JumpPlace *lab_options_create_place (const LabOptions *self, GError **error);
CourseCourse *lab_options_load_course (const LabOptions *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (LabOptions, lab_options_free)

G_END_DECLS
