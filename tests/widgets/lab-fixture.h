/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>
#include <glib/gstdio.h>

#include "course-course.h"
#include "course-progress.h"
#include "jump-local.h"
#include "lab-display.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* A course in a folder of its own, and a lab at this computer whose cluster cannot be reached. */
typedef struct {
  char *dir;
  CourseCourse *course;
  JumpPlace *place;
  CourseProgress *progress;
  SessionLab *lab;
} LabFixture;

static const char *const lab_fixture_files[][2] = {
  { "course.yaml", "id: test-course\n"
                   "title: Test course\n"
                   "sections:\n"
                   "- 01-first.md\n"
                   "- group: 2 Rest\n"
                   "  sections: [02-second.md]\n" },
  { "01-first.md",
    "---\n"
    "id: first\n"
    "title: 1 First\n"
    "minutes: 10\n"
    "panel: services\n"
    "objectives:\n"
    "- See a thing\n"
    "---\n"
    "# First\n\n"
    "A paragraph with `code` and a [link](#second).\n\n"
    "## Heading\n\n"
    "> A quote\n\n"
    "1. one\n2. two\n\n"
    "| a | b |\n| --- | --- |\n| c | d |\n\n"
    "---\n\n"
    "```yaml\nkind: Pod\n```\n\n"
    "```bash {id=one}\necho one\n```\n\n"
    "```output\none\n```\n\n"
    "```check\n- resource: service/redis\n  exists: true\n  says: There is a service\n"
    "  hint: Create it first\n```\n\n"
    "```bash {id=two when=\"kubernetes<1.22\"}\necho old\n```\n\n"
    "```output\nold\n```\n\n"
    "```bash {id=two}\necho new\n```\n\n"
    "```output\nnew, today\n```\n\n"
    "```bash {norun}\nrm -r x\n```\n" },
  { "02-second.md",
    "---\nid: second\ntitle: Second\npanel: traffic\nneeds: [first]\n---\n# Second\n\n"
    "```bash {id=three}\necho three\n```\n" },
  { "kubeconfig", "apiVersion: v1\n"
                  "kind: Config\n"
                  "current-context: a\n"
                  "contexts: [{name: a, context: {cluster: a, user: a}}]\n"
                  "clusters: [{name: a, cluster: {server: 'https://127.0.0.1:1'}}]\n"
                  "users: [{name: a, user: {token: x}}]\n" },
};

static inline char *
lab_fixture_dup_path (LabFixture *self, const char *name)
{
  return g_build_filename (self->dir, name, NULL);
}

static inline void
lab_fixture_set_up (LabFixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *kubeconfig = NULL;

  self->dir = g_dir_make_tmp ("lab-XXXXXX", &error);
  g_assert_no_error (error);
  for (gsize i = 0; i < G_N_ELEMENTS (lab_fixture_files); i++) {
    g_autofree char *path = lab_fixture_dup_path (self, lab_fixture_files[i][0]);

    g_file_set_contents (path, lab_fixture_files[i][1], -1, &error);
    g_assert_no_error (error);
  }

  self->course = course_course_load (self->dir, &error);
  g_assert_no_error (error);
  kubeconfig = lab_fixture_dup_path (self, "kubeconfig");
  self->place = jump_local_new (kubeconfig);
  self->progress = course_progress_new (NULL);
  self->lab = session_lab_new (self->course, self->place, self->progress, NULL);
}

static inline CourseSection *
lab_fixture_get_section (LabFixture *self, const char *id)
{
  CourseSection *section = course_course_find_section (self->course, id);

  g_assert_nonnull (section);

  return section;
}

static inline SessionStep *
lab_fixture_get_step (LabFixture *self, const char *section_id, const char *id)
{
  CourseSection *section = lab_fixture_get_section (self, section_id);
  CourseStep *step = course_section_find_step (section, id);

  g_assert_nonnull (step);

  return session_lab_get_step (self->lab, section, step);
}

static inline void
lab_fixture_tear_down (LabFixture *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->dir, 0, NULL);
  const char *name;

  session_lab_disconnect (self->lab);
  g_clear_object (&self->lab);
  g_clear_object (&self->progress);
  g_clear_object (&self->place);
  g_clear_object (&self->course);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = lab_fixture_dup_path (self, name);

    g_remove (path);
  }
  g_rmdir (self->dir);
  g_clear_pointer (&self->dir, g_free);
}

G_END_DECLS
