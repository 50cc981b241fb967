/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-pod-round.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-container-environment.h"
#include "practice-event-recorder.h"
#include "practice-pod-claims.h"
#include "practice-pod-status.h"

#define COMPONENT "kubelet"
#define CRASH "crash"
#define CONFIG_ERROR "CreateContainerConfigError"

/* What a real node needs for minutes takes about a second here, long enough to be seen. */
#define PULL_MS 900
#define START_MS 350
#define PULL_FAILED_MS 2000
#define PULL_RETRY_MS 10000
#define CONFIG_RETRY_MS 5000

/* Between the crashes of a container, as in a real node
 * (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy). */
#define FIRST_RESTART_MS 1000
#define LEAST_BACK_OFF_SECONDS 10
#define MOST_BACK_OFF_SECONDS 300

static const char *
get_name (JsonNode *container)
{
  return base_json_get_string (container, "name", NULL);
}

static const char *
get_image (JsonNode *container)
{
  return base_json_get_string (container, "image", NULL);
}

static JsonNode *
get_status (PracticePodRound *self, JsonNode *container)
{
  return practice_pod_status_find (self->next, get_name (container));
}

#define record(self, reason, ...)                                                                  \
  practice_event_recorder_record ((self)->store, (self)->pod, COMPONENT, reason, __VA_ARGS__)

/* Whether @milliseconds have passed since this was first asked for the container. */
static gboolean
is_over (PracticePodRound *self, JsonNode *container, const char *what, guint milliseconds)
{
  g_autofree char *name = g_strdup_printf (
    "%s/%s/%s/%s/%s", base_metadata_get_namespace (self->pod), base_metadata_get_name (self->pod),
    base_metadata_get_uid (self->pod), get_name (container), what);
  guint left = practice_deadlines_wait (self->deadlines, name, milliseconds);

  if (left != 0)
    self->wait = self->wait != 0 ? MIN (self->wait, left) : left;

  return left == 0;
}

static char *
dup_pull_key (PracticePodRound *self, const char *image)
{
  return g_strdup_printf ("%s %s", base_json_get_string (self->pod, "spec", "nodeName", NULL),
                          image);
}

static gboolean
is_pulled (PracticePodRound *self, JsonNode *container)
{
  g_autofree char *key = dup_pull_key (self, get_image (container));

  return g_hash_table_contains (self->pulled, key);
}

/* In the words of Docker, as the nodes have it. */
static char *
dup_pull_complaint (PracticePodRound *self, const char *image)
{
  if (practice_image_catalog_has (self->images, image))
    return g_strdup_printf ("rpc error: code = Unknown desc = Error response from daemon: manifest "
                            "for %s not found: manifest unknown: manifest unknown",
                            image);
  return g_strdup_printf (
    "rpc error: code = Unknown desc = Error response from daemon: pull access "
    "denied for %s, repository does not exist or may require 'docker login': "
    "denied: requested access to the resource is denied",
    image);
}

static void
fail_pull (PracticePodRound *self, JsonNode *container)
{
  const char *image = get_image (container);
  g_autofree char *message = dup_pull_complaint (self, image);

  practice_pod_status_set_waiting (self->next, get_name (container), "ErrImagePull", message);
  record (self, "Pulling", "Pulling image \"%s\"", image);
  record (self, "Failed", "Failed to pull image \"%s\": %s", image, message);
  record (self, "Failed", "Error: ErrImagePull");
}

static void
back_off_pull (PracticePodRound *self, JsonNode *container)
{
  g_autofree char *message =
    g_strdup_printf ("Back-off pulling image \"%s\"", get_image (container));

  practice_pod_status_set_waiting (self->next, get_name (container), "ImagePullBackOff", message);
  record (self, "BackOff", "%s", message);
  record (self, "Failed", "Error: ImagePullBackOff");
}

/* Whether what its environment names is there. */
static gboolean
is_configured (PracticePodRound *self, JsonNode *container)
{
  const char *name = get_name (container);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) environment =
    practice_container_environment_new (self->store, self->next, name, &error);

  if (environment != NULL)
    return TRUE;

  practice_pod_status_set_waiting (self->next, name, CONFIG_ERROR, error->message);
  record (self, "Failed", "Error: %s", error->message);

  return FALSE;
}

static void
start_container (PracticePodRound *self, JsonNode *container)
{
  const char *name = get_name (container);
  const char *image = get_image (container);
  char *key;

  if (!practice_image_catalog_has (self->images, image) ||
      !practice_image_catalog_has_tag (self->images, image)) {
    fail_pull (self, container);
    return;
  }

  key = dup_pull_key (self, image);
  if (g_hash_table_add (self->pulled, key)) {
    record (self, "Pulling", "Pulling image \"%s\"", image);
    record (self, "Pulled", "Successfully pulled image \"%s\"", image);
  } else {
    record (self, "Pulled", "Container image \"%s\" already present on machine", image);
  }
  if (!is_configured (self, container))
    return;
  record (self, "Created", "Created container %s", name);
  record (self, "Started", "Started container %s", name);
  practice_pod_status_set_started (self->next, name, image);
  if (practice_image_catalog_ends (self->images, image))
    practice_pod_status_set_ended (self->next, name, 0);
}

static void
restart_container (PracticePodRound *self, JsonNode *container)
{
  practice_pod_status_count_restart (self->next, get_name (container));
  start_container (self, container);
}

static guint
get_back_off (JsonNode *status)
{
  gint64 restarts = base_json_get_int (status, 0, "restartCount", NULL);
  guint seconds = LEAST_BACK_OFF_SECONDS;

  for (gint64 i = 1; i < restarts && seconds < MOST_BACK_OFF_SECONDS; i++)
    seconds *= 2;

  return MIN (seconds, MOST_BACK_OFF_SECONDS);
}

static void
step_waiting (PracticePodRound *self, JsonNode *container)
{
  const char *name = get_name (container);
  JsonNode *status = get_status (self, container);
  const char *reason = practice_pod_status_get_waiting_reason (self->next, name);
  gboolean is_other_image =
    g_strcmp0 (get_image (container), base_json_get_string (status, "image", NULL)) != 0;

  if (is_other_image && g_strcmp0 (reason, "CrashLoopBackOff") != 0) {
    /* a better image, perhaps: no need to wait */
    json_object_set_string_member (json_node_get_object (status), "image", get_image (container));
    start_container (self, container);
  } else if (g_strcmp0 (reason, "CrashLoopBackOff") == 0) {
    if (is_over (self, container, CRASH, get_back_off (status) * 1000))
      restart_container (self, container);
  } else if (g_strcmp0 (reason, CONFIG_ERROR) == 0) {
    if (is_over (self, container, "config", CONFIG_RETRY_MS))
      start_container (self, container);
  } else if (g_strcmp0 (reason, "ErrImagePull") == 0) {
    if (is_over (self, container, "failed", PULL_FAILED_MS))
      back_off_pull (self, container);
  } else if (g_strcmp0 (reason, "ImagePullBackOff") == 0) {
    if (is_over (self, container, "retry", PULL_RETRY_MS))
      start_container (self, container);
  } else if (is_over (self, container, "create",
                      is_pulled (self, container) ? START_MS : PULL_MS)) {
    if (base_json_get (status, "lastState", "terminated", NULL) != NULL)
      restart_container (self, container);
    else
      start_container (self, container);
  }
}

/* A pod's image is one of the few things that may change while it runs. */
static void
step_running (PracticePodRound *self, JsonNode *container)
{
  const char *name = get_name (container);

  if (g_strcmp0 (get_image (container),
                 base_json_get_string (get_status (self, container), "image", NULL)) == 0)
    return;

  record (self, "Killing", "Container %s definition changed, will be restarted", name);
  practice_pod_status_set_ended (self->next, name, 0);
  practice_pod_status_set_restarting (self->next, name, "ContainerCreating", NULL);
  json_object_set_string_member (json_node_get_object (get_status (self, container)), "image",
                                 get_image (container));
  step_waiting (self, container);
}

static gboolean
is_to_restart (PracticePodRound *self, JsonNode *container, gboolean is_init)
{
  const char *policy = base_json_get_string (self->pod, "spec", "restartPolicy", NULL);
  gboolean failed = base_json_get_int (get_status (self, container), 0, "state", "terminated",
                                       "exitCode", NULL) != 0;

  if (g_strcmp0 (policy, "Never") == 0)
    return FALSE;

  return failed || (!is_init && g_strcmp0 (policy, "OnFailure") != 0);
}

static void
back_off (PracticePodRound *self, JsonNode *container, guint seconds)
{
  const char *name = get_name (container);
  g_autofree char *message =
    g_strdup_printf ("Back-off %us restarting failed container=%s pod=%s_%s(%s)", seconds, name,
                     base_metadata_get_name (self->pod), base_metadata_get_namespace (self->pod),
                     base_metadata_get_uid (self->pod));

  practice_pod_status_set_restarting (self->next, name, "CrashLoopBackOff", message);
  record (self, "BackOff", "Back-off restarting failed container");
}

static void
step_terminated (PracticePodRound *self, JsonNode *container, gboolean is_init)
{
  const char *name = get_name (container);
  JsonNode *status = get_status (self, container);

  if (!is_to_restart (self, container, is_init) ||
      !is_over (self, container, "ended", FIRST_RESTART_MS))
    return;

  if (base_json_get_int (status, 0, "restartCount", NULL) == 0) {
    practice_pod_status_set_restarting (self->next, name, "ContainerCreating", NULL);
    restart_container (self, container);
    return;
  }
  back_off (self, container, get_back_off (status));
  step_waiting (self, container);
}

static void
step_container (PracticePodRound *self, JsonNode *container, gboolean is_init)
{
  JsonNode *status = get_status (self, container);

  if (status == NULL)
    return;
  if (base_json_get (status, "state", "running", NULL) != NULL)
    step_running (self, container);
  else if (base_json_get (status, "state", "terminated", NULL) != NULL)
    step_terminated (self, container, is_init);
  else
    step_waiting (self, container);
}

/* (nullable): what a volume is made of and is not there, in the kubelet's words. */
static char *
dup_missing (PracticePodRound *self, JsonNode *volume)
{
  static const struct {
    const char *member;
    const char *name;
    const char *resource;
    const char *word;
  } sources[] = {
    { "configMap", "name", "/configmaps", "configmap" },
    { "secret", "secretName", "/secrets", "secret" },
  };
  const char *namespace_ = base_metadata_get_namespace (self->pod);

  for (guint i = 0; i < G_N_ELEMENTS (sources); i++) {
    JsonNode *source = base_json_get (volume, sources[i].member, NULL);
    const char *name = base_json_get_string (source, sources[i].name, NULL);

    if (name != NULL && !base_json_get_boolean (source, FALSE, "optional", NULL) &&
        practice_store_get (self->store, sources[i].resource, namespace_, name) == NULL)
      return g_strdup_printf ("%s \"%s\" not found", sources[i].word, name);
  }

  return NULL;
}

/* Before its volumes are there nothing of a pod is started. */
static gboolean
has_volumes (PracticePodRound *self)
{
  JsonArray *volumes = base_json_get_array (self->pod, "spec", "volumes", NULL);
  gboolean all = TRUE;

  for (guint i = 0; i < base_json_get_length (volumes); i++) {
    JsonNode *volume = json_array_get_element (volumes, i);
    g_autofree char *missing = dup_missing (self, volume);

    if (missing == NULL &&
        practice_pod_claims_attach (self->store, self->pod, volume, self->attached))
      continue;
    if (missing != NULL)
      record (self, "FailedMount", "MountVolume.SetUp failed for volume \"%s\" : %s",
              base_json_get_string (volume, "name", NULL), missing);
    self->wait = CONFIG_RETRY_MS;
    all = FALSE;
  }

  return all;
}

/**
 * practice_pod_round_run:
 * @self: a round, whose pod has a status
 *
 * Does to each container what is due: the init containers one after the other, then the others at
 * once (https://kubernetes.io/docs/concepts/workloads/pods/init-containers/).
 */
void
practice_pod_round_run (PracticePodRound *self)
{
  JsonArray *init = base_json_get_array (self->pod, "spec", "initContainers", NULL);
  JsonArray *containers = base_json_get_array (self->pod, "spec", "containers", NULL);
  const char *phase = base_json_get_string (self->pod, "status", "phase", NULL);

  if (g_strcmp0 (phase, "Pending") == 0 && !has_volumes (self))
    return;

  for (guint i = 0; i < base_json_get_length (init); i++) {
    JsonNode *container = json_array_get_element (init, i);

    if (base_json_get_int (get_status (self, container), -1, "state", "terminated", "exitCode",
                           NULL) == 0)
      continue;
    step_container (self, container, TRUE);
    practice_pod_status_update (self->next);
    return;
  }

  for (guint i = 0; i < json_array_get_length (containers); i++)
    step_container (self, json_array_get_element (containers, i), FALSE);
  practice_pod_status_update (self->next);
}

/**
 * practice_pod_round_crash:
 * @self: a round
 * @milliseconds: how long to wait before it is started again
 *
 * Its first container that runs ends with an error.
 */
void
practice_pod_round_crash (PracticePodRound *self, guint milliseconds)
{
  JsonArray *containers = base_json_get_array (self->pod, "spec", "containers", NULL);

  for (guint i = 0; i < json_array_get_length (containers); i++) {
    JsonNode *container = json_array_get_element (containers, i);

    if (base_json_get (get_status (self, container), "state", "running", NULL) == NULL)
      continue;
    practice_pod_status_set_ended (self->next, get_name (container), 1);
    /* A kubelet starts it again at once, and waits only from the second time on. */
    if (base_json_get_int (get_status (self, container), 0, "restartCount", NULL) == 0)
      practice_pod_status_count_restart (self->next, get_name (container));
    back_off (self, container, milliseconds / 1000);
    is_over (self, container, CRASH, milliseconds);
    /* A sidecar comes after what the pod is there for, and goes on. */
    break;
  }
  practice_pod_status_update (self->next);
}
