/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-deletion.h"

#include "base-json.h"
#include "practice-metadata.h"
#include "practice-registry.h"
#include "practice-status.h"
#include "practice-strategy.h"

static JsonObject *
get_metadata (JsonNode *object)
{
  return base_json_get_object (object, "metadata", NULL);
}

/* Whether something is still to be done before @object can go. A namespace stays until it is empty,
 * a definition until none of its objects is left: the garbage collector ends both. */
static gboolean
is_held (PracticeResource *resource, JsonNode *object)
{
  JsonArray *finalizers = base_json_get_array (object, "metadata", "finalizers", NULL);

  return g_str_equal (resource->store_name, "/namespaces") ||
         g_str_equal (resource->store_name, PRACTICE_DEFINITIONS) ||
         (base_json_get_length (finalizers) > 0);
}

/**
 * practice_deletion_check:
 * @resource: the resource
 * @name: of the object
 * @error: return location
 *
 * Returns: %FALSE with a Status for what may not be deleted
 */
gboolean
practice_deletion_check (PracticeResource *resource, const char *name, GError **error)
{
  const char *kept[] = { "default", "kube-system", "kube-public", NULL };

  if (!g_str_equal (resource->store_name, "/namespaces") || !g_strv_contains (kept, name))
    return TRUE;
  practice_status_set_forbidden (error, resource, name, "this namespace may not be deleted");
  return FALSE;
}

/* The seconds that an object has from its deletion to its end. Only pods have any: those that run
 * somewhere, where a kubelet ends them. */
static gint64
get_grace (PracticeResource *resource, JsonNode *object, const PracticeDeletion *deletion)
{
  const char *phase = base_json_get_string (object, "status", "phase", NULL);

  if (!g_str_equal (resource->store_name, "/pods") ||
      base_json_get_string (object, "spec", "nodeName", NULL) == NULL ||
      g_strcmp0 (phase, "Succeeded") == 0 || g_strcmp0 (phase, "Failed") == 0)
    return 0;
  if (deletion->grace_seconds >= 0)
    return deletion->grace_seconds;
  return base_json_get_int (object, 30, "spec", "terminationGracePeriodSeconds", NULL);
}

static void
set_deleted (JsonNode *object, gint64 grace)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) end = g_date_time_add_seconds (now, (double)grace);
  g_autofree char *text = g_date_time_format (end, "%Y-%m-%dT%H:%M:%SZ");
  JsonObject *metadata = get_metadata (object);

  json_object_set_string_member (metadata, "deletionTimestamp", text);
  json_object_set_int_member (metadata, "deletionGracePeriodSeconds", grace);
}

/**
 * practice_deletion_mark:
 * @self: what is asked for
 * @resource: the resource
 * @object: a stored object
 * @at_once: (out): whether nothing holds it, so that it can go now
 *
 * Returns: (transfer full): @object as it is once marked for deletion; the same where it already
 *   was
 */
JsonNode *
practice_deletion_mark (const PracticeDeletion *self,
                        PracticeResource *resource,
                        JsonNode *object,
                        gboolean *at_once)
{
  JsonNode *marked = base_json_copy (object);
  gint64 grace = get_grace (resource, object, self);
  gboolean deleting = base_json_get_string (object, "metadata", "deletionTimestamp", NULL) != NULL;

  practice_metadata_set_propagation (marked, self->propagation);
  /* A second deletion can only shorten the time. */
  if (!deleting ||
      grace < base_json_get_int (object, 0, "metadata", "deletionGracePeriodSeconds", NULL))
    set_deleted (marked, grace);
  if (!deleting && practice_strategy_has_generation (resource))
    json_object_set_int_member (get_metadata (marked), "generation",
                                base_json_get_int (object, 0, "metadata", "generation", NULL) + 1);
  if (g_str_equal (resource->store_name, "/namespaces")) {
    JsonObject *status = json_object_new ();

    json_object_set_string_member (status, "phase", "Terminating");
    json_object_set_object_member (json_node_get_object (marked), "status", status);
  }
  *at_once = grace == 0 && !is_held (resource, marked);
  return marked;
}

/**
 * practice_deletion_is_due:
 * @resource: the resource
 * @object: a stored object
 *
 * Returns: whether @object is marked for deletion and nothing holds it any more
 */
gboolean
practice_deletion_is_due (PracticeResource *resource, JsonNode *object)
{
  return base_json_get_string (object, "metadata", "deletionTimestamp", NULL) != NULL &&
         base_json_get_int (object, 0, "metadata", "deletionGracePeriodSeconds", NULL) == 0 &&
         !is_held (resource, object);
}
