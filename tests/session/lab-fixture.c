/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-fixture.h"

#include <glib/gstdio.h>

#include "test-wait.h"

#define WAIT 15

static void
write_file (LabFixture *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static void
load_course (LabFixture *self, const char *const *sections)
{
  g_autoptr (GString) manifest = g_string_new ("id: test\ntitle: Test\nsections:\n");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; sections[i] != NULL; i++) {
    g_autofree char *name = g_strdup_printf ("%02u.md", i);

    write_file (self, name, sections[i]);
    g_string_append_printf (manifest, "- %s\n", name);
  }
  write_file (self, "course.yaml", manifest->str);
  self->course = course_course_load (self->folder, &error);
  g_assert_no_error (error);
}

void
lab_fixture_set_up (LabFixture *self, const char *const *sections)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("konvoy-course-XXXXXX", &error);
  g_assert_no_error (error);
  load_course (self, sections);
  self->server = fake_api_server_new ();
  self->place = fake_place_new ();
  self->progress = course_progress_new (NULL);
  lab_fixture_set_kubeconfig (self, NULL);
  self->lab = session_lab_new (self->course, JUMP_PLACE (self->place), self->progress, NULL);
}

void
lab_fixture_tear_down (LabFixture *self)
{
  g_autoptr (GDir) folder = g_dir_open (self->folder, 0, NULL);
  const char *name = NULL;

  session_lab_disconnect (self->lab);
  test_wait_finalize (self->lab, WAIT);
  g_clear_object (&self->progress);
  g_clear_object (&self->course);
  g_clear_object (&self->place);
  g_clear_object (&self->server);
  while ((name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *path = g_build_filename (self->folder, name, NULL);

    g_remove (path);
  }
  g_rmdir (self->folder);
  g_free (self->folder);
}

void
lab_fixture_set_kubeconfig (LabFixture *self, const char *user)
{
  g_autofree char *text = fake_api_server_dup_kubeconfig (self->server, NULL, user);

  fake_place_set_kubeconfig (self->place, "/home/student/.kube/config", text);
}

gboolean
lab_fixture_connect (LabFixture *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  session_lab_connect_async (self->lab, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the lab to connect");
  return session_lab_connect_finish (self->lab, result, error);
}

typedef struct {
  SessionLab *lab;
  SessionLabState state;
} StateWait;

static gboolean
has_state (gpointer data)
{
  StateWait *wait = data;

  return session_lab_get_state (wait->lab) == wait->state;
}

void
lab_fixture_wait_state (LabFixture *self, SessionLabState state)
{
  StateWait wait = { self->lab, state };

  test_wait_until (has_state, &wait, WAIT, "a state of the lab");
}

CourseSection *
lab_fixture_get_section (LabFixture *self, guint index)
{
  g_autoptr (CourseSection) section =
    g_list_model_get_item (course_course_get_sections (self->course), index);

  g_assert_nonnull (section);
  return section;
}

SessionStep *
lab_fixture_get_step (LabFixture *self, guint section, const char *id)
{
  CourseSection *in = lab_fixture_get_section (self, section);
  CourseStep *step = course_section_find_step (in, id);

  g_assert_nonnull (step);
  return session_lab_get_step (self->lab, in, step);
}

void
lab_fixture_put_pod (LabFixture *self, const char *name, const char *phase)
{
  g_autofree char *json = g_strdup_printf (
    "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"%s\",\"namespace\":"
    "\"default\",\"labels\":{\"app\":\"%s\"}},\"status\":{\"phase\":\"%s\"}}",
    name, name, phase);

  fake_api_server_put (self->server, json);
}
