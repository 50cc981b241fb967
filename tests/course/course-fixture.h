/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-course.h"

G_BEGIN_DECLS

/* A folder of a test, gone with it. */
typedef struct {
  char *folder;
} CourseFixture;

void course_fixture_set_up (CourseFixture *self, gconstpointer data);
void course_fixture_tear_down (CourseFixture *self, gconstpointer data);
char *course_fixture_write (CourseFixture *self, const char *name, const char *text);
CourseCourse *course_fixture_load_text (CourseFixture *self, const char *text);
CourseSection *course_fixture_get_section (CourseCourse *course, guint position);
CourseStep *course_fixture_get_step (CourseSection *section, guint position);
const CourseMessage *course_fixture_find_message (CourseCourse *course, const char *part);
void course_fixture_assert_message (CourseCourse *course, guint line, const char *part);

#define COURSE_FIXTURE_TEST(path, function)                                                        \
  g_test_add (path, CourseFixture, NULL, course_fixture_set_up, function, course_fixture_tear_down)

/* A section of our own format around @body. */
#define COURSE_FIXTURE_SECTION(body) "---\nid: one\ntitle: One\n---\n" body
#define COURSE_FIXTURE_FIRST_LINE 5

G_END_DECLS
