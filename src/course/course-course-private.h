/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-course.h"

G_BEGIN_DECLS

struct _CourseCourse {
  GObject parent_instance;

  char *id;
  char *title;
  char *path;
  char *namespace_;
  guint within;
  GListStore *sections;
  GHashTable *by_id; /* of id to (unowned) CourseSection */
  GPtrArray *messages;
};

G_END_DECLS
