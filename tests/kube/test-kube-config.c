/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "kube-context-private.h"
#include "kube-error.h"

#define SECRET "s3cr3t-t0ken"

static void
add (KubeConfig *config, const char *path, const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (kube_config_add (config, path, text, -1, &error));
  g_assert_no_error (error);
}

/* A whole kubeconfig whose cluster and user have these members. */
static char *
dup_text (const char *cluster, const char *user)
{
  return g_strdup_printf ("apiVersion: v1\n"
                          "kind: Config\n"
                          "current-context: main\n"
                          "clusters:\n"
                          "- name: c\n"
                          "  cluster: {%s}\n"
                          "users:\n"
                          "- name: u\n"
                          "  user: {%s}\n"
                          "contexts:\n"
                          "- name: main\n"
                          "  context: {cluster: c, user: u}\n",
                          cluster, user);
}

static KubeContext *
resolve (const char *cluster, const char *user, GError **error)
{
  g_autoptr (KubeConfig) config = kube_config_new ();
  g_autofree char *text = dup_text (cluster, user);

  add (config, "/home/student/.kube/config", text);
  return kube_config_dup_context (config, NULL, error);
}

/* Says what is wrong, and then what to do. */
static void
assert_advises (const GError *error)
{
  const char *advice = strstr (error->message, ". ");

  if (advice == NULL || !g_str_has_suffix (error->message, "."))
    g_error ("\"%s\" does not say what to do", error->message);
}

static void
assert_refused (const char *cluster, const char *user, const char *about)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KubeContext) context = resolve (cluster, user, &error);

  g_assert_null (context);
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
  if (strstr (error->message, about) == NULL)
    g_error ("\"%s\" does not speak of %s", error->message, about);
  assert_advises (error);
  g_assert_null (strstr (error->message, SECRET));
}

static void
test_basics (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KubeContext) context =
    resolve ("server: \"https://k8s.example:6443/k8s/clusters/c-x/\"", "token: " SECRET, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (kube_context_get_name (context), ==, "main");
  g_assert_cmpstr (kube_context_get_server (context), ==,
                   "https://k8s.example:6443/k8s/clusters/c-x");
  g_assert_cmpstr (kube_context_get_host (context), ==, "k8s.example");
  g_assert_cmpuint (kube_context_get_port (context), ==, 6443);
  g_assert_cmpstr (kube_context_get_namespace (context), ==, "default");
  g_assert_false (kube_context_get_insecure (context));
  g_assert_null (kube_context_get_exec_argv (context));
  g_assert_cmpstr (context->token, ==, SECRET);
  g_assert_finalize_object (g_steal_pointer (&context));
}

static void
test_servers (void)
{
  static const struct {
    const char *cluster;
    const char *server;
    const char *host;
    guint port;
    gboolean insecure;
  } cases[] = {
    { "server: \"https://a.example\"", "https://a.example", "a.example", 443, FALSE },
    { "server: \"http://a.example\"", "http://a.example", "a.example", 80, TRUE },
    { "server: \"https://[2001:db8::1]:6443\"", "https://[2001:db8::1]:6443", "2001:db8::1", 6443,
      FALSE },
    { "server: \"10.0.0.1:8080\"", "http://10.0.0.1:8080", "10.0.0.1", 8080, TRUE },
    { "server: \"10.0.0.1:6443\", insecure-skip-tls-verify: true", "https://10.0.0.1:6443",
      "10.0.0.1", 6443, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (KubeContext) context = resolve (cases[i].cluster, "", &error);

    g_assert_no_error (error);
    g_assert_cmpstr (kube_context_get_server (context), ==, cases[i].server);
    g_assert_cmpstr (kube_context_get_host (context), ==, cases[i].host);
    g_assert_cmpuint (kube_context_get_port (context), ==, cases[i].port);
    g_assert_cmpint (kube_context_get_insecure (context), ==, cases[i].insecure);
  }

  assert_refused ("x: y", "", "server");
  assert_refused ("server: a.example/path", "", "HOST:PORT");
  assert_refused ("server: \"ftp://a.example\"", "", "URL");
  assert_refused ("server: \"https://\"", "", "URL");
  assert_refused ("server: \"https://me:" SECRET "@a.example\"", "", "URL");
  assert_refused ("server: \"https://a.example?x=1\"", "", "URL");
  assert_refused ("server: \"https://a.example:99999\"", "", "URL");
}

static void
test_first_file_wins (void)
{
  g_autoptr (KubeConfig) config = kube_config_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (KubeContext) main_context = NULL;
  g_autoptr (KubeContext) other = NULL;
  g_auto (GStrv) names = NULL;

  add (config, "/a/config",
       "clusters:\n- {name: k, cluster: {server: 'https://first'}}\n"
       "contexts:\n- {name: one, context: {cluster: k, user: u, namespace: blue}}\n"
       "current-context: ''\n");
  add (config, "/b/config",
       "clusters:\n- {name: k, cluster: {server: 'https://second', tls-server-name: x}}\n"
       "- {name: l, cluster: {server: 'https://third'}}\n"
       "users:\n- {name: u, user: {token: one}}\n"
       "contexts:\n- {name: one, context: {cluster: l}}\n- {name: two, context: {cluster: l}}\n"
       "current-context: one\n");
  add (config, "/c/config", "current-context: two\nusers: null\nclusters: null\n");

  names = kube_config_dup_context_names (config);
  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_cmpstr (names[0], ==, "one");
  g_assert_cmpstr (kube_config_get_current_context (config), ==, "one");

  main_context = kube_config_dup_context (config, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kube_context_get_server (main_context), ==, "https://first");
  g_assert_cmpstr (kube_context_get_namespace (main_context), ==, "blue");
  g_assert_null (main_context->tls_server_name);
  g_assert_cmpstr (main_context->token, ==, "one");

  other = kube_config_dup_context (config, "two", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kube_context_get_server (other), ==, "https://third");
}

/* A token that looks like a number or a boolean is still text. */
static void
test_scalars_stay_text (void)
{
  static const char *const tokens[] = { "12345", "0x10", "yes", "1e3", "1.0", "2019-01-01" };

  for (gsize i = 0; i < G_N_ELEMENTS (tokens); i++) {
    g_autofree char *user = g_strconcat ("token: ", tokens[i], NULL);
    g_autoptr (KubeContext) context = resolve ("server: 'https://a'", user, NULL);

    g_assert_cmpstr (context->token, ==, tokens[i]);
  }
}

static void
test_json_is_yaml (void)
{
  g_autoptr (KubeConfig) config = kube_config_new ();
  g_autoptr (KubeContext) context = NULL;

  add (config, "/a",
       "{\"kind\":\"Config\",\"clusters\":[{\"name\":\"c\",\"cluster\":{\"server\":"
       "\"https://a\"}}],\"contexts\":[{\"name\":\"x\",\"context\":{\"cluster\":\"c\"}}],"
       "\"current-context\":\"x\",\"unknown\":{\"a\":1}}");
  context = kube_config_dup_context (config, NULL, NULL);
  g_assert_cmpstr (kube_context_get_host (context), ==, "a");
}

static void
test_broken_files (void)
{
  static const struct {
    const char *text;
    const char *about;
  } cases[] = {
    { "{", "broken" },
    { "- a\n- b\n", "not a kubeconfig" },
    { "kind: Pod\n", "not a kubeconfig" },
    { "just words", "not a kubeconfig" },
    { "users:\n- {name: a, user: {token: " SECRET "}}\n- {name: a, user: {}}\n", "twice" },
    { "users: [" SECRET "\n", "broken" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (KubeConfig) config = kube_config_new ();
    g_autoptr (GError) error = NULL;

    g_assert_false (kube_config_add (config, "/x/config", cases[i].text, -1, &error));
    g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
    g_assert_nonnull (strstr (error->message, cases[i].about));
    g_assert_nonnull (strstr (error->message, "/x/config"));
    g_assert_null (strstr (error->message, SECRET));
  }
}

static void
test_empty_file (void)
{
  g_autoptr (KubeConfig) config = kube_config_new ();
  g_autoptr (GError) error = NULL;

  add (config, "/a", "");
  add (config, "/a", "# nothing\n");
  g_assert_null (kube_config_dup_context (config, NULL, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
}

static void
test_too_large (void)
{
  g_autoptr (KubeConfig) config = kube_config_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = g_strnfill (5 * 1024 * 1024, ' ');

  g_assert_false (kube_config_add (config, "/a", text, -1, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
}

static void
test_missing_entries (void)
{
  static const char *const texts[] = {
    "contexts:\n- {name: x, context: {cluster: c}}\ncurrent-context: y\n",
    "contexts:\n- {name: x, context: {cluster: c}}\ncurrent-context: x\n",
    "contexts:\n- {name: x, context: {cluster: c}}\n",
    "contexts:\n- {name: x}\ncurrent-context: x\n",
    "clusters:\n- {name: c}\ncontexts:\n- {name: x, context: {cluster: c}}\ncurrent-context: x\n",
    "clusters:\n- {name: c, cluster: {server: 'https://a'}}\n"
    "contexts:\n- {name: x, context: {cluster: c, user: nobody}}\ncurrent-context: x\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (KubeConfig) config = kube_config_new ();
    g_autoptr (GError) error = NULL;

    add (config, "/a", texts[i]);
    g_assert_null (kube_config_dup_context (config, NULL, &error));
    g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
    assert_advises (error);
  }
}

static void
test_certificate_authority (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KubeContext) context =
    resolve ("server: 'https://a', certificate-authority-data: \"Y\\n 2E=\"", "", &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (context->ca, NULL), g_bytes_get_size (context->ca), "ca", 2);

  assert_refused ("server: 'https://a', certificate-authority-data: '%%%'", "", "base64");
  assert_refused (
    "server: 'https://a', certificate-authority-data: Y2E=, insecure-skip-tls-verify: true", "",
    "insecure-skip-tls-verify");
  /* embedded data wins, and still the file must be there */
  assert_refused ("server: 'https://a', certificate-authority-data: Y2E=, "
                  "certificate-authority: ca.pem",
                  "", "/home/student/.kube/ca.pem");
}

static void
test_client_certificate (void)
{
  assert_refused ("server: 'https://a'", "client-certificate-data: Y2E=", "without its key");
  assert_refused ("server: 'https://a'", "client-key-data: Y2E=", "without its cert");
  assert_refused ("server: 'https://a'", "client-certificate: /x/cert, client-key: /x/key",
                  "/x/cert");
}

static void
test_needed_files (void)
{
  g_autoptr (KubeConfig) config = kube_config_new ();
  g_autofree char *text = dup_text ("server: 'https://a', certificate-authority: pki/ca.pem",
                                    "client-certificate: ../cert.pem, client-key: /abs/key.pem, "
                                    "tokenFile: token, token: ignored");
  g_autoptr (GBytes) token = g_bytes_new_static (SECRET "\n", strlen (SECRET "\n"));
  g_autoptr (GError) error = NULL;
  g_autoptr (KubeContext) context = NULL;
  g_auto (GStrv) files = NULL;

  add (config, "/home/student/.kube/config", text);
  files = kube_config_dup_needed_files (config, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (files), ==, 4);
  g_assert_cmpstr (files[0], ==, "/home/student/.kube/pki/ca.pem");
  g_assert_cmpstr (files[1], ==, "/home/student/cert.pem");
  g_assert_cmpstr (files[2], ==, "/abs/key.pem");
  g_assert_cmpstr (files[3], ==, "/home/student/.kube/token");

  g_assert_null (kube_config_dup_context (config, NULL, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
  g_clear_error (&error);

  for (gsize i = 0; files[i] != NULL; i++)
    kube_config_add_file (config, files[i], token);
  context = kube_config_dup_context (config, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (context->token, ==, SECRET);
  g_assert_cmpstr (context->token_file, ==, "/home/student/.kube/token");
  g_assert_false (context->local);
}

static void
test_basic_and_token (void)
{
  g_autoptr (KubeContext) context =
    resolve ("server: 'https://a'", "username: me, password: " SECRET, NULL);

  g_assert_cmpstr (context->username, ==, "me");
  g_assert_cmpstr (context->password, ==, SECRET);
  assert_refused ("server: 'https://a'", "username: me, password: x, token: " SECRET, "user name");
}

static void
test_exec (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KubeContext) context = resolve (
    "server: 'https://a', certificate-authority-data: Y2E=, extensions: [{name: "
    "client.authentication.k8s.io/exec, extension: {audience: x}}]",
    "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./bin/login, args: [--id, 7], "
    "env: [{name: A, value: b}], interactiveMode: Never, provideClusterInfo: true, installHint: "
    "get it}",
    &error);
  const char *const *argv;

  g_assert_no_error (error);
  argv = kube_context_get_exec_argv (context);
  g_assert_cmpstr (argv[0], ==, "/home/student/.kube/bin/login");
  g_assert_cmpstr (argv[1], ==, "--id");
  g_assert_cmpstr (argv[2], ==, "7");
  g_assert_null (argv[3]);
  g_assert_cmpstr (context->exec->environment[0], ==, "A=b");
  g_assert_cmpstr (context->exec->install_hint, ==, "get it");
  g_assert_nonnull (context->exec->cluster);
  g_assert_false (context->exec->needs_terminal);
}

static void
test_exec_variants (void)
{
  g_autoptr (KubeContext) beta = resolve (
    "server: 'https://a'",
    "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: login, args: null}", NULL);
  g_autoptr (KubeContext) with_token = resolve (
    "server: 'https://a'",
    "token: t, exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: login}", NULL);

  g_assert_cmpstr (kube_context_get_exec_argv (beta)[0], ==, "login");
  g_assert_null (kube_context_get_exec_argv (with_token));

  assert_refused ("server: 'https://a'",
                  "exec: {apiVersion: client.authentication.k8s.io/v1, command: login}",
                  "interactiveMode");
  assert_refused ("server: 'https://a'",
                  "exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: login}",
                  "v1alpha1");
  assert_refused ("server: 'https://a'", "exec: {apiVersion: client.authentication.k8s.io/v1beta1}",
                  "command");
}

static void
test_auth_provider (void)
{
  g_autoptr (KubeContext) context = resolve (
    "server: 'https://a'", "auth-provider: {name: oidc, config: {id-token: " SECRET "}}", NULL);

  g_assert_cmpstr (context->token, ==, SECRET);
  assert_refused ("server: 'https://a'", "auth-provider: {name: gcp}", "gcp");
}

static void
test_impersonation (void)
{
  g_autoptr (KubeContext) context =
    resolve ("server: 'https://a'",
             "as: jane, as-groups: [dev, ops], as-uid: 7, as-user-extra: {scope: [a, b]}", NULL);

  g_assert_cmpstr (context->impersonate_user, ==, "jane");
  g_assert_cmpstr (context->impersonate_uid, ==, "7");
  g_assert_cmpuint (g_strv_length (context->impersonate_groups), ==, 2);
  g_assert_cmpuint (g_strv_length (context->impersonate_extra), ==, 4);
  assert_refused ("server: 'https://a'", "as-groups: [dev]", "as whom");
}

static void
test_proxy (void)
{
  g_autoptr (KubeContext) plain =
    resolve ("server: 'https://a', proxy-url: 'http://proxy:3128'", "", NULL);
  g_autoptr (KubeContext) socks =
    resolve ("server: 'https://a', proxy-url: 'socks5h://proxy:1080'", "", NULL);

  g_assert_cmpstr (plain->proxy_url, ==, "http://proxy:3128");
  g_assert_cmpstr (socks->proxy_url, ==, "socks5://proxy:1080");
  assert_refused ("server: 'https://a', proxy-url: 'https://proxy'", "", "proxy");
  assert_refused ("server: 'https://a', proxy-url: 'x'", "", "proxy");
}

static void
test_load (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("kube-config-XXXXXX", &error);
  g_autofree char *missing = g_build_filename (folder, "missing", NULL);
  g_autofree char *path = g_build_filename (folder, "config", NULL);
  g_autofree char *token_path = g_build_filename (folder, "token", NULL);
  g_autofree char *text = dup_text ("server: 'https://a'", "tokenFile: token");
  const char *const paths[] = { missing, path, NULL };
  const char *const nothing[] = { missing, NULL };
  g_autoptr (KubeContext) context = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, &error));
  g_assert_null (kube_config_load (paths, NULL, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
  g_assert_nonnull (strstr (error->message, token_path));
  g_clear_error (&error);

  g_assert_true (g_file_set_contents (token_path, SECRET, -1, &error));
  context = kube_config_load (paths, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (context->token, ==, SECRET);
  g_assert_true (context->local);

  g_assert_null (kube_config_load (nothing, NULL, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);
  g_assert_nonnull (strstr (error->message, missing));
  g_clear_error (&error);

  /* a folder is no kubeconfig */
  g_assert_null (kube_config_load ((const char *const[]){ folder, NULL }, NULL, &error));
  g_assert_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG);

  g_remove (token_path);
  g_remove (path);
  g_rmdir (folder);
}

static void
test_default_paths (void)
{
  g_auto (GStrv) two = NULL;
  g_auto (GStrv) home = NULL;

  g_setenv ("KUBECONFIG", "/a::/b", TRUE);
  two = kube_config_dup_default_paths ();
  g_assert_cmpuint (g_strv_length (two), ==, 2);
  g_assert_cmpstr (two[1], ==, "/b");

  g_setenv ("KUBECONFIG", "", TRUE);
  home = kube_config_dup_default_paths ();
  g_assert_cmpuint (g_strv_length (home), ==, 1);
  g_assert_true (g_str_has_suffix (home[0], "/.kube/config"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/kube/config/basics", test_basics);
  g_test_add_func ("/kube/config/servers", test_servers);
  g_test_add_func ("/kube/config/first-file-wins", test_first_file_wins);
  g_test_add_func ("/kube/config/scalars-stay-text", test_scalars_stay_text);
  g_test_add_func ("/kube/config/json-is-yaml", test_json_is_yaml);
  g_test_add_func ("/kube/config/broken-files", test_broken_files);
  g_test_add_func ("/kube/config/empty-file", test_empty_file);
  g_test_add_func ("/kube/config/too-large", test_too_large);
  g_test_add_func ("/kube/config/missing-entries", test_missing_entries);
  g_test_add_func ("/kube/config/certificate-authority", test_certificate_authority);
  g_test_add_func ("/kube/config/client-certificate", test_client_certificate);
  g_test_add_func ("/kube/config/needed-files", test_needed_files);
  g_test_add_func ("/kube/config/basic-and-token", test_basic_and_token);
  g_test_add_func ("/kube/config/exec", test_exec);
  g_test_add_func ("/kube/config/exec-variants", test_exec_variants);
  g_test_add_func ("/kube/config/auth-provider", test_auth_provider);
  g_test_add_func ("/kube/config/impersonation", test_impersonation);
  g_test_add_func ("/kube/config/proxy", test_proxy);
  g_test_add_func ("/kube/config/load", test_load);
  g_test_add_func ("/kube/config/default-paths", test_default_paths);
  return g_test_run ();
}
