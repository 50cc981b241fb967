/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-kubelet.h"

#include "base-json.h"
#include "practice-event-recorder.h"
#include "practice-node-lifecycle.h"
#include "practice-object.h"
#include "practice-pod-status.h"

#define PODS "/pods"
#define NODES "/nodes"
#define COMPONENT "kubelet"

/* What a real node needs for minutes takes about a second here, long enough to be seen. */
#define PULL_MS 900
#define START_MS 350
#define STOP_MS 400
#define PULL_RETRY_MS 10000

/* Pods live in 10.4.0.0/16, .1 of each /24 left out as a router's. */
#define POD_NETWORK "10.4"
#define N_POD_ADDRESSES (254 * 253)

/**
 * PracticeKubelet:
 *
 * The kubelets of all nodes: a pod that has a node gets its images pulled, its containers
 * started and made ready; one that is being deleted is stopped and then removed
 * (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/). What answers in the
 * containers is PracticeWorkloads' business.
 */
struct _PracticeKubelet {
  PracticeController parent_instance;

  PracticeImageCatalog *images;
  GHashTable *deadlines; /* uid of a pod to the monotonic time of its next stage */
  GHashTable *pulled;    /* "node image": what need not be pulled again */
  GHashTable *stopping;  /* uids of pods that were told to stop */
  guint last_address;    /* counter behind the last address given out */
};

G_DEFINE_FINAL_TYPE (PracticeKubelet, practice_kubelet, PRACTICE_TYPE_CONTROLLER)

enum {
  PROP_0,
  PROP_IMAGES,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* Whether the time of the pod's present stage is over; the first call starts the clock. */
static gboolean
stage_is_over (PracticeKubelet *self, JsonNode *pod, guint milliseconds)
{
  const char *uid = base_json_get_string (pod, "metadata", "uid", NULL);
  gint64 now = g_get_monotonic_time ();
  gint64 *deadline = g_hash_table_lookup (self->deadlines, uid);

  if (deadline == NULL) {
    deadline = g_new (gint64, 1);
    *deadline = now + milliseconds * G_TIME_SPAN_MILLISECOND;
    g_hash_table_insert (self->deadlines, g_strdup (uid), deadline);
  }

  if (now >= *deadline) {
    g_hash_table_remove (self->deadlines, uid);
    return TRUE;
  }

  practice_controller_enqueue_after (PRACTICE_CONTROLLER (self),
                                     base_json_get_string (pod, "metadata", "namespace", NULL),
                                     base_json_get_string (pod, "metadata", "name", NULL),
                                     (*deadline - now) / G_TIME_SPAN_MILLISECOND + 1);
  return FALSE;
}

static char *
dup_free_address (PracticeKubelet *self)
{
  PracticeStore *store = practice_controller_get_store (PRACTICE_CONTROLLER (self));
  g_autoptr (GHashTable) used = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) pods = practice_store_list (store, PODS, NULL);

  for (guint i = 0; i < pods->len; i++) {
    const char *ip = base_json_get_string (g_ptr_array_index (pods, i), "status", "podIP", NULL);

    if (ip != NULL)
      g_hash_table_add (used, (char *)ip);
  }

  for (guint i = 0; i < N_POD_ADDRESSES; i++) {
    g_autofree char *address = NULL;
    guint number = self->last_address++ % N_POD_ADDRESSES;

    address = g_strdup_printf (POD_NETWORK ".%u.%u", number / 253, number % 253 + 2);
    if (!g_hash_table_contains (used, address))
      return g_steal_pointer (&address);
  }

  return NULL;
}

static const char *
get_host_ip (PracticeStore *store, JsonNode *pod)
{
  JsonNode *node = practice_store_get (store, "/nodes", NULL,
                                       base_json_get_string (pod, "spec", "nodeName", NULL));
  JsonArray *addresses = base_json_get_array (node, "status", "addresses", NULL);
  guint n_addresses = addresses != NULL ? json_array_get_length (addresses) : 0;

  for (guint i = 0; i < n_addresses; i++) {
    JsonNode *address = json_array_get_element (addresses, i);

    if (g_strcmp0 (base_json_get_string (address, "type", NULL), "InternalIP") == 0)
      return base_json_get_string (address, "address", NULL);
  }

  return "";
}

static JsonNode *
save (PracticeKubelet *self, JsonNode *pod)
{
  PracticeStore *store = practice_controller_get_store (PRACTICE_CONTROLLER (self));

  /* A pod whose status cannot be written (full disk) stays as it is and is looked at again. */
  return practice_store_update (store, PODS, pod, NULL, NULL);
}

static void
begin_creating (PracticeKubelet *self, JsonNode *pod)
{
  PracticeStore *store = practice_controller_get_store (PRACTICE_CONTROLLER (self));
  g_autoptr (JsonNode) next = base_json_copy (pod);

  practice_pod_status_set_creating (next, get_host_ip (store, pod));
  save (self, g_steal_pointer (&next));
}

static char *
dup_pull_key (JsonNode *pod, const char *image)
{
  return g_strdup_printf ("%s %s", base_json_get_string (pod, "spec", "nodeName", NULL), image);
}

/* How long pulling and starting takes: nothing to pull where the node has all images. */
static guint
get_creating_ms (PracticeKubelet *self, JsonNode *pod)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);

  for (guint i = 0; i < json_array_get_length (containers); i++) {
    g_autofree char *key = dup_pull_key (
      pod, base_json_get_string (json_array_get_element (containers, i), "image", NULL));

    if (!g_hash_table_contains (self->pulled, key))
      return PULL_MS;
  }

  return START_MS;
}

/* The kubelet alternates between the attempt and the wait before the next one. */
static void
fail_pull (
  PracticeKubelet *self, JsonNode *next, JsonNode *pod, const char *name, const char *image)
{
  PracticeStore *store = practice_controller_get_store (PRACTICE_CONTROLLER (self));
  const char *before = practice_pod_status_get_waiting_reason (pod, name);
  g_autofree char *message = NULL;

  if (g_strcmp0 (before, "ErrImagePull") == 0) {
    message = g_strdup_printf ("Back-off pulling image \"%s\"", image);
    practice_pod_status_set_waiting (next, name, "ImagePullBackOff", message);
    practice_event_recorder_record (store, pod, COMPONENT, "BackOff", "%s", message);
  } else {
    message = g_strdup_printf ("rpc error: code = Unknown desc = Error response from daemon: pull "
                               "access denied for %s, repository does not exist or may require "
                               "'docker login': denied: requested access to the resource is denied",
                               image);
    practice_pod_status_set_waiting (next, name, "ErrImagePull", message);
    practice_event_recorder_record (store, pod, COMPONENT, "Pulling", "Pulling image \"%s\"",
                                    image);
    practice_event_recorder_record (store, pod, COMPONENT, "Failed",
                                    "Failed to pull image \"%s\": %s", image, message);
  }
}

static void
record_started (PracticeKubelet *self, JsonNode *pod, JsonNode *container)
{
  PracticeStore *store = practice_controller_get_store (PRACTICE_CONTROLLER (self));
  const char *name = base_json_get_string (container, "name", NULL);
  const char *image = base_json_get_string (container, "image", NULL);
  char *key = dup_pull_key (pod, image);

  if (g_hash_table_add (self->pulled, key)) {
    practice_event_recorder_record (store, pod, COMPONENT, "Pulling", "Pulling image \"%s\"",
                                    image);
    practice_event_recorder_record (store, pod, COMPONENT, "Pulled",
                                    "Successfully pulled image \"%s\"", image);
  } else {
    practice_event_recorder_record (store, pod, COMPONENT, "Pulled",
                                    "Container image \"%s\" already present on machine", image);
  }
  practice_event_recorder_record (store, pod, COMPONENT, "Created", "Created container %s", name);
  practice_event_recorder_record (store, pod, COMPONENT, "Started", "Started container %s", name);
}

static void
finish_creating (PracticeKubelet *self, JsonNode *pod)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  guint n_containers = json_array_get_length (containers);
  g_autoptr (JsonNode) next = base_json_copy (pod);
  g_autofree char *address = NULL;
  gboolean failed = FALSE;

  for (guint i = 0; i < n_containers; i++) {
    JsonNode *container = json_array_get_element (containers, i);
    const char *image = base_json_get_string (container, "image", NULL);

    if (!practice_image_catalog_has (self->images, image)) {
      fail_pull (self, next, pod, base_json_get_string (container, "name", NULL), image);
      failed = TRUE;
    }
  }

  if (failed) {
    save (self, g_steal_pointer (&next));
    return;
  }

  address = g_strdup (base_json_get_string (pod, "status", "podIP", NULL));
  if (address == NULL)
    address = dup_free_address (self);
  if (address == NULL)
    return;

  for (guint i = 0; i < n_containers; i++)
    record_started (self, pod, json_array_get_element (containers, i));
  practice_pod_status_set_running (next, address);
  save (self, g_steal_pointer (&next));
}

static gboolean
is_backing_off (JsonNode *pod)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);

  for (guint i = 0; i < json_array_get_length (containers); i++) {
    const char *reason = practice_pod_status_get_waiting_reason (
      pod, base_json_get_string (json_array_get_element (containers, i), "name", NULL));

    if (g_strcmp0 (reason, "ErrImagePull") == 0 || g_strcmp0 (reason, "ImagePullBackOff") == 0 ||
        g_strcmp0 (reason, "CrashLoopBackOff") == 0)
      return TRUE;
  }

  return FALSE;
}

/* A container without a readiness probe is ready once it has started. */
static guint
get_readiness_ms (JsonNode *pod)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);
  gint64 seconds = 0;

  for (guint i = 0; i < json_array_get_length (containers); i++)
    seconds = MAX (seconds, base_json_get_int (json_array_get_element (containers, i), 0,
                                               "readinessProbe", "initialDelaySeconds", NULL));

  return CLAMP (seconds, 0, 3600) * 1000;
}

static void
stop (PracticeKubelet *self, JsonNode *pod)
{
  PracticeStore *store = practice_controller_get_store (PRACTICE_CONTROLLER (self));
  const char *uid = base_json_get_string (pod, "metadata", "uid", NULL);
  JsonArray *finalizers = base_json_get_array (pod, "metadata", "finalizers", NULL);
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);

  if (g_hash_table_add (self->stopping, g_strdup (uid))) {
    g_hash_table_remove (self->deadlines, uid);
    for (guint i = 0; i < json_array_get_length (containers); i++)
      practice_event_recorder_record (
        store, pod, COMPONENT, "Killing", "Stopping container %s",
        base_json_get_string (json_array_get_element (containers, i), "name", NULL));
  }

  if (!stage_is_over (self, pod, STOP_MS))
    return;

  g_hash_table_remove (self->stopping, uid);
  if (finalizers == NULL || json_array_get_length (finalizers) == 0)
    practice_store_delete (store, PODS, base_json_get_string (pod, "metadata", "namespace", NULL),
                           base_json_get_string (pod, "metadata", "name", NULL), NULL);
}

/* What a node does that is not heard of, nobody knows. */
static gboolean
is_out_of_reach (PracticeKubelet *self, JsonNode *pod)
{
  const char *node = base_json_get_string (pod, "spec", "nodeName", NULL);

  return node != NULL &&
         practice_node_lifecycle_is_lost (practice_store_get (
           practice_controller_get_store (PRACTICE_CONTROLLER (self)), NODES, NULL, node));
}

/* One that is back goes on with its pods. */
static void
practice_kubelet_related (PracticeController *controller,
                          PracticeEventType type,
                          const char *resource,
                          JsonNode *node,
                          JsonNode *old)
{
  if (practice_node_lifecycle_is_lost (old) && !practice_node_lifecycle_is_lost (node))
    practice_controller_enqueue_all (controller, NULL);
}

static void
practice_kubelet_reconcile (PracticeController *controller,
                            const char *namespace_,
                            const char *name,
                            JsonNode *pod)
{
  PracticeKubelet *self = PRACTICE_KUBELET (controller);
  g_autoptr (JsonNode) next = NULL;

  if (pod == NULL || is_out_of_reach (self, pod))
    return;

  if (base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) != NULL) {
    stop (self, pod);
    return;
  }
  if (base_json_get_string (pod, "spec", "nodeName", NULL) == NULL)
    return;

  switch (practice_pod_status_get_stage (pod)) {
    case PRACTICE_POD_NEW:
      begin_creating (self, pod);
      break;
    case PRACTICE_POD_CREATING:
      if (stage_is_over (self, pod,
                         is_backing_off (pod) ? PULL_RETRY_MS : get_creating_ms (self, pod)))
        finish_creating (self, pod);
      break;
    case PRACTICE_POD_RUNNING:
      if (!stage_is_over (self, pod, get_readiness_ms (pod)))
        break;
      next = base_json_copy (pod);
      practice_pod_status_set_ready (next);
      save (self, g_steal_pointer (&next));
      break;
    case PRACTICE_POD_READY:
      if (!practice_pod_status_is_image_current (pod))
        begin_creating (self, pod);
      break;
    case PRACTICE_POD_ENDED:
      break;
    default:
      g_assert_not_reached ();
  }
}

static void
practice_kubelet_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  PracticeKubelet *self = PRACTICE_KUBELET (object);

  switch (id) {
    case PROP_IMAGES:
      self->images = g_value_dup_object (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
practice_kubelet_dispose (GObject *object)
{
  PracticeKubelet *self = PRACTICE_KUBELET (object);

  g_clear_object (&self->images);

  G_OBJECT_CLASS (practice_kubelet_parent_class)->dispose (object);
}

static void
practice_kubelet_finalize (GObject *object)
{
  PracticeKubelet *self = PRACTICE_KUBELET (object);

  g_hash_table_unref (self->deadlines);
  g_hash_table_unref (self->pulled);
  g_hash_table_unref (self->stopping);

  G_OBJECT_CLASS (practice_kubelet_parent_class)->finalize (object);
}

static void
practice_kubelet_class_init (PracticeKubeletClass *klass)
{
  static const char *const also[] = { NODES, NULL };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  object_class->set_property = practice_kubelet_set_property;
  object_class->dispose = practice_kubelet_dispose;
  object_class->finalize = practice_kubelet_finalize;

  controller_class->resource = PODS;
  controller_class->also_watches = also;
  controller_class->reconcile = practice_kubelet_reconcile;
  controller_class->related = practice_kubelet_related;

  properties[PROP_IMAGES] =
    g_param_spec_object ("images", NULL, NULL, PRACTICE_TYPE_IMAGE_CATALOG,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
practice_kubelet_init (PracticeKubelet *self)
{
  self->deadlines = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->pulled = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->stopping = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * practice_kubelet_new:
 * @store: the cluster's objects
 * @images: what can be pulled
 *
 * Returns: (transfer full): the kubelets, not yet started
 */
PracticeController *
practice_kubelet_new (PracticeStore *store, PracticeImageCatalog *images)
{
  return g_object_new (PRACTICE_TYPE_KUBELET, "store", store, "images", images, NULL);
}

/**
 * practice_kubelet_crash:
 * @self: the kubelets
 * @namespace_: namespace of a pod that runs
 * @name: its name
 * @milliseconds: how long to wait before its containers are started again
 *
 * The programs of a pod end, with an error.
 */
void
practice_kubelet_crash (PracticeKubelet *self,
                        const char *namespace_,
                        const char *name,
                        guint milliseconds)
{
  PracticeStore *store;
  JsonNode *pod;
  JsonNode *stored;
  g_autoptr (JsonNode) next = NULL;
  const char *uid;

  g_return_if_fail (PRACTICE_IS_KUBELET (self));
  g_return_if_fail (namespace_ != NULL && name != NULL);

  store = practice_controller_get_store (PRACTICE_CONTROLLER (self));
  pod = practice_store_get (store, PODS, namespace_, name);
  if (pod == NULL)
    return;
  next = base_json_copy (pod);
  practice_pod_status_set_crashed (next, milliseconds / 1000);
  stored = save (self, g_steal_pointer (&next));
  if (stored == NULL)
    return;
  uid = base_json_get_string (stored, "metadata", "uid", NULL);
  g_hash_table_remove (self->deadlines, uid);
  stage_is_over (self, stored, milliseconds);
  practice_event_recorder_record (store, stored, COMPONENT, "BackOff",
                                  "Back-off restarting failed container");
}
