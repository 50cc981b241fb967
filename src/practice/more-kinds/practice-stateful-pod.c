/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-stateful-pod.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-admission.h"
#include "practice-event-recorder.h"
#include "practice-kinds.h"
#include "practice-object.h"
#include "practice-pod-template.h"
#include "practice-storage-class.h"

#define NAME_LABEL "statefulset.kubernetes.io/pod-name"

static char *
dup_pod_name (JsonNode *set, guint ordinal)
{
  return g_strdup_printf ("%s-%u", base_metadata_get_name (set), ordinal);
}

static char *
dup_claim_name (JsonNode *set, JsonNode *claim, guint ordinal)
{
  return g_strdup_printf ("%s-%s-%u", base_metadata_get_name (claim), base_metadata_get_name (set),
                          ordinal);
}

/**
 * practice_stateful_pod_get_ordinal:
 * @set: a StatefulSet
 * @pod: a pod of it
 *
 * Returns: the number behind its name; -1 where there is none
 */
gint64
practice_stateful_pod_get_ordinal (JsonNode *set, JsonNode *pod)
{
  const char *name = base_metadata_get_name (pod);
  gsize length = strlen (base_metadata_get_name (set));
  gint64 number;

  if (strncmp (name, base_metadata_get_name (set), length) != 0 || name[length] != '-' ||
      !g_ascii_string_to_signed (name + length + 1, 10, 0, G_MAXINT, &number, NULL))
    return -1;
  return number;
}

/* The volume of each claim; one of the same name in the template gives way. */
static void
add_volumes (JsonNode *pod, JsonNode *set, guint ordinal)
{
  JsonArray *claims = base_json_get_array (set, "spec", "volumeClaimTemplates", NULL);
  JsonArray *given = base_json_get_array (pod, "spec", "volumes", NULL);
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  JsonArray *volumes;

  if (base_json_get_length (claims) == 0)
    return;
  volumes = json_array_new ();
  for (guint i = 0; i < json_array_get_length (claims); i++) {
    JsonNode *claim = json_array_get_element (claims, i);
    g_autofree char *name = dup_claim_name (set, claim, ordinal);
    JsonObject *source = json_object_new ();
    JsonObject *volume = json_object_new ();

    json_object_set_string_member (source, "claimName", name);
    json_object_set_string_member (volume, "name", base_metadata_get_name (claim));
    json_object_set_object_member (volume, "persistentVolumeClaim", source);
    json_array_add_object_element (volumes, volume);
    g_hash_table_add (names, (gpointer)base_metadata_get_name (claim));
  }
  for (guint i = 0; i < base_json_get_length (given); i++) {
    JsonNode *volume = json_array_get_element (given, i);

    if (!g_hash_table_contains (names, base_json_get_string (volume, "name", NULL)))
      json_array_add_element (volumes, json_node_ref (volume));
  }
  json_object_set_array_member (practice_object_ensure (pod, "spec", NULL), "volumes", volumes);
}

/* @set with the template that @revision keeps. */
static JsonNode *
new_version (JsonNode *set, JsonNode *revision)
{
  JsonNode *version = base_json_copy (set);
  JsonNode *kept = base_json_get (revision, "data", "spec", "template", NULL);
  JsonNode *template = kept != NULL ? base_json_copy (kept) : NULL;

  if (template != NULL) {
    json_object_remove_member (json_node_get_object (template), "$patch");
    json_object_set_member (practice_object_ensure (version, "spec", NULL), "template", template);
  }

  return version;
}

/**
 * practice_stateful_pod_new:
 * @set: a stored StatefulSet
 * @revision: a ControllerRevision of it
 * @ordinal: the number of the pod
 *
 * Returns: (transfer full): that pod as the template of @revision has it, not stored yet
 */
JsonNode *
practice_stateful_pod_new (JsonNode *set, JsonNode *revision, guint ordinal)
{
  g_autoptr (JsonNode) version = new_version (set, revision);
  g_autofree char *name = dup_pod_name (set, ordinal);
  JsonNode *pod = practice_pod_template_new_pod (version, name);
  JsonObject *labels = practice_object_ensure (pod, "metadata", "labels", NULL);
  JsonObject *spec = practice_object_ensure (pod, "spec", NULL);
  const char *service = base_json_get_string (set, "spec", "serviceName", NULL);

  json_object_set_string_member (labels, PRACTICE_STATEFUL_HASH_LABEL,
                                 base_metadata_get_name (revision));
  json_object_set_string_member (labels, NAME_LABEL, name);
  json_object_set_string_member (spec, "hostname", name);
  if (service != NULL && *service != '\0')
    json_object_set_string_member (spec, "subdomain", service);
  add_volumes (pod, set, ordinal);

  return pod;
}

static gboolean
create_claim (
  PracticeStore *store, JsonNode *set, JsonNode *template, const char *name, GError **error)
{
  g_autoptr (JsonNode) claim =
    practice_object_new ("v1", "PersistentVolumeClaim", base_metadata_get_namespace (set), name);
  JsonNode *labels = base_json_get (set, "spec", "selector", "matchLabels", NULL);
  JsonNode *annotations = base_json_get (template, "metadata", "annotations", NULL);
  JsonObject *metadata = practice_object_ensure (claim, "metadata", NULL);

  if (labels != NULL)
    json_object_set_member (metadata, "labels", base_json_copy (labels));
  if (annotations != NULL)
    json_object_set_member (metadata, "annotations", base_json_copy (annotations));
  json_object_set_member (json_node_get_object (claim), "spec",
                          base_json_copy (base_json_get (template, "spec", NULL)));
  if (!practice_admission_mutate (store, PRACTICE_CLAIMS, claim, error))
    return FALSE;
  practice_volume_claim_kind.set_defaults (claim);
  practice_volume_claim_kind.prepare (claim, NULL);
  return practice_admission_create (store, PRACTICE_CLAIMS, g_steal_pointer (&claim), error) !=
         NULL;
}

/* As a real server prints errors that came together. */
static char *
join (GPtrArray *messages)
{
  g_autofree char *joined = NULL;

  if (messages->len == 1)
    return g_strdup (g_ptr_array_index (messages, 0));
  g_ptr_array_add (messages, NULL);
  joined = g_strjoinv (", ", (char **)messages->pdata);
  return g_strdup_printf ("[%s]", joined);
}

/**
 * practice_stateful_pod_ensure_claims:
 * @store: the cluster's objects
 * @set: a stored StatefulSet
 * @ordinal: the number of a pod
 * @component: who does it, as events say it
 *
 * Makes the claims of that pod, where they are not there from an earlier one.
 *
 * Returns: (transfer full) (nullable): why some could not be made; %NULL: all are there
 */
char *
practice_stateful_pod_ensure_claims (PracticeStore *store,
                                     JsonNode *set,
                                     guint ordinal,
                                     const char *component)
{
  const char *namespace_ = base_metadata_get_namespace (set);
  const char *set_name = base_metadata_get_name (set);
  JsonArray *claims = base_json_get_array (set, "spec", "volumeClaimTemplates", NULL);
  g_autofree char *pod = dup_pod_name (set, ordinal);
  g_autoptr (GPtrArray) messages = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < base_json_get_length (claims); i++) {
    JsonNode *template = json_array_get_element (claims, i);
    g_autofree char *name = dup_claim_name (set, template, ordinal);
    g_autoptr (GError) error = NULL;

    if (practice_store_get (store, PRACTICE_CLAIMS, namespace_, name) != NULL)
      continue;
    if (create_claim (store, set, template, name, &error)) {
      practice_event_recorder_record (store, set, component, "SuccessfulCreate",
                                      "create Claim %s Pod %s in StatefulSet %s success", name, pod,
                                      set_name);
      continue;
    }
    practice_event_recorder_record (store, set, component, "FailedCreate",
                                    "create Claim %s for Pod %s in StatefulSet %s failed error: %s",
                                    name, pod, set_name, error->message);
    g_ptr_array_add (messages,
                     g_strdup_printf ("failed to create PVC %s: %s", name, error->message));
  }

  return messages->len > 0 ? join (messages) : NULL;
}
