/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-credentials.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base-json.h"
#include "fake-client.h"
#include "kube-context-private.h"
#include "kube-error.h"
#include "test-wait.h"

#define EXEC                                                                                       \
  "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: %s, args: [get, token], "     \
  "env: [{name: FLAVOUR, value: sweet}], provideClusterInfo: true, installHint: Ask for it.}"

typedef struct {
  FakeApiServer *server;
  char *folder;
  /* of the runner that stands for the place */
  guint n_runs;
  char *argv;
  char *environment;
  char *answer;
  int exit_status;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = fake_api_server_new ();
  fixture->folder = g_dir_make_tmp ("kube-XXXXXX", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->argv);
  g_free (fixture->environment);
  g_free (fixture->answer);
  g_assert_finalize_object (fixture->server);
}

static char *
write_file (Fixture *fixture, const char *name, const char *text)
{
  char *path = g_build_filename (fixture->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return path;
}

static char *
write_program (Fixture *fixture, const char *text)
{
  g_autofree char *script = g_strconcat ("#!/bin/sh\n", text, NULL);
  char *path = write_file (fixture, "plugin", script);

  g_chmod (path, 0700);
  return path;
}

static char *
dup_credential (const char *token, const char *more)
{
  return g_strdup_printf (
    "{\"kind\":\"ExecCredential\",\"apiVersion\":"
    "\"client.authentication.k8s.io/v1beta1\",\"status\":{\"token\":\"%s\"%s}}",
    token, more);
}

static void
ask (Fixture *fixture, KubeClient *client, GError **error)
{
  g_autoptr (JsonNode) node = fake_client_request (client, "GET", "/version", error);

  g_assert_true ((node == NULL) == (error != NULL && *error != NULL));
}

static void
assert_asks (Fixture *fixture, KubeClient *client)
{
  g_autoptr (GError) error = NULL;

  ask (fixture, client, &error);
  g_assert_no_error (error);
}

static void
assert_refused (Fixture *fixture, KubeClient *client, int code)
{
  g_autoptr (GError) error = NULL;

  ask (fixture, client, &error);
  g_assert_error (error, KUBE_ERROR, code);
  g_assert_null (strstr (error->message, FAKE_TOKEN));
}

static guint
count_requests (Fixture *fixture)
{
  return fake_api_server_count_requests (fixture->server, "");
}

static void
test_basic (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeClient) client =
    fake_client_new (fixture->server, NULL, "username: jane, password: 's3cret:x'");
  g_autoptr (GError) error = NULL;

  ask (fixture, client, &error);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNAUTHORIZED);
  g_assert_cmpstr (fake_api_server_get_last_header (fixture->server, "Authorization"), ==,
                   "Basic amFuZTpzM2NyZXQ6eA==");
  g_assert_cmpuint (count_requests (fixture), ==, 1);
  g_assert_finalize_object (g_steal_pointer (&client));
}

static void
test_impersonation (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeClient) client =
    fake_client_new (fixture->server, NULL,
                     "token: " FAKE_TOKEN ", as: jane, as-uid: 7, as-groups: [dev, ops], "
                     "as-user-extra: {'a/b': [x, y]}");

  assert_asks (fixture, client);
  g_assert_cmpstr (fake_api_server_get_last_header (fixture->server, "Impersonate-User"), ==,
                   "jane");
  g_assert_cmpstr (fake_api_server_get_last_header (fixture->server, "Impersonate-Uid"), ==, "7");
  g_assert_cmpstr (fake_api_server_get_last_header (fixture->server, "Impersonate-Group"), ==,
                   "dev, ops");
  g_assert_cmpstr (fake_api_server_get_last_header (fixture->server, "Impersonate-Extra-a%2Fb"), ==,
                   "x, y");
}

/* A static token that is refused is not sent again. */
static void
test_refused_token (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeClient) client = fake_client_new (fixture->server, NULL, "token: old");

  assert_refused (fixture, client, KUBE_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (count_requests (fixture), ==, 1);
}

/* Nor does libsoup answer a challenge by itself. */
static void
test_challenge (Fixture *fixture, gconstpointer data)
{
  const FakeFault challenge = { .kind = FAKE_FAULT_ANSWER,
                                .match = "",
                                .status = 401,
                                .header = "WWW-Authenticate: Basic realm=\"x\"" };
  g_autoptr (KubeClient) client =
    fake_client_new (fixture->server, NULL, "username: jane, password: x");

  fake_api_server_add_fault (fixture->server, &challenge);
  assert_refused (fixture, client, KUBE_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (count_requests (fixture), ==, 1);
}

/* A client whose token file is at @path of this computer. */
static KubeClient *
new_token_file_client (Fixture *fixture, const char *path)
{
  g_autofree char *user = g_strdup_printf ("tokenFile: '%s'", path);
  g_autofree char *text = fake_api_server_dup_kubeconfig (fixture->server, NULL, user);
  g_autofree char *config_path = write_file (fixture, "config", text);
  const char *const paths[] = { config_path, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (KubeContext) context = kube_config_load (paths, NULL, &error);

  g_assert_no_error (error);
  return kube_client_new (context, NULL, NULL);
}

static void
test_token_file_is_read_again (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = write_file (fixture, "token", FAKE_TOKEN "\n");
  g_autoptr (KubeClient) client = new_token_file_client (fixture, path);
  g_autofree char *same = NULL;

  assert_asks (fixture, client);

  fake_api_server_set_token (fixture->server, "n3w-t0ken");
  same = write_file (fixture, "token", "n3w-t0ken\n");
  fake_api_server_forget_requests (fixture->server);
  assert_asks (fixture, client);
  g_assert_cmpuint (count_requests (fixture), ==, 2);

  /* the new one is no good either: twice, and not for ever */
  fake_api_server_set_token (fixture->server, "newest");
  fake_api_server_forget_requests (fixture->server);
  assert_refused (fixture, client, KUBE_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (count_requests (fixture), ==, 2);

  /* no file: the last token is still tried */
  g_unlink (path);
  fake_api_server_set_token (fixture->server, "n3w-t0ken");
  assert_asks (fixture, client);
  g_assert_finalize_object (g_steal_pointer (&client));
}

static void
run (const char *const *argv,
     const char *const *environment,
     GCancellable *cancellable,
     GAsyncReadyCallback callback,
     gpointer callback_data,
     gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, callback_data);
  BaseCommandResult *result;

  fixture->n_runs++;
  g_free (fixture->argv);
  fixture->argv = g_strjoinv (" ", (GStrv)argv);
  g_free (fixture->environment);
  fixture->environment = g_strjoinv ("\n", (GStrv)environment);
  if (fixture->answer == NULL) {
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no such program");
    return;
  }
  result = g_new0 (BaseCommandResult, 1);
  result->output = g_bytes_new (fixture->answer, strlen (fixture->answer));
  result->errors = g_bytes_new_static ("that went wrong\n", 16);
  result->exit_status = fixture->exit_status;
  g_task_return_pointer (task, result, (GDestroyNotify)base_command_result_free);
}

static void
set_answer (Fixture *fixture, char *answer)
{
  g_free (fixture->answer);
  fixture->answer = answer;
}

/* A kubeconfig from elsewhere names a path there: it is read there, and never here. */
static void
test_token_file_elsewhere (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = write_file (fixture, "token", "of this computer");
  g_autofree char *user = g_strdup_printf ("tokenFile: '%s'", path);
  g_autofree char *text = fake_api_server_dup_kubeconfig (fixture->server, NULL, user);
  g_autoptr (KubeConfig) config = kube_config_new ();
  g_autoptr (GBytes) contents = g_bytes_new_static ("old", 3);
  g_autoptr (KubeContext) context = NULL;
  g_autoptr (KubeClient) client = NULL;
  g_autofree char *wanted = g_strdup_printf ("cat -- %s", path);

  kube_config_add (config, "/home/centos/.kube/config", text, -1, NULL);
  kube_config_add_file (config, path, contents);
  context = kube_config_dup_context (config, NULL, NULL);
  client = kube_client_new (context, NULL, NULL);

  assert_refused (fixture, client, KUBE_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (count_requests (fixture), ==, 1);
  g_assert_cmpstr (fake_api_server_get_last_header (fixture->server, "Authorization"), ==,
                   "Bearer old");

  set_answer (fixture, g_strdup (FAKE_TOKEN));
  kube_client_set_exec_runner (client, run, fixture, NULL);
  assert_asks (fixture, client);
  g_assert_cmpstr (fixture->argv, ==, wanted);
}

static KubeClient *
new_exec_client (Fixture *fixture, const char *command)
{
  g_autofree char *user = g_strdup_printf (EXEC, command);

  return fake_client_new (fixture->server, NULL, user);
}

static KubeClient *
new_runner_client (Fixture *fixture)
{
  KubeClient *client = new_exec_client (fixture, "login");

  kube_client_set_exec_runner (client, run, fixture, NULL);
  kube_client_approve_exec (client);
  return client;
}

static void
test_exec_needs_approval (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeClient) client = new_exec_client (fixture, "login");

  set_answer (fixture, dup_credential (FAKE_TOKEN, ""));
  kube_client_set_exec_runner (client, run, fixture, NULL);
  assert_refused (fixture, client, KUBE_ERROR_EXEC_NOT_APPROVED);
  assert_refused (fixture, client, KUBE_ERROR_EXEC_NOT_APPROVED);
  g_assert_cmpuint (fixture->n_runs, ==, 0);
  g_assert_cmpuint (count_requests (fixture), ==, 0);

  kube_client_approve_exec (client);
  assert_asks (fixture, client);
  assert_asks (fixture, client);
  g_assert_cmpuint (fixture->n_runs, ==, 1);
  g_assert_cmpstr (fixture->argv, ==, "login get token");
  g_assert_finalize_object (g_steal_pointer (&client));
}

static void
test_exec_is_told_of_cluster (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeClient) client = new_runner_client (fixture);
  g_auto (GStrv) lines = NULL;
  g_autoptr (JsonNode) info = NULL;
  g_autofree char *server =
    g_strdup_printf ("https://127.0.0.1:%u", fake_api_server_get_port (fixture->server));

  set_answer (fixture, dup_credential (FAKE_TOKEN, ""));
  assert_asks (fixture, client);
  lines = g_strsplit (fixture->environment, "\n", 2);
  g_assert_cmpstr (lines[0], ==, "FLAVOUR=sweet");
  g_assert_true (g_str_has_prefix (lines[1], "KUBERNETES_EXEC_INFO="));
  info = base_json_parse (strchr (lines[1], '=') + 1, -1, NULL);
  g_assert_cmpstr (base_json_get_string (info, "apiVersion", NULL), ==,
                   "client.authentication.k8s.io/v1beta1");
  g_assert_false (base_json_get_boolean (info, TRUE, "spec", "interactive", NULL));
  g_assert_cmpstr (base_json_get_string (info, "spec", "cluster", "server", NULL), ==, server);
  g_assert_nonnull (
    base_json_get_string (info, "spec", "cluster", "certificate-authority-data", NULL));
}

/* After a refusal the plugin runs again, once. */
static void
test_exec_after_refusal (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeClient) client = new_runner_client (fixture);

  set_answer (fixture, dup_credential ("old", ""));
  assert_refused (fixture, client, KUBE_ERROR_UNAUTHORIZED);
  g_assert_cmpuint (fixture->n_runs, ==, 2);
  g_assert_cmpuint (count_requests (fixture), ==, 2);

  set_answer (fixture, dup_credential (FAKE_TOKEN, ""));
  assert_asks (fixture, client);
  g_assert_cmpuint (fixture->n_runs, ==, 3);
}

static void
test_exec_expiry (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeClient) client = new_runner_client (fixture);

  set_answer (fixture,
              dup_credential (FAKE_TOKEN, ",\"expirationTimestamp\":\"2001-01-01T00:00:00Z\""));
  assert_asks (fixture, client);
  assert_asks (fixture, client);
  g_assert_cmpuint (fixture->n_runs, ==, 2);

  set_answer (fixture,
              dup_credential (FAKE_TOKEN, ",\"expirationTimestamp\":\"2999-01-01T00:00:00Z\""));
  assert_asks (fixture, client);
  assert_asks (fixture, client);
  g_assert_cmpuint (fixture->n_runs, ==, 3);
}

/* Many requests at once: one run. */
static void
test_exec_is_shared (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeClient) client = new_runner_client (fixture);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  GAsyncResult *results[5] = { NULL };

  set_answer (fixture, dup_credential (FAKE_TOKEN, ""));
  for (gsize i = 0; i < G_N_ELEMENTS (results); i++)
    kube_client_request_async (client, "GET", "/version", NULL, NULL, i == 2 ? cancellable : NULL,
                               test_wait_keep_result, &results[i]);
  g_cancellable_cancel (cancellable);
  for (gsize i = 0; i < G_N_ELEMENTS (results); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonNode) node = NULL;

    test_wait_for_pointer (&results[i], 10, "an answer");
    node = kube_client_request_finish (client, results[i], &error);
    if (i == 2)
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    else
      g_assert_no_error (error);
    g_object_unref (results[i]);
  }
  g_assert_cmpuint (fixture->n_runs, ==, 1);
}

static void
test_exec_bad_answers (Fixture *fixture, gconstpointer data)
{
  static const char *const answers[] = {
    "",
    "not JSON " FAKE_TOKEN,
    "{}",
    "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\","
    "\"status\":{\"token\":\"" FAKE_TOKEN "\"}}",
    "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\"}",
    "{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\","
    "\"status\":{\"clientCertificateData\":\"x\"}}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++) {
    g_autoptr (KubeClient) client = new_runner_client (fixture);

    set_answer (fixture, g_strdup (answers[i]));
    assert_refused (fixture, client, KUBE_ERROR_UNAUTHORIZED);
  }
  g_assert_cmpuint (count_requests (fixture), ==, 0);
}

static void
test_exec_fails (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeClient) client = new_runner_client (fixture);
  g_autoptr (GError) error = NULL;

  set_answer (fixture, g_strdup (""));
  fixture->exit_status = 7;
  ask (fixture, client, &error);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNAUTHORIZED);
  g_assert_nonnull (strstr (error->message, "that went wrong"));
  g_clear_error (&error);

  set_answer (fixture, NULL);
  ask (fixture, client, &error);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNAUTHORIZED);
  g_assert_nonnull (strstr (error->message, "Ask for it."));
}

/* Another certificate needs another connection. */
static void
test_exec_certificate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeClient) client = new_runner_client (fixture);
  const FakeFault refusal = {
    .kind = FAKE_FAULT_ANSWER, .match = "/version", .times = 1, .status = 401
  };

  fake_api_server_stop (fixture->server);
  fake_api_server_ask_certificates (fixture->server);
  fake_api_server_start (fixture->server);
  fake_api_server_set_token (fixture->server, NULL);
  set_answer (fixture, fake_api_server_issue_credential (fixture->server, "CN=jane"));
  assert_asks (fixture, client);
  g_assert_cmpstr (fake_api_server_get_last_subject (fixture->server), ==, "CN=jane");

  set_answer (fixture, fake_api_server_issue_credential (fixture->server, "CN=john"));
  fake_api_server_add_fault (fixture->server, &refusal);
  assert_asks (fixture, client);
  g_assert_cmpstr (fake_api_server_get_last_subject (fixture->server), ==, "CN=john");
}

static void
test_exec_cancel (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *program = write_program (fixture, "exec sleep 1000\n");
  g_autoptr (KubeClient) slow = new_exec_client (fixture, program);

  kube_client_approve_exec (slow);
  kube_client_request_async (slow, "GET", "/version", NULL, NULL, cancellable,
                             test_wait_keep_result, &result);
  g_main_context_iteration (NULL, FALSE);
  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&result, 5, "the cancelled request");
  g_assert_null (kube_client_request_finish (slow, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A real program, run here. */
static void
test_exec_here (Fixture *fixture, gconstpointer data)
{
  g_autofree char *answer = dup_credential (FAKE_TOKEN, "");
  g_autofree char *text =
    g_strdup_printf ("test \"$1 $2 $FLAVOUR\" = 'get token sweet' || exit 1\n"
                     "test -n \"$KUBERNETES_EXEC_INFO\" -a -n \"$PATH\" || exit 2\n"
                     "echo '%s'\n",
                     answer);
  g_autofree char *program = write_program (fixture, text);
  g_autoptr (KubeClient) client = new_exec_client (fixture, program);

  kube_client_approve_exec (client);
  assert_asks (fixture, client);
}

static void
test_exec_missing_here (Fixture *fixture, gconstpointer data)
{
  g_autoptr (KubeClient) client = new_exec_client (fixture, "/nowhere/at-all");
  g_autoptr (GError) error = NULL;

  kube_client_approve_exec (client);
  ask (fixture, client, &error);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_UNAUTHORIZED);
  g_assert_nonnull (strstr (error->message, "Ask for it."));
}

#define TEST(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
  TEST ("/kube/credentials/basic", test_basic);
  TEST ("/kube/credentials/impersonation", test_impersonation);
  TEST ("/kube/credentials/refused-token", test_refused_token);
  TEST ("/kube/credentials/challenge", test_challenge);
  TEST ("/kube/credentials/token-file-is-read-again", test_token_file_is_read_again);
  TEST ("/kube/credentials/token-file-elsewhere", test_token_file_elsewhere);
  TEST ("/kube/credentials/exec-needs-approval", test_exec_needs_approval);
  TEST ("/kube/credentials/exec-is-told-of-cluster", test_exec_is_told_of_cluster);
  TEST ("/kube/credentials/exec-after-refusal", test_exec_after_refusal);
  TEST ("/kube/credentials/exec-expiry", test_exec_expiry);
  TEST ("/kube/credentials/exec-is-shared", test_exec_is_shared);
  TEST ("/kube/credentials/exec-bad-answers", test_exec_bad_answers);
  TEST ("/kube/credentials/exec-fails", test_exec_fails);
  TEST ("/kube/credentials/exec-certificate", test_exec_certificate);
  TEST ("/kube/credentials/exec-cancel", test_exec_cancel);
  TEST ("/kube/credentials/exec-here", test_exec_here);
  TEST ("/kube/credentials/exec-missing-here", test_exec_missing_here);
  return g_test_run ();
}
