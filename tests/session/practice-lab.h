/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

/* A lab on a practice cluster of the test's own: the real program, in a folder that is made for it.
 */
typedef struct {
  char *folder;
  char *program;
  GSubprocess *owner;
  JumpPlace *place;
  CourseCourse *course;
  CourseProgress *progress;
  SessionLab *lab;
} PracticeLab;

/* @programs: NULL at the end. FALSE, and a line that says so, where one is not installed. */
gboolean practice_lab_has_programs (const char *const *programs);
/* (transfer full): the course that comes with the program */
CourseCourse *practice_lab_load_training (void);

/* @seed: (nullable): of the weighted choices */
void practice_lab_start (PracticeLab *self, const char *seed);
/* A script of bash on the jumpserver, which must go well; (transfer full): what it has written */
char *practice_lab_dup_output (PracticeLab *self, const char *script);
void practice_lab_run (PracticeLab *self, const char *script);
/* Takes @course. */
void practice_lab_connect (PracticeLab *self, CourseCourse *course);
/* Nothing else may hold the lab any more. */
void practice_lab_end (PracticeLab *self);

/* A place is left; the folder with all that is in it goes. */
void practice_lab_wait_disconnected (JumpPlace *place);
void practice_lab_remove_folder (const char *path);

G_END_DECLS
