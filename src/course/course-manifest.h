/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-report.h"

G_BEGIN_DECLS

typedef struct {
  char *file;  /* a name in the course's folder */
  char *group; /* nullable */
  guint line;
} CourseManifestEntry;

/* What course.yaml says, or would say. */
typedef struct {
  char *id;    /* nullable */
  char *title; /* nullable */
  char *namespace_;
  guint within;            /* seconds, for checks that do not say */
  GPtrArray *entries;      /* of CourseManifestEntry */
  gboolean is_listing;     /* there is no course.yaml: these are the files of the folder */
  gboolean has_front_page; /* the first of them is about all of them */
} CourseManifest;

#define COURSE_MANIFEST_FILE "course.yaml"
#define COURSE_DEFAULT_NAMESPACE "default"
#define COURSE_DEFAULT_WITHIN 120
#define COURSE_MAX_SECTIONS 100

CourseManifest *course_manifest_new (void);
gboolean
course_manifest_add_entry (CourseManifest *self, const char *file, const char *group, guint line);
CourseManifest *
course_manifest_load (const char *folder, const CourseReport *report, GError **error);
void course_manifest_free (CourseManifest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CourseManifest, course_manifest_free)

G_END_DECLS
