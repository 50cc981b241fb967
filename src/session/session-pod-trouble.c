/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-pod-trouble.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"

/* A message of the cluster may be of any length. */
#define MAX_MESSAGE 160

/**
 * session_pod_is_ready:
 *
 * Returns: whether a Service leads to @pod
 */
gboolean
session_pod_is_ready (JsonNode *pod)
{
  return base_json_get (pod, "metadata", "deletionTimestamp", NULL) == NULL &&
         base_condition_is_true (pod, "Ready");
}

/* One line, not too long; without its end's full stop. */
static char *
dup_message (const char *message)
{
  g_autofree char *valid = g_utf8_make_valid (message != NULL ? message : "", -1);
  g_autofree char *start = NULL;

  g_strstrip (g_strdelimit (valid, "\r\n\t", ' '));
  if (g_str_has_suffix (valid, "."))
    valid[strlen (valid) - 1] = '\0';
  if (g_utf8_strlen (valid, -1) <= MAX_MESSAGE)
    return g_steal_pointer (&valid);
  start = g_utf8_substring (valid, 0, MAX_MESSAGE);
  return g_strdup_printf ("%s…", start);
}

static const char *
find_image (JsonNode *pod, const char *container)
{
  static const char *const lists[] = { "containers", "initContainers" };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
    JsonArray *array = base_json_get_array (pod, "spec", lists[i], NULL);

    for (guint j = 0; j < base_json_get_length (array); j++) {
      JsonNode *node = json_array_get_element (array, j);

      if (g_strcmp0 (base_json_get_string (node, "name", NULL), container) == 0)
        return base_json_get_string (node, "image", NULL);
    }
  }
  return NULL;
}

static gboolean
is_of_image (const char *reason)
{
  static const char *const reasons[] = {
    "ErrImagePull",
    "ImagePullBackOff",
    "InvalidImageName",
    "ErrImageNeverPull",
    "RegistryUnavailable",
    "ImageInspectError",
    NULL,
  };

  return g_strv_contains (reasons, reason);
}

static char *
dup_waiting (JsonNode *pod, const char *container, JsonNode *status)
{
  const char *reason = base_json_get_string (status, "state", "waiting", "reason", NULL);
  const char *image = find_image (pod, container);
  g_autofree char *message =
    dup_message (base_json_get_string (status, "state", "waiting", "message", NULL));

  if (reason == NULL || g_str_equal (reason, "ContainerCreating") ||
      g_str_equal (reason, "PodInitializing"))
    /* Translators: a container, and its pod */
    return g_strdup_printf (_ ("The container %s of the pod %s is still being started."), container,
                            base_metadata_get_name (pod));
  if (is_of_image (reason))
    return g_strdup_printf (
      /* Translators: a pod, the name of an image, and the cluster's word for it; then the pod and
       * its namespace again */
      _ (
        "The pod %s cannot get the image %s (%s). Check how it is written: kubectl describe pod %s "
        "-n %s"),
      base_metadata_get_name (pod), image != NULL ? image : "?", reason,
      base_metadata_get_name (pod), base_metadata_get_namespace (pod));
  if (g_str_equal (reason, "CrashLoopBackOff"))
    return g_strdup_printf (
      /* Translators: a container, its pod, and the cluster's word for it; then the pod, the
       * container and the namespace for a command */
      _ ("The container %s of the pod %s ends each time that it is started (%s). See why: kubectl "
         "logs %s -c %s --previous -n %s"),
      container, base_metadata_get_name (pod), reason, base_metadata_get_name (pod), container,
      base_metadata_get_namespace (pod));
  /* Translators: a container, its pod, the cluster's word for what is wrong, and its message */
  return g_strdup_printf (_ ("The container %s of the pod %s cannot start (%s): %s"), container,
                          base_metadata_get_name (pod), reason, message);
}

/* (nullable) */
static char *
dup_container_trouble (JsonNode *pod, JsonNode *status, gboolean is_init)
{
  const char *container = base_json_get_string (status, "name", NULL);
  JsonNode *ended = base_json_get (status, "state", "terminated", NULL);
  gint64 code = base_json_get_int (ended, 0, "exitCode", NULL);

  if (container == NULL)
    return NULL;
  if (base_json_get (status, "state", "waiting", NULL) != NULL)
    return dup_waiting (pod, container, status);
  if (ended != NULL && (!is_init || code != 0))
    return g_strdup_printf (
      /* Translators: a container, its pod, and a number; then the pod, the container and the
       * namespace for a command */
      _ ("The container %s of the pod %s has ended with status %d. See why: kubectl logs %s -c %s "
         "-n "
         "%s"),
      container, base_metadata_get_name (pod), (int)code, base_metadata_get_name (pod), container,
      base_metadata_get_namespace (pod));
  if (!is_init && ended == NULL && !base_json_get_boolean (status, FALSE, "ready", NULL))
    return g_strdup_printf (
      /* Translators: a container, and its pod; then the pod and its namespace */
      _ ("The container %s of the pod %s runs, but is not ready. See its probe: kubectl describe "
         "pod "
         "%s -n %s"),
      container, base_metadata_get_name (pod), base_metadata_get_name (pod),
      base_metadata_get_namespace (pod));
  return NULL;
}

/* (nullable) */
static char *
dup_containers_trouble (JsonNode *pod)
{
  static const char *const lists[] = { "initContainerStatuses", "containerStatuses" };

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
    JsonArray *array = base_json_get_array (pod, "status", lists[i], NULL);

    /* a container that waits for those before it says nothing */
    for (guint j = 0; j < base_json_get_length (array); j++) {
      char *sentence = dup_container_trouble (pod, json_array_get_element (array, j), i == 0);

      if (sentence != NULL)
        return sentence;
    }
  }
  return NULL;
}

/**
 * session_pod_dup_trouble:
 * @pod: that is not ready
 *
 * Returns: (transfer full): a sentence that names the pod, and says what keeps it from being ready
 */
char *
session_pod_dup_trouble (JsonNode *pod)
{
  JsonNode *scheduled = base_condition_find (pod, "PodScheduled");
  const char *reason = base_json_get_string (pod, "status", "reason", NULL);
  g_autofree char *message = NULL;
  char *sentence = NULL;

  if (base_json_get (pod, "metadata", "deletionTimestamp", NULL) != NULL)
    /* Translators: %s is a pod */
    return g_strdup_printf (_ ("The pod %s is being deleted."), base_metadata_get_name (pod));
  if (g_strcmp0 (base_json_get_string (scheduled, "status", NULL), "False") == 0) {
    message = dup_message (base_json_get_string (scheduled, "message", NULL));
    /* Translators: a pod, and the cluster's message */
    return g_strdup_printf (_ ("No node can take the pod %s: %s"), base_metadata_get_name (pod),
                            message);
  }
  if (reason != NULL) {
    message = dup_message (base_json_get_string (pod, "status", "message", NULL));
    /* Translators: a pod, the cluster's word for what happened to it (such as Evicted), and its
     * message */
    return g_strdup_printf (_ ("The pod %s has failed (%s): %s"), base_metadata_get_name (pod),
                            reason, message);
  }
  sentence = dup_containers_trouble (pod);
  if (sentence != NULL)
    return sentence;
  /* Translators: %s is a pod */
  return g_strdup_printf (_ ("The pod %s is not ready yet."), base_metadata_get_name (pod));
}
