/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-event-recorder.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-age.h"
#include "practice-object.h"

/* A real API server forgets events after an hour; here the newest are kept. So many are forgotten
 * at once, since to find them all have to be looked at. */
#define MAX_EVENTS 500
#define N_FORGOTTEN 50

static guint64
get_version (JsonNode *event)
{
  const char *version = base_json_get_string (event, "metadata", "resourceVersion", NULL);

  return version != NULL ? g_ascii_strtoull (version, NULL, 10) : 0;
}

static int
compare_versions (gconstpointer a, gconstpointer b)
{
  guint64 first = get_version (*(JsonNode *const *)a);
  guint64 second = get_version (*(JsonNode *const *)b);

  return (first > second) - (first < second);
}

static void
forget_oldest (PracticeStore *store)
{
  g_autoptr (GPtrArray) events = NULL;

  if (practice_store_count (store, "/events") < MAX_EVENTS)
    return;

  events = practice_store_list (store, "/events", NULL);
  g_ptr_array_sort (events, compare_versions);
  for (guint i = 0; i < N_FORGOTTEN; i++)
    practice_store_delete (store, "/events", base_metadata_get_namespace (events->pdata[i]),
                           base_metadata_get_name (events->pdata[i]), NULL);
}

static void
copy_reference (JsonObject *reference, JsonNode *about, const char *name)
{
  const char *value = base_json_get_string (about, "metadata", name, NULL);

  if (value != NULL)
    json_object_set_string_member (reference, name, value);
}

/* (nullable): one that says the same of the same object. */
static JsonNode *
find_same (PracticeStore *store,
           JsonNode *about,
           const char *component,
           const char *reason,
           const char *message)
{
  const char *namespace_ = base_metadata_get_namespace (about);
  const char *uid = base_metadata_get_uid (about);
  g_autofree char *prefix = g_strconcat (base_metadata_get_name (about), ".", NULL);
  g_autoptr (GPtrArray) events = practice_store_list_prefixed (
    store, "/events", namespace_ != NULL ? namespace_ : "default", prefix);

  for (guint i = 0; i < events->len; i++) {
    JsonNode *event = g_ptr_array_index (events, i);

    if (g_strcmp0 (base_json_get_string (event, "involvedObject", "uid", NULL), uid) == 0 &&
        g_strcmp0 (base_json_get_string (event, "reason", NULL), reason) == 0 &&
        g_strcmp0 (base_json_get_string (event, "message", NULL), message) == 0 &&
        g_strcmp0 (base_json_get_string (event, "source", "component", NULL), component) == 0)
      return event;
  }

  return NULL;
}

static void
count_again (PracticeStore *store, JsonNode *event, const char *now)
{
  g_autoptr (JsonNode) next = base_json_copy (event);
  JsonObject *members = json_node_get_object (next);

  json_object_set_int_member (members, "count", base_json_get_int (event, 1, "count", NULL) + 1);
  json_object_set_string_member (members, "lastTimestamp", now);
  practice_store_update (store, "/events", g_steal_pointer (&next), NULL, NULL);
}

/* Behind the name stand the nanoseconds, as in life, so that a list has events of the same second
 * in their order. */
static char *
dup_free_name (PracticeStore *store, const char *namespace_, const char *about_name)
{
  guint64 time = (guint64)g_get_real_time () * 1000;

  for (;; time++) {
    g_autofree char *name = g_strdup_printf ("%s.%" G_GINT64_MODIFIER "x", about_name, time);

    if (practice_store_get (store, "/events", namespace_, name) == NULL)
      return g_steal_pointer (&name);
  }
}

/* By what the reason says, with what real controllers do not keep to. */
static gboolean
is_warning (const char *reason)
{
  static const char *const others[] = {
    "BackOff",        "ClaimLost",           "ClaimMisbound",
    "NodeNotReady",   "Unhealthy",           "VolumeFailedDelete",
    "VolumeMismatch", "VolumeFailedRecycle", NULL
  };

  return ((g_str_has_prefix (reason, "Failed") || g_str_has_suffix (reason, "Failed")) &&
          !g_str_equal (reason, "FailedBinding")) ||
         g_strv_contains (others, reason);
}

/**
 * practice_event_recorder_record:
 * @store: where events are kept
 * @about: the object that the event is about
 * @component: who says it, such as "kubelet"
 * @reason: in one word
 * @format: the sentence, as for printf()
 * @...: its arguments
 *
 * Records an Event of type Normal, or Warning where the reason says that something failed
 * (https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/). What was said
 * of the object before is counted.
 */
void
practice_event_recorder_record (PracticeStore *store,
                                JsonNode *about,
                                const char *component,
                                const char *reason,
                                const char *format,
                                ...)
{
  const char *namespace_ = base_metadata_get_namespace (about);
  const char *about_name = base_metadata_get_name (about);
  g_autofree char *name = NULL;
  g_autofree char *now = practice_age_dup_now ();
  g_autofree char *message = NULL;
  g_autoptr (JsonNode) event = NULL;
  JsonNode *same;
  JsonObject *members;
  JsonObject *reference;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  same = find_same (store, about, component, reason, message);
  if (same != NULL) {
    count_again (store, same, now);
    return;
  }
  name = dup_free_name (store, namespace_ != NULL ? namespace_ : "default", about_name);
  event = practice_object_new ("v1", "Event", namespace_ != NULL ? namespace_ : "default", name);
  reference = practice_object_ensure (event, "involvedObject", NULL);
  json_object_set_string_member (reference, "apiVersion",
                                 base_json_get_string (about, "apiVersion", NULL));
  json_object_set_string_member (reference, "kind", base_json_get_string (about, "kind", NULL));
  copy_reference (reference, about, "name");
  copy_reference (reference, about, "namespace");
  copy_reference (reference, about, "uid");
  copy_reference (reference, about, "resourceVersion");

  members = json_node_get_object (event);
  json_object_set_string_member (members, "type", is_warning (reason) ? "Warning" : "Normal");
  json_object_set_string_member (members, "reason", reason);
  json_object_set_string_member (members, "message", message);
  json_object_set_string_member (members, "firstTimestamp", now);
  json_object_set_string_member (members, "lastTimestamp", now);
  json_object_set_int_member (members, "count", 1);
  json_object_set_string_member (practice_object_ensure (event, "source", NULL), "component",
                                 component);

  forget_oldest (store);
  /* An event is a courtesy: losing one to a full disk must not stop a controller. */
  practice_store_create (store, "/events", g_steal_pointer (&event), NULL);
}
