/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "fake-api-server.h"
#include "fake-place.h"
#include "kube-error.h"
#include "session-link.h"
#include "test-wait.h"

#define WAIT 10
#define PATH "/home/student/.kube/config"

typedef struct {
  FakeApiServer *server;
  FakePlace *place;
  GStrv exec_argv; /* (nullable): of the last attempt */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->server = fake_api_server_new ();
  fixture->place = fake_place_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_strfreev (fixture->exec_argv);
  g_assert_finalize_object (fixture->place);
  g_clear_object (&fixture->server);
}

/* The kubeconfig of the fake server with these members of cluster and user. */
static void
set_kubeconfig (Fixture *fixture, const char *cluster, const char *user)
{
  g_autofree char *text = fake_api_server_dup_kubeconfig (fixture->server, cluster, user);

  fake_place_set_kubeconfig (fixture->place, PATH, text);
}

static SessionLink *
connect_full (Fixture *fixture,
              const char *context,
              const char *const *approved,
              SessionLink *previous,
              GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  g_clear_pointer (&fixture->exec_argv, g_strfreev);
  session_link_connect_async (JUMP_PLACE (fixture->place), context, approved, previous, NULL,
                              test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the connection");
  return session_link_connect_finish (result, &fixture->exec_argv, error);
}

static SessionLink *
connect_well (Fixture *fixture, SessionLink *previous)
{
  g_autoptr (GError) error = NULL;
  SessionLink *link = connect_full (fixture, NULL, NULL, previous, &error);

  g_assert_no_error (error);
  return link;
}

static void
assert_fails (Fixture *fixture, GQuark domain, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (connect_full (fixture, NULL, NULL, NULL, &error));
  g_assert_error (error, domain, code);
  g_assert_null (strstr (error->message, FAKE_TOKEN));
  /* A sentence. */
  g_test_message ("%s", error->message);
  g_assert_true (g_str_has_suffix (error->message, "."));
}

static void
test_good (Fixture *fixture, gconstpointer data)
{
  SessionLink *link = NULL;

  set_kubeconfig (fixture, NULL, NULL);
  link = connect_well (fixture, NULL);
  g_assert_cmpstr (kube_client_get_server_version (session_link_get_client (link)), ==, "v1.15.2");
  g_assert_finalize_object (link);
}

/* The name of the server is known to its certificate only, and the place leads there. */
static void
test_other_name (Fixture *fixture, gconstpointer data)
{
  g_autofree char *cluster = g_strdup_printf ("server: https://" FAKE_NAME ":%u",
                                              fake_api_server_get_port (fixture->server));
  g_autoptr (SessionLink) link = NULL;

  set_kubeconfig (fixture, cluster, NULL);
  link = connect_well (fixture, NULL);
  g_assert_nonnull (kube_client_get_server_version (session_link_get_client (link)));
}

static void
test_needed_files (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SessionLink) link = NULL;

  set_kubeconfig (fixture, NULL, "tokenFile: secrets/token");
  assert_fails (fixture, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  fake_place_set_file (fixture->place, "/home/student/.kube/secrets/token", FAKE_TOKEN);
  link = connect_well (fixture, NULL);
}

static void
test_no_kubeconfig (Fixture *fixture, gconstpointer data)
{
  assert_fails (fixture, KUBE_ERROR, KUBE_ERROR_CONFIG);
}

static void
test_broken_kubeconfig (Fixture *fixture, gconstpointer data)
{
  fake_place_set_kubeconfig (fixture->place, PATH, "clusters: [\n  broken");
  assert_fails (fixture, KUBE_ERROR, KUBE_ERROR_CONFIG);
  fake_place_set_kubeconfig (fixture->place, PATH, "a text\n");
  assert_fails (fixture, KUBE_ERROR, KUBE_ERROR_CONFIG);
  fake_place_set_kubeconfig (fixture->place, PATH, "apiVersion: v1\nkind: Config\n");
  assert_fails (fixture, KUBE_ERROR, KUBE_ERROR_CONFIG);
}

static void
test_wrong_context (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  set_kubeconfig (fixture, NULL, NULL);
  g_assert_null (connect_full (fixture, "another", NULL, NULL, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
}

static void
test_wrong_token (Fixture *fixture, gconstpointer data)
{
  set_kubeconfig (fixture, NULL, "token: another");
  assert_fails (fixture, KUBE_ERROR, KUBE_ERROR_UNAUTHORIZED);
}

static void
test_wrong_ca (Fixture *fixture, gconstpointer data)
{
  g_autoptr (FakeApiServer) other = fake_api_server_new ();
  g_autofree char *ca = g_base64_encode ((const guchar *)fake_api_server_get_ca (other),
                                         strlen (fake_api_server_get_ca (other)));
  g_autofree char *text =
    g_strdup_printf ("apiVersion: v1\nkind: Config\ncurrent-context: c\n"
                     "contexts: [{name: c, context: {cluster: c, user: u}}]\n"
                     "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:%u', "
                     "certificate-authority-data: %s}}]\nusers: [{name: u, user: {token: %s}}]\n",
                     fake_api_server_get_port (fixture->server), ca, FAKE_TOKEN);

  fake_place_set_kubeconfig (fixture->place, PATH, text);
  assert_fails (fixture, KUBE_ERROR, KUBE_ERROR_TLS);
}

static void
test_server_gone (Fixture *fixture, gconstpointer data)
{
  set_kubeconfig (fixture, NULL, NULL);
  fake_api_server_stop (fixture->server);
  assert_fails (fixture, KUBE_ERROR, KUBE_ERROR_UNREACHABLE);
}

static void
test_place_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error =
    g_error_new_literal (JUMP_ERROR, JUMP_ERROR_KEY_TOO_OPEN, "Others can read the key.");

  fake_place_set_failure (fixture->place, error);
  assert_fails (fixture, JUMP_ERROR, JUMP_ERROR_KEY_TOO_OPEN);
}

/* What nothing has changed in is the same client, so that its lists can go on. */
static void
test_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (SessionLink) first = NULL;
  g_autoptr (SessionLink) second = NULL;
  g_autoptr (SessionLink) third = NULL;

  set_kubeconfig (fixture, NULL, NULL);
  first = connect_well (fixture, NULL);
  second = connect_well (fixture, first);
  g_assert_true (first == second);
  fake_api_server_set_token (fixture->server, "new-token-of-the-fake");
  set_kubeconfig (fixture, NULL, "token: new-token-of-the-fake");
  third = connect_well (fixture, second);
  g_assert_true (session_link_get_client (third) != session_link_get_client (second));
}

/* The plugin is a program at the place: it runs there, with what the kubeconfig sets for it, and
 * only when the user has agreed to it. */
static void
test_exec_plugin (Fixture *fixture, gconstpointer data)
{
  g_autofree char *plugin =
    g_build_filename (fake_place_get_home (fixture->place), "plugin with space", NULL);
  g_autofree char *user =
    g_strdup_printf ("exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: '%s', "
                     "args: [\"it's\"], env: [{name: PLUGIN_TOKEN, value: '%s'}]}",
                     plugin, FAKE_TOKEN);
  g_autoptr (GError) error = NULL;
  g_autoptr (SessionLink) link = NULL;
  g_auto (GStrv) argv = NULL;

  g_file_set_contents (plugin,
                       "#!/bin/sh\n[ \"$1\" = \"it's\" ] || exit 1\n"
                       "case $KUBERNETES_EXEC_INFO in *ExecCredential*) ;; *) exit 1 ;; esac\n"
                       "printf '{\"apiVersion\":\"client.authentication.k8s.io/v1beta1\",'\n"
                       "printf '\"kind\":\"ExecCredential\",\"status\":{\"token\":\"%s\"}}' "
                       "\"$PLUGIN_TOKEN\"\n",
                       -1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (plugin, 0700), ==, 0);
  set_kubeconfig (fixture, NULL, user);

  g_assert_null (connect_full (fixture, NULL, NULL, NULL, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_EXEC_NOT_APPROVED);
  g_clear_error (&error);
  g_assert_nonnull (fixture->exec_argv);
  g_assert_cmpstr (fixture->exec_argv[0], ==, plugin);
  g_assert_cmpstr (fixture->exec_argv[1], ==, "it's");

  argv = g_strdupv (fixture->exec_argv);
  link = connect_full (fixture, NULL, (const char *const *)argv, NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&link);

  /* Another command line is another question. */
  g_free (argv[1]);
  argv[1] = g_strdup ("its");
  g_assert_null (connect_full (fixture, NULL, (const char *const *)argv, NULL, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_EXEC_NOT_APPROVED);
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/session/link/good", test_good },
    { "/session/link/other-name", test_other_name },
    { "/session/link/needed-files", test_needed_files },
    { "/session/link/no-kubeconfig", test_no_kubeconfig },
    { "/session/link/broken-kubeconfig", test_broken_kubeconfig },
    { "/session/link/wrong-context", test_wrong_context },
    { "/session/link/wrong-token", test_wrong_token },
    { "/session/link/wrong-ca", test_wrong_ca },
    { "/session/link/server-gone", test_server_gone },
    { "/session/link/place-refused", test_place_refused },
    { "/session/link/again", test_again },
    { "/session/link/exec-plugin", test_exec_plugin },
  };

  kube_client_init_process ();
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  return g_test_run ();
}
