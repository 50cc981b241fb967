/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "base-yaml.h"
#include "practice-kubelet.h"
#include "test-wait.h"

#define PODS "/pods"

typedef struct {
  char *folder;
  char *path;
  PracticeStore *store;
  PracticeContainerLogs *logs;
  PracticeController *workloads;
  PracticeController *kubelet;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PracticeImageCatalog) images = practice_image_catalog_new (&error);

  g_assert_no_error (error);
  self->folder = g_dir_make_tmp ("practice-kubelet-XXXXXX", &error);
  g_assert_no_error (error);
  self->path = g_build_filename (self->folder, "state.db", NULL);
  self->store = practice_store_new (self->path, &error);
  g_assert_no_error (error);
  self->logs = practice_container_logs_new ();
  self->workloads = practice_workloads_new (self->store, images, NULL, NULL, NULL, self->logs);
  self->kubelet =
    practice_kubelet_new (self->store, images, PRACTICE_WORKLOADS (self->workloads), NULL);
  practice_controller_start (self->workloads);
  practice_controller_start (self->kubelet);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  g_assert_finalize_object (self->kubelet);
  /* a probe may still wait for its answer, and a program be about to give it */
  test_wait_finalize (self->workloads, 30);
  test_wait_finalize (self->logs, 30);
  g_assert_finalize_object (self->store);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (self->folder, name, NULL);

    g_assert_cmpint (g_remove (path), ==, 0);
  }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->path);
}

/* @spec: YAML of its spec, in one line; it is on a node already. */
static void
create (Fixture *self, const char *name, const char *spec)
{
  g_autofree char *yaml =
    g_strdup_printf ("{apiVersion: v1, kind: Pod, metadata: {name: %s, namespace: default}, "
                     "spec: {nodeName: node, %s}}",
                     name, spec);
  g_autoptr (GError) error = NULL;
  JsonNode *pod = base_yaml_parse (yaml, -1, "test", BASE_YAML_NONE, &error);

  g_assert_no_error (error);
  practice_store_create (self->store, PODS, pod, &error);
  g_assert_no_error (error);
}

/* Text that the status, as JSON, is to contain. */
typedef struct {
  Fixture *fixture;
  const char *pod;
  const char *text;
} Expectation;

static char *
dup_status (Fixture *self, const char *name)
{
  JsonNode *pod = practice_store_get (self->store, PODS, "default", name);
  JsonNode *status = base_json_get (pod, "status", NULL);

  return status != NULL ? base_json_write (status, FALSE) : g_strdup ("");
}

static gboolean
has_text (gpointer data)
{
  Expectation *self = data;
  g_autofree char *status = dup_status (self->fixture, self->pod);

  return strstr (status, self->text) != NULL;
}

static void
wait_for (Fixture *self, const char *pod, const char *text)
{
  Expectation expectation = { self, pod, text };
  g_autofree char *what = g_strdup_printf ("%s of the pod %s", text, pod);

  test_wait_until (has_text, &expectation, 20, what);
}

static gboolean
has_event (Fixture *self, const char *pod, const char *reason, const char *message)
{
  g_autoptr (GPtrArray) events = practice_store_list (self->store, "/events", "default");

  for (guint i = 0; i < events->len; i++) {
    JsonNode *event = g_ptr_array_index (events, i);

    if (g_strcmp0 (base_json_get_string (event, "involvedObject", "name", NULL), pod) == 0 &&
        g_strcmp0 (base_json_get_string (event, "reason", NULL), reason) == 0 &&
        strstr (base_json_get_string (event, "message", NULL), message) != NULL)
      return TRUE;
  }

  return FALSE;
}

/* A shell with nothing to read ends with 0; http-echo without a text fails. */
static void
create_ends (Fixture *self)
{
  create (self, "done", "restartPolicy: Never, containers: [{name: a, image: busybox}]");
  create (self, "failed",
          "restartPolicy: Never, containers: [{name: a, image: hashicorp/http-echo}]");
  create (self, "retried",
          "restartPolicy: OnFailure, containers: [{name: a, image: hashicorp/http-echo}]");
  create (self, "enough", "restartPolicy: OnFailure, containers: [{name: a, image: busybox}]");
  create (self, "crash", "restartPolicy: Always, containers: [{name: a, image: busybox}]");
}

static void
check_ends (Fixture *self)
{
  PracticeLogSelection all = { .tail = -1 };
  g_autoptr (GBytes) log = NULL;
  JsonNode *pod;

  wait_for (self, "done", "\"phase\":\"Succeeded\"");
  wait_for (self, "done", "\"reason\":\"PodCompleted\"");
  wait_for (self, "enough", "\"phase\":\"Succeeded\"");
  wait_for (self, "failed", "\"phase\":\"Failed\"");
  wait_for (self, "failed", "\"exitCode\":127");
  pod = practice_store_get (self->store, PODS, "default", "failed");
  log =
    practice_container_logs_dup_text (self->logs, base_metadata_get_uid (pod), "a", FALSE, &all);
  g_assert_cmpmem (g_bytes_get_data (log, NULL), g_bytes_get_size (log), "Missing -text option!\n",
                   22);

  /* the first time at once, then later and later */
  wait_for (self, "retried", "\"reason\":\"CrashLoopBackOff\"");
  wait_for (self, "retried", "Back-off 10s restarting failed container=a pod=retried_default(");
  wait_for (self, "retried", "\"restartCount\":1");
  wait_for (self, "retried", "\"phase\":\"Running\"");
  wait_for (self, "crash", "\"reason\":\"CrashLoopBackOff\"");
  wait_for (self, "crash", "\"reason\":\"Completed\"");
  g_assert_true (has_event (self, "crash", "BackOff", "Back-off restarting failed container"));
}

static void
create_init (Fixture *self)
{
  create (self, "prepared",
          "restartPolicy: Always, initContainers: [{name: a, image: busybox}, {name: b, image: "
          "busybox}], containers: [{name: c, image: nginx}]");
  create (self, "stuck",
          "restartPolicy: Never, initContainers: [{name: a, image: hashicorp/http-echo}], "
          "containers: [{name: c, image: nginx}]");
}

static void
check_init (Fixture *self)
{
  wait_for (self, "prepared", "\"reason\":\"PodInitializing\"");
  wait_for (self, "prepared", "containers with incomplete status: [a b]");
  wait_for (self, "prepared", "\"phase\":\"Running\"");
  wait_for (self, "prepared", "\"ready\":true,\"restartCount\":0,\"image\":\"nginx\"");
  wait_for (self, "stuck", "\"phase\":\"Failed\"");
}

static void
create_image (Fixture *self)
{
  create (self, "needy",
          "restartPolicy: Always, containers: [{name: a, image: nginx, envFrom: [{configMapRef: "
          "{name: colors}}]}]");
  create (self, "empty",
          "restartPolicy: Always, volumes: [{name: v, secret: {secretName: keys}}], containers: "
          "[{name: a, image: nginx}]");
  create (self, "typo", "restartPolicy: Always, containers: [{name: a, image: ngimx}]");
}

static gboolean
has_failed_mount (gpointer data)
{
  return has_event (data, "empty", "FailedMount",
                    "MountVolume.SetUp failed for volume \"v\" : secret \"keys\" not found");
}

static void
check_config (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  JsonNode *map = base_yaml_parse ("{apiVersion: v1, kind: ConfigMap, metadata: {name: colors, "
                                   "namespace: default}, data: {sky: blue}}",
                                   -1, "test", BASE_YAML_NONE, &error);

  g_assert_no_error (error);
  test_wait_until (has_failed_mount, self, 30, "a volume that is not there");
  wait_for (self, "empty", "\"reason\":\"ContainerCreating\"");
  wait_for (self, "needy", "\"reason\":\"CreateContainerConfigError\"");
  wait_for (self, "needy", "configmap \\\"colors\\\" not found");
  g_assert_true (has_event (self, "needy", "Failed", "Error: configmap \"colors\" not found"));
  practice_store_create (self->store, "/configmaps", map, &error);
  g_assert_no_error (error);
}

static void
check_image (Fixture *self)
{
  g_autoptr (JsonNode) pod = NULL;
  g_autoptr (GError) error = NULL;
  JsonArray *containers;

  wait_for (self, "typo", "\"reason\":\"ErrImagePull\"");
  wait_for (self, "typo", "\"reason\":\"ImagePullBackOff\"");
  g_assert_true (has_event (self, "typo", "Failed", "Failed to pull image \"ngimx\""));
  g_assert_true (has_event (self, "typo", "Failed", "Error: ErrImagePull"));
  g_assert_true (has_event (self, "typo", "BackOff", "Back-off pulling image \"ngimx\""));

  pod = base_json_copy (practice_store_get (self->store, PODS, "default", "typo"));
  containers = base_json_get_array (pod, "spec", "containers", NULL);
  json_object_set_string_member (json_array_get_object_element (containers, 0), "image", "nginx");
  practice_store_update (self->store, PODS, g_steal_pointer (&pod), NULL, &error);
  g_assert_no_error (error);
  wait_for (self, "typo", "\"phase\":\"Running\"");

  pod = base_json_copy (practice_store_get (self->store, PODS, "default", "typo"));
  containers = base_json_get_array (pod, "spec", "containers", NULL);
  json_object_set_string_member (json_array_get_object_element (containers, 0), "image", "httpd");
  practice_store_update (self->store, PODS, g_steal_pointer (&pod), NULL, &error);
  g_assert_no_error (error);
  wait_for (self, "typo", "\"restartCount\":1,\"image\":\"httpd\"");
}

static void
create_probes (Fixture *self)
{
  create (self, "good",
          "restartPolicy: Always, containers: [{name: a, image: nginx, ports: [{name: http, "
          "containerPort: 80}], readinessProbe: {httpGet: {path: /, port: http}}, livenessProbe: "
          "{tcpSocket: {port: 80}}, startupProbe: {httpGet: {path: /index.html, port: 80}}}]");
  create (self, "absent",
          "restartPolicy: Always, containers: [{name: a, image: nginx, readinessProbe: {httpGet: "
          "{path: /healthz, port: 80}, periodSeconds: 1}}]");
  create (self, "deaf",
          "restartPolicy: Always, containers: [{name: a, image: nginx, livenessProbe: {tcpSocket: "
          "{port: 81}, periodSeconds: 1, failureThreshold: 1}}]");
  create (self, "slow",
          "restartPolicy: Always, containers: [{name: a, image: kennethreitz/httpbin, "
          "readinessProbe: {httpGet: {path: /delay/3, port: 80}, timeoutSeconds: 1}}]");
}

static void
check_probes (Fixture *self)
{
  wait_for (self, "good", "\"ready\":true");
  wait_for (self, "deaf", "\"exitCode\":137");
  g_assert_true (has_event (self, "deaf", "Unhealthy", "Liveness probe failed: dial tcp 10.4."));
  g_assert_true (
    has_event (self, "deaf", "Killing", "Container a failed liveness probe, will be restarted"));
  wait_for (self, "absent", "containers with unready status: [a]");
  g_assert_true (has_event (self, "absent", "Unhealthy",
                            "Readiness probe failed: HTTP probe failed with statuscode: 404"));
  while (!has_event (self, "slow", "Unhealthy", "Client.Timeout exceeded"))
    g_main_context_iteration (NULL, TRUE);
}

/* All at once: each waits for seconds, as on a node. */
static void
test_pods (Fixture *self, gconstpointer data)
{
  create_ends (self);
  create_init (self);
  create_image (self);
  create_probes (self);
  check_init (self);
  check_config (self);
  check_image (self);
  check_ends (self);
  check_probes (self);
  wait_for (self, "needy", "\"phase\":\"Running\"");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function)                                                                        \
  g_test_add ("/practice/kubelet" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/pods", test_pods);
#undef ADD

  return g_test_run ();
}
