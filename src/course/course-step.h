/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "course-check.h"

G_BEGIN_DECLS

/* One way to do a step: what is typed, and when it is the right one. */
typedef struct {
  char *text;     /* exact bytes of the fence, without the last newline */
  char *language; /* "bash" */
  char *when;     /* nullable: "kubernetes<1.22", "api=apps/v1", "place=practice"; joined by "," */
  char *why;      /* nullable: one line: why this is the right form there */
  char *
    *required;  /* nullable: what a place has to have for it, such as "pods"; the course's words */
  char *output; /* nullable: what to expect */
} CourseForm;

/* A line typed into the program that the step started, once it has printed @after. */
typedef struct {
  char *text;
  char *after; /* nullable */
} CourseInput;

typedef struct {
  char *file;  /* at the place */
  char *patch; /* JSON or YAML */
  char *when;  /* nullable: at which place it is made */
} CourseEdit;

#define COURSE_TYPE_STEP (course_step_get_type ())
G_DECLARE_FINAL_TYPE (CourseStep, course_step, COURSE, STEP, GObject)

const char *course_step_get_id (CourseStep *self);
guint course_step_get_number (CourseStep *self);      /* from 1 in its section */
gboolean course_step_get_runnable (CourseStep *self); /* FALSE for {norun} */
guint course_step_get_line (CourseStep *self);
GPtrArray *course_step_get_forms (CourseStep *self); /* of CourseForm, at least one */
/* (transfer container): of its checks those that count at the place of @facts (nullable). */
GPtrArray *course_step_list_checks (CourseStep *self, const CourseFacts *facts);
const CourseForm *course_step_pick_form (CourseStep *self, const CourseFacts *facts);
/* (nullable): those of @absent that @form requires: "pods, addresses" */
char *course_form_dup_absent (const CourseForm *form, const char *const *absent);
GPtrArray *course_step_get_inputs (CourseStep *self);      /* of CourseInput, may be empty */
const CourseEdit *course_step_get_edit (CourseStep *self); /* nullable */
/* (nullable): where it is made at the place of @facts (nullable) */
const CourseEdit *course_step_pick_edit (CourseStep *self, const CourseFacts *facts);
GPtrArray *course_step_get_checks (CourseStep *self); /* of CourseCheck, may be empty */

G_END_DECLS
