/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-place.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *const MARKS =
  "PS1='\\[\\e]133;A\\a\\]fake$ \\[\\e]133;B\\a\\]'\n"
  "PS0='\\e]133;C\\a'\n"
  "PROMPT_COMMAND='printf \"\\e]133;D;%s\\a\\e]7;file://%s\\a\" $? \"$PWD\"'\n"
  "HISTFILE=\ncd\n";

/* Wherever the test runs, its name servers know every name but those in .invalid (RFC 2606). */
static const char *const NSLOOKUP = "#!/bin/sh\n"
                                    "case \"$* \" in *\".invalid \"*) ;; *) exit 0;; esac\n"
                                    "echo \"** server can't find it: NXDOMAIN\"\n"
                                    "exit 1\n";
static const char *const GETENT = "#!/bin/sh\n"
                                  "case \"$* \" in *\".invalid \"*) exit 2;; esac\n";

struct _FakePlace {
  JumpConnection parent_instance;

  char *home;
  char *rc;
  GPtrArray *kubeconfigs; /* of paths */
  GHashTable *files;      /* of path to GBytes */
  GError *failure;        /* (nullable) */
  guint16 service_port;
  guint n_reached;
  gboolean unreachable;
  gboolean silent;
  gboolean hanging;
  gboolean nameless;
  char *service_name; /* (nullable) */
};

static void fake_place_place_init (JumpPlaceInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (FakePlace,
                               fake_place,
                               JUMP_TYPE_CONNECTION,
                               G_IMPLEMENT_INTERFACE (JUMP_TYPE_PLACE, fake_place_place_init))

static void
fake_place_open_async (JumpConnection *connection,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  FakePlace *self = FAKE_PLACE (connection);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, fake_place_open_async);
  if (self->failure != NULL)
    g_task_return_error (task, g_error_copy (self->failure));
  else
    g_task_return_boolean (task, TRUE);
}

static gboolean
fake_place_open_finish (JumpConnection *connection, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
fake_place_close (JumpConnection *connection)
{
}

static const char *
fake_place_get_id (JumpPlace *place)
{
  return "ssh:fake@example:22";
}

static GStrv
fake_place_dup_terminal_argv (JumpPlace *place)
{
  const char *const argv[] = {
    "bash", "--noprofile", "--rcfile", FAKE_PLACE (place)->rc, "-i", NULL
  };

  return g_strdupv ((char **)argv);
}

static GStrv
dup_environment (FakePlace *self)
{
  g_auto (GStrv) environment = NULL;

  g_autofree char *path = g_strconcat (self->home, "/.bin:/usr/local/bin:/usr/bin:/bin", NULL);

  environment = g_environ_setenv (environment, "HOME", self->home, TRUE);
  environment = g_environ_setenv (environment, "PATH", path, TRUE);
  return g_environ_setenv (g_steal_pointer (&environment), "LC_ALL", "C.UTF-8", TRUE);
}

static GStrv
fake_place_dup_terminal_environment (JumpPlace *place)
{
  return dup_environment (FAKE_PLACE (place));
}

static gboolean
fake_place_has_prompt_marks (JumpPlace *place)
{
  return TRUE;
}

static void
fake_place_list_kubeconfigs_async (JumpPlace *place,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  FakePlace *self = FAKE_PLACE (place);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();

  g_task_set_source_tag (task, fake_place_list_kubeconfigs_async);
  for (guint i = 0; i < self->kubeconfigs->len; i++)
    g_strv_builder_add (paths, g_ptr_array_index (self->kubeconfigs, i));
  g_task_return_pointer (task, g_strv_builder_end (paths), (GDestroyNotify)g_strfreev);
}

static GStrv
fake_place_list_kubeconfigs_finish (JumpPlace *place, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_place_read_file_async (JumpPlace *place,
                            const char *path,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  FakePlace *self = FAKE_PLACE (place);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GBytes *contents = g_hash_table_lookup (self->files, path);

  g_task_set_source_tag (task, fake_place_read_file_async);
  if (contents != NULL)
    g_task_return_pointer (task, g_bytes_ref (contents), (GDestroyNotify)g_bytes_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no file %s.", path);
}

static GBytes *
fake_place_read_file_finish (JumpPlace *place, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  BaseCommandResult *answer = base_command_run_finish (result, &error);

  if (answer != NULL)
    g_task_return_pointer (task, answer, (GDestroyNotify)base_command_result_free);
  else
    g_task_return_error (task, error);
}

static void
fake_place_run_async (JumpPlace *place,
                      const char *const *argv,
                      GBytes *input,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (place, cancellable, callback, user_data);
  g_auto (GStrv) environment = dup_environment (FAKE_PLACE (place));

  g_task_set_source_tag (task, fake_place_run_async);
  base_command_run_async (argv, (const char *const *)environment, input, 1024 * 1024, 10000,
                          cancellable, ran_cb, g_steal_pointer (&task));
}

static BaseCommandResult *
fake_place_run_finish (JumpPlace *place, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
given_up_cb (GCancellable *cancellable, GTask *task)
{
  if (!g_task_get_completed (task))
    g_task_return_error_if_cancelled (task);
}

static void
fake_place_reach_async (JumpPlace *place,
                        JumpTarget target,
                        const char *host,
                        guint16 port,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  FakePlace *self = FAKE_PLACE (place);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  guint16 to = target == JUMP_TARGET_API ? port : self->service_port;

  g_task_set_source_tag (task, fake_place_reach_async);
  self->n_reached++;
  if (self->unreachable && target == JUMP_TARGET_SERVICE) {
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_UNREACHABLE, "%s is not there", host);
    return;
  }
  if (self->hanging && target == JUMP_TARGET_SERVICE) {
    if (cancellable != NULL)
      g_cancellable_connect (cancellable, G_CALLBACK (given_up_cb), g_steal_pointer (&task),
                             g_object_unref);
    return;
  }
  if (self->nameless && target == JUMP_TARGET_SERVICE) {
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_NAMELESS, "no host named %s", host);
    return;
  }
  if (self->silent && target == JUMP_TARGET_SERVICE) {
    g_task_return_new_error (task, JUMP_ERROR, JUMP_ERROR_SILENT, "%s does not answer", host);
    return;
  }
  if (self->service_name != NULL && target == JUMP_TARGET_SERVICE) {
    g_task_return_pointer (task, g_network_address_new (self->service_name, port), g_object_unref);
    return;
  }
  /* 1: on every computer a port at which nothing listens. */
  g_task_return_pointer (
    task, g_inet_socket_address_new_from_string ("127.0.0.1", to != 0 ? to : 1), g_object_unref);
}

static GSocketConnectable *
fake_place_reach_finish (JumpPlace *place, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
fake_place_place_init (JumpPlaceInterface *iface)
{
  iface->get_id = fake_place_get_id;
  iface->dup_terminal_argv = fake_place_dup_terminal_argv;
  iface->dup_terminal_environment = fake_place_dup_terminal_environment;
  iface->has_prompt_marks = fake_place_has_prompt_marks;
  iface->list_kubeconfigs_async = fake_place_list_kubeconfigs_async;
  iface->list_kubeconfigs_finish = fake_place_list_kubeconfigs_finish;
  iface->read_file_async = fake_place_read_file_async;
  iface->read_file_finish = fake_place_read_file_finish;
  iface->run_async = fake_place_run_async;
  iface->run_finish = fake_place_run_finish;
  iface->reach_async = fake_place_reach_async;
  iface->reach_finish = fake_place_reach_finish;
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name = NULL;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    if (g_file_test (child, G_FILE_TEST_IS_DIR))
      remove_folder (child);
    else
      g_remove (child);
  }
  g_rmdir (path);
}

static void
fake_place_finalize (GObject *object)
{
  FakePlace *self = FAKE_PLACE (object);

  remove_folder (self->home);
  g_free (self->home);
  g_free (self->rc);
  g_free (self->service_name);
  g_ptr_array_unref (self->kubeconfigs);
  g_hash_table_unref (self->files);
  g_clear_error (&self->failure);
  G_OBJECT_CLASS (fake_place_parent_class)->finalize (object);
}

static void
fake_place_class_init (FakePlaceClass *klass)
{
  JumpConnectionClass *connection_class = JUMP_CONNECTION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = fake_place_finalize;
  connection_class->open_async = fake_place_open_async;
  connection_class->open_finish = fake_place_open_finish;
  connection_class->close = fake_place_close;
}

static void
add_program (FakePlace *self, const char *name, const char *script)
{
  g_autofree char *folder = g_build_filename (self->home, ".bin", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, script, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (path, 0700), ==, 0);
}

static void
fake_place_init (FakePlace *self)
{
  g_autoptr (GError) error = NULL;

  self->home = g_dir_make_tmp ("konvoy-place-XXXXXX", &error);
  g_assert_no_error (error);
  self->rc = g_build_filename (self->home, ".bashrc", NULL);
  g_file_set_contents (self->rc, MARKS, -1, &error);
  g_assert_no_error (error);
  add_program (self, "nslookup", NSLOOKUP);
  add_program (self, "getent", GETENT);
  self->kubeconfigs = g_ptr_array_new_with_free_func (g_free);
  self->files =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
}

FakePlace *
fake_place_new (void)
{
  return g_object_new (FAKE_TYPE_PLACE, NULL);
}

const char *
fake_place_get_home (FakePlace *self)
{
  return self->home;
}

void
fake_place_set_kubeconfig (FakePlace *self, const char *path, const char *text)
{
  guint index;

  fake_place_set_file (self, path, text);
  if (g_ptr_array_find_with_equal_func (self->kubeconfigs, path, g_str_equal, &index)) {
    if (text == NULL)
      g_ptr_array_remove_index (self->kubeconfigs, index);
  } else if (text != NULL) {
    g_ptr_array_add (self->kubeconfigs, g_strdup (path));
  }
}

void
fake_place_set_file (FakePlace *self, const char *path, const char *text)
{
  if (text == NULL)
    g_hash_table_remove (self->files, path);
  else
    g_hash_table_insert (self->files, g_strdup (path), g_bytes_new (text, strlen (text)));
}

void
fake_place_set_failure (FakePlace *self, const GError *error)
{
  g_clear_error (&self->failure);
  if (error != NULL)
    self->failure = g_error_copy (error);
}

void
fake_place_set_service_port (FakePlace *self, guint16 port)
{
  self->service_port = port;
}

void
fake_place_set_unreachable (FakePlace *self, gboolean unreachable)
{
  self->unreachable = unreachable;
}

void
fake_place_set_silent (FakePlace *self, gboolean silent)
{
  self->silent = silent;
}

void
fake_place_set_service_name (FakePlace *self, const char *name)
{
  g_free (self->service_name);
  self->service_name = g_strdup (name);
}

guint
fake_place_get_n_reached (FakePlace *self)
{
  return self->n_reached;
}

void
fake_place_add_rc (FakePlace *self, const char *lines)
{
  g_autofree char *old = NULL;
  g_autofree char *new = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (self->rc, &old, NULL, &error);
  g_assert_no_error (error);
  new = g_strconcat (old, lines, NULL);
  g_file_set_contents (self->rc, new, -1, &error);
  g_assert_no_error (error);
}

void
fake_place_lose (FakePlace *self)
{
  g_autoptr (GError) error =
    g_error_new_literal (JUMP_ERROR, JUMP_ERROR_DENIED, "The connection to example was lost.");

  jump_connection_lose (JUMP_CONNECTION (self), error);
}

void
fake_place_set_nameless (FakePlace *self, gboolean nameless)
{
  self->nameless = nameless;
}

void
fake_place_set_hanging (FakePlace *self, gboolean hanging)
{
  self->hanging = hanging;
}
