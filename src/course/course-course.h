/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "course-section.h"

G_BEGIN_DECLS

#define COURSE_ERROR (course_error_quark ())

typedef enum {
  COURSE_ERROR_NOT_A_COURSE,
  COURSE_ERROR_READ,
  COURSE_ERROR_TOO_LARGE,
} CourseError;

GQuark course_error_quark (void);

/* A folder with course.yaml, or one Markdown file. Immutable once loaded. */
#define COURSE_TYPE_COURSE (course_course_get_type ())
G_DECLARE_FINAL_TYPE (CourseCourse, course_course, COURSE, COURSE, GObject)

CourseCourse *course_course_load (const char *path, GError **error);
const char *course_course_get_id (CourseCourse *self); /* stable: for progress */
const char *course_course_get_title (CourseCourse *self);
const char *course_course_get_path (CourseCourse *self);
const char *course_course_get_namespace (CourseCourse *self); /* default for checks: "default" */
GListModel *course_course_get_sections (CourseCourse *self);  /* of CourseSection */
CourseSection *course_course_find_section (CourseCourse *self, const char *id);
/* (element-type CourseMessage): what the linter has to say, in order of file and line. */
GPtrArray *course_course_get_messages (CourseCourse *self);

typedef struct {
  char *file;
  guint line;
  gboolean is_error;
  char *text;
} CourseMessage;

/* @file of a message from the course's folder on, as those who read the course know it. */
const char *course_course_get_relative (CourseCourse *self, const char *file);

/* What `konvoy-lab --lint` prints; FALSE where there is an error among them. */
gboolean course_lint (const char *path, GPtrArray **messages);

G_END_DECLS
