/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base-condition.h"
#include "practice-api-server.h"
#include "practice-drills.h"
#include "test-json.h"
#include "test-wait.h"

#define FIRST_FILE "first: 1\n"

typedef struct {
  char *dir;
  char *home;
  char *file; /* cluster.yaml */
  PracticeStore *store;
  PracticeApiServer *server;
  PracticeCluster *cluster;
  PracticeDrills *drills;
  GTlsDatabase *database;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeSnapshots) snapshots = NULL;
  g_autofree char *path = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *lab = NULL;
  g_autofree char *ca = NULL;

  fixture->dir = g_dir_make_tmp ("practice-drills-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (fixture->dir, "state.db", NULL);
  folder = g_build_filename (fixture->dir, "snapshots", NULL);
  ca = g_build_filename (fixture->dir, "ca.pem", NULL);
  fixture->home = g_build_filename (fixture->dir, "home", NULL);
  lab = g_build_filename (fixture->home, "lab", NULL);
  fixture->file = g_build_filename (lab, "cluster.yaml", NULL);
  g_assert_cmpint (g_mkdir_with_parents (lab, 0700), ==, 0);
  g_file_set_contents (fixture->file, FIRST_FILE, -1, &error);
  g_assert_no_error (error);

  fixture->store = practice_store_new (path, &error);
  g_assert_no_error (error);
  fixture->server = practice_api_server_new (fixture->store, &error);
  g_assert_no_error (error);
  fixture->cluster = practice_cluster_new (fixture->store, NULL, &error);
  g_assert_no_error (error);
  snapshots = practice_snapshots_new (fixture->store, folder, fixture->home, &error);
  g_assert_no_error (error);
  fixture->drills = practice_drills_new (
    fixture->store, practice_api_server_get_gate (fixture->server), fixture->cluster, snapshots);
  g_file_set_contents (ca, practice_api_server_get_ca_pem (fixture->server), -1, &error);
  g_assert_no_error (error);
  fixture->database = g_tls_file_database_new (ca, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  const char *const argv[] = { "rm", "-rf", fixture->dir, NULL };

  g_assert_finalize_object (g_steal_pointer (&fixture->drills));
  g_clear_object (&fixture->cluster);
  g_clear_object (&fixture->database);
  test_wait_finalize (g_steal_pointer (&fixture->server), 30);
  test_wait_finalize (g_steal_pointer (&fixture->store), 30);
  g_assert_true (g_spawn_sync (NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                               NULL, NULL, NULL));
  g_free (fixture->dir);
  g_free (fixture->home);
  g_free (fixture->file);
}

/* Runs "WORD WORD ..."; (transfer full) (nullable): what it says. */
static char *
run (Fixture *fixture, const char *line, GError **error)
{
  g_auto (GStrv) argv = g_strsplit (line, " ", -1);

  return practice_drills_run (fixture->drills, (const char *const *)argv, error);
}

static void
run_well (Fixture *fixture, const char *line)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = run (fixture, line, &error);

  g_assert_no_error (error);
  g_assert_nonnull (text);
}

/* A request over a connection of its own. Returns the status, or 0 with @error. */
static guint
ask (Fixture *fixture, const char *path, char **text, GError **error)
{
  g_autoptr (SoupSession) session =
    soup_session_new_with_options ("tls-database", fixture->database, "timeout", 10, NULL);
  g_autofree char *uri = g_strdup_printf ("https://127.0.0.1:%u%s",
                                          practice_api_server_get_port (fixture->server), path);
  g_autofree char *bearer =
    g_strconcat ("Bearer ", practice_api_server_get_token (fixture->server), NULL);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", uri);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GBytes) bytes = NULL;

  soup_message_headers_append (soup_message_get_request_headers (message), "Authorization", bearer);
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL,
                                    test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 30, "an answer");
  bytes = soup_session_send_and_read_finish (session, result, error);
  if (bytes == NULL)
    return 0;
  if (text != NULL)
    *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return soup_message_get_status (message);
}

static void
assert_answers (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  guint status = ask (fixture, "/version", NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (status, ==, 200);
}

static void
test_words (void)
{
  static const struct {
    const char *line;
    gboolean makes_sense;
  } cases[] = {
    { "fault", FALSE },
    { "fault list", TRUE },
    { "fault list all", FALSE },
    { "fault clear", TRUE },
    { "fault clear slow", TRUE },
    { "fault clear quick", FALSE },
    { "fault slow", TRUE },
    { "fault slow 10", TRUE },
    { "fault slow 0", FALSE },
    { "fault slow 3601", FALSE },
    { "fault slow -1", FALSE },
    { "fault slow 99999999999999999999", FALSE },
    { "fault slow 1 2", FALSE },
    { "fault slow down", FALSE },
    { "fault quick", FALSE },
    { "fault pod-crash redis", TRUE },
    { "fault pod-crash redis 3", TRUE },
    { "fault pod-crash 3", TRUE },
    { "fault pod-crash redis x", FALSE },
    { "fault \xff", FALSE },
    { "snapshot", TRUE },
    { "snapshot section-7.1_b", TRUE },
    { "snapshot .hidden", FALSE },
    { "snapshot ../up", FALSE },
    { "snapshot a b", FALSE },
    { "snapshot -x", FALSE },
    { "restore", FALSE },
    { "restore a", TRUE },
    { "restore ", FALSE },
    { "reset", TRUE },
    { "reset all", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_auto (GStrv) argv = g_strsplit (cases[i].line, " ", -1);
    g_autoptr (GError) error = NULL;
    gboolean makes_sense = practice_drills_check ((const char *const *)argv, &error);

    if (makes_sense != cases[i].makes_sense)
      g_error ("%s", cases[i].line);
    g_assert_true (makes_sense == (error == NULL));
  }
}

static void
test_api_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint16 port = practice_api_server_get_port (fixture->server);

  assert_answers (fixture);
  run_well (fixture, "fault api-down");
  g_assert_cmpuint (ask (fixture, "/version", NULL, &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  run_well (fixture, "fault api-down 20");
  run_well (fixture, "fault clear");
  g_assert_cmpuint (practice_api_server_get_port (fixture->server), ==, port);
  assert_answers (fixture);
}

static gboolean
is_off (gpointer data)
{
  g_autofree char *list = run (data, "fault list", NULL);

  return strstr (list, " left") == NULL;
}

static void
test_time (Fixture *fixture, gconstpointer data)
{
  g_autofree char *list = NULL;

  run_well (fixture, "fault token-revoked 1");
  list = run (fixture, "fault list", NULL);
  g_assert_nonnull (strstr (list, "on, 1 s left"));
  test_wait_until (is_off, fixture, 30, "the end of a fault");
  assert_answers (fixture);
}

static void
test_certificate (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  run_well (fixture, "fault certificate-expired");
  g_assert_cmpuint (ask (fixture, "/version", NULL, &error), ==, 0);
  g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  run_well (fixture, "fault clear certificate-expired");
  assert_answers (fixture);
}

static void
test_token (Fixture *fixture, gconstpointer data)
{
  run_well (fixture, "fault token-revoked");
  g_assert_cmpuint (ask (fixture, "/version", NULL, NULL), ==, 401);
  run_well (fixture, "fault clear");
  assert_answers (fixture);
}

static void
test_slow (Fixture *fixture, gconstpointer data)
{
  PracticeApiGate *gate = practice_api_server_get_gate (fixture->server);
  gint64 before = g_get_monotonic_time ();

  practice_api_gate_set_delay (gate, 150);
  assert_answers (fixture);
  g_assert_cmpint (g_get_monotonic_time () - before, >=, 150 * G_TIME_SPAN_MILLISECOND);
  practice_api_gate_set_delay (gate, 0);
  assert_answers (fixture);
}

static void
test_watches (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path =
    g_strdup_printf ("/api/v1/nodes?watch=true&timeoutSeconds=1&resourceVersion=%" G_GUINT64_FORMAT,
                     practice_store_get_version (fixture->store));
  g_autofree char *stream = NULL;
  g_autofree char *status = NULL;

  run_well (fixture, "fault expired-watches");
  /* First by the status, then by an event, since the version is forgotten. */
  g_assert_cmpuint (ask (fixture, path, &status, NULL), ==, 410);
  g_assert_nonnull (strstr (status, "too old resource version"));
  practice_store_expire (fixture->store);
  g_assert_cmpuint (
    ask (fixture, "/api/v1/nodes?watch=true&timeoutSeconds=1&resourceVersion=1", &stream, NULL), ==,
    200);
  g_assert_nonnull (strstr (stream, "\"type\":\"ERROR\""));
  g_assert_nonnull (strstr (stream, "\"code\":410"));
}

static JsonNode *
get_pod (Fixture *fixture)
{
  return practice_store_get (fixture->store, "/pods", "default", "redis");
}

static gboolean
pod_is_ready (gpointer data)
{
  return base_condition_is_true (get_pod (data), "Ready");
}

static void
create_pod (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  practice_store_create (
    fixture->store, "/pods",
    test_json ("{'kind':'Pod','apiVersion':'v1','metadata':{'name':'redis','namespace':'default'},"
               "'spec':{'containers':[{'name':'redis','image':'redis'}]}}"),
    &error);
  g_assert_no_error (error);
}

static void
start_pod (Fixture *fixture)
{
  create_pod (fixture);
  test_wait_until (pod_is_ready, fixture, 30, "a pod");
}

static void
test_crash (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = run (fixture, "fault pod-crash no-such-pod", &error);
  JsonNode *status;

  g_assert_null (text);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  start_pod (fixture);
  run_well (fixture, "fault pod-crash default/redis 1");
  status = json_array_get_element (
    base_json_get_array (get_pod (fixture), "status", "containerStatuses", NULL), 0);
  g_assert_cmpstr (base_json_get_string (status, "state", "waiting", "reason", NULL), ==,
                   "CrashLoopBackOff");
  g_assert_cmpint (base_json_get_int (status, 0, "lastState", "terminated", "exitCode", NULL), ==,
                   1);
  g_assert_cmpint (base_json_get_int (status, 0, "restartCount", NULL), ==, 1);
  test_wait_until (pod_is_ready, fixture, 30, "the pod after its crash");
  status = json_array_get_element (
    base_json_get_array (get_pod (fixture), "status", "containerStatuses", NULL), 0);
  g_assert_cmpint (base_json_get_int (status, 0, "restartCount", NULL), ==, 2);
}

static gboolean
pod_is_not_ready (gpointer data)
{
  return !pod_is_ready (data);
}

static JsonNode *
get_hasty (Fixture *fixture)
{
  return practice_store_get (fixture->store, "/pods", "default", "hasty");
}

static gboolean
is_evicted (gpointer data)
{
  return base_json_get_string (get_hasty (data), "metadata", "deletionTimestamp", NULL) != NULL;
}

static gboolean
is_gone (gpointer data)
{
  return get_hasty (data) == NULL;
}

/* A pod that says how long it stays goes then, and not before its node is back is it gone. */
static void
test_eviction (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  const char *node;

  start_pod (fixture);
  node = base_json_get_string (get_pod (fixture), "spec", "nodeName", NULL);
  text = g_strdup_printf (
    "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'hasty','namespace':'default'},'spec':{"
    "'nodeName':'%s','containers':[{'name':'redis','image':'redis'}],'tolerations':[{'key':"
    "'node.kubernetes.io/unreachable','operator':'Exists','effect':'NoExecute',"
    "'tolerationSeconds':1}]}}",
    node);
  practice_store_create (fixture->store, "/pods", test_json (text), &error);
  g_assert_no_error (error);
  line = g_strdup_printf ("fault node-lost %s", node);
  run_well (fixture, line);
  test_wait_until (is_evicted, fixture, 30, "a pod that is evicted");
  g_assert_null (base_json_get_string (get_pod (fixture), "metadata", "deletionTimestamp", NULL));
  run_well (fixture, "fault clear");
  test_wait_until (is_gone, fixture, 30, "the end of the evicted pod");
  g_assert_nonnull (get_pod (fixture));
}

static void
test_node (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *nothing = run (fixture, "fault node-lost nowhere", &error);
  g_autofree char *node = NULL;
  g_autofree char *line = NULL;
  JsonNode *present;

  g_assert_null (nothing);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  start_pod (fixture);
  node = g_strdup (base_json_get_string (get_pod (fixture), "spec", "nodeName", NULL));
  line = g_strdup_printf ("fault node-lost %s", node);
  run_well (fixture, line);
  test_wait_until (pod_is_not_ready, fixture, 30, "a pod on a lost node");
  present = practice_store_get (fixture->store, "/nodes", NULL, node);
  g_assert_false (base_condition_is_true (present, "Ready"));
  g_assert_nonnull (base_json_get_array (present, "spec", "taints", NULL));
  run_well (fixture, "fault clear");
  test_wait_until (pod_is_ready, fixture, 30, "the pod of a node that is back");
  present = practice_store_get (fixture->store, "/nodes", NULL, node);
  g_assert_true (base_condition_is_true (present, "Ready"));
}

static gboolean
has_balancer (gpointer data)
{
  Fixture *fixture = data;

  return base_json_get_array (practice_store_get (fixture->store, "/services", "default", "web"),
                              "status", "loadBalancer", "ingress", NULL) != NULL;
}

static gboolean
has_failed (gpointer data)
{
  Fixture *fixture = data;
  g_autoptr (GPtrArray) events = practice_store_list (fixture->store, "/events", "default");

  for (guint i = 0; i < events->len; i++)
    if (g_strcmp0 (base_json_get_string (events->pdata[i], "reason", NULL),
                   "SyncLoadBalancerFailed") == 0)
      return TRUE;
  return FALSE;
}

static void
test_balancer (Fixture *fixture, gconstpointer data)
{
  run_well (fixture, "fault balancer-never-ready");
  practice_store_create (
    fixture->store, "/services",
    test_json (
      "{'kind':'Service','apiVersion':'v1','metadata':{'name':'web','namespace':'default'},"
      "'spec':{'type':'LoadBalancer','ports':[{'port':80}]}}"),
    NULL);
  test_wait_until (has_failed, fixture, 30, "a load balancer that fails");
  g_assert_false (has_balancer (fixture));
  run_well (fixture, "fault clear");
  test_wait_until (has_balancer, fixture, 30, "a load balancer");
}

static void
assert_file (Fixture *fixture, const char *expected)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (fixture->file, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_snapshot (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *list = NULL;
  g_autofree char *missing = run (fixture, "restore missing", &error);
  g_autofree char *path = g_build_filename (fixture->dir, "snapshots", "one.db", NULL);
  GStatBuf info;

  g_assert_null (missing);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  run_well (fixture, "snapshot one");
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  list = run (fixture, "snapshot", NULL);
  g_assert_true (g_str_has_suffix (list, "  one\n"));

  create_pod (fixture);
  g_file_set_contents (fixture->file, "second: 2\n", -1, NULL);
  run_well (fixture, "fault token-revoked");
  run_well (fixture, "restore one");
  g_assert_null (get_pod (fixture));
  assert_file (fixture, FIRST_FILE);
  /* It ends what was put on since. */
  assert_answers (fixture);
}

static void
test_reset (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;

  create_pod (fixture);
  run_well (fixture, "reset");
  g_assert_null (get_pod (fixture));
  g_assert_nonnull (practice_store_get (fixture->store, "/namespaces", NULL, "kube-system"));
  g_file_get_contents (fixture->file, &text, NULL, NULL);
  g_assert_nonnull (strstr (text, "ClusterConfiguration"));
  assert_answers (fixture);
}

/* What runs on the jumpserver may put links where we write: they are not followed. */
static void
test_links (Fixture *fixture, gconstpointer data)
{
  g_autofree char *secret = g_build_filename (fixture->dir, "secret", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  run_well (fixture, "snapshot one");
  g_file_set_contents (secret, "secret", -1, NULL);
  g_assert_cmpint (g_unlink (fixture->file), ==, 0);
  g_assert_cmpint (symlink (secret, fixture->file), ==, 0);
  text = run (fixture, "snapshot two", &error);
  g_assert_null (text);
  g_assert_nonnull (error);
  g_clear_error (&error);

  /* The link goes, and what it leads to stays. */
  run_well (fixture, "restore one");
  assert_file (fixture, FIRST_FILE);
  g_file_get_contents (secret, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, "secret");
}

/* More than SQLite keeps in memory: what it has of its file it does not read again. */
static void
fill (Fixture *fixture)
{
  g_autofree char *filling = g_strnfill (3000, 'x');

  for (guint i = 0; i < 1200; i++) {
    g_autofree char *text = g_strdup_printf (
      "{'metadata':{'name':'filling-%u','namespace':'default'},'data':{'a':'%s'}}", i, filling);
    g_autoptr (GError) error = NULL;

    practice_store_create (fixture->store, "/configmaps", test_json (text), &error);
    g_assert_no_error (error);
  }
}

static void
write_over (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->dir, name, NULL);
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  char page[4096];
  struct stat info;

  memset (page, 0xa5, sizeof page);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fstat (fd, &info), ==, 0);
  for (off_t at = 0; at < info.st_size; at += (off_t)sizeof page)
    g_assert_cmpint (pwrite (fd, page, sizeof page, at), ==, sizeof page);
  close (fd);
}

/* A file that is open cannot be set aside: what to do is said, and nothing changes. */
static void
test_damaged (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fill (fixture);
  write_over (fixture, "state.db");
  write_over (fixture, "state.db-wal");
  g_assert_null (run (fixture, "reset", &error));
  g_assert_error (error, PRACTICE_STORE_ERROR, PRACTICE_STORE_ERROR_DAMAGED);
  g_assert_true (g_str_has_prefix (error->message, "The file of the cluster's state"));
  g_assert_nonnull (practice_store_get (fixture->store, "/configmaps", "default", "filling-1199"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/drills/words", test_words);
#define ADD(name, function)                                                                        \
  g_test_add ("/practice/drills/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("api-down", test_api_down);
  ADD ("time", test_time);
  ADD ("certificate", test_certificate);
  ADD ("token", test_token);
  ADD ("slow", test_slow);
  ADD ("watches", test_watches);
  ADD ("crash", test_crash);
  ADD ("node", test_node);
  ADD ("eviction", test_eviction);
  ADD ("balancer", test_balancer);
  ADD ("snapshot", test_snapshot);
  ADD ("reset", test_reset);
  ADD ("damaged", test_damaged);
  ADD ("links", test_links);
  return g_test_run ();
}
