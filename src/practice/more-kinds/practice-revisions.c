/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-revisions.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-object.h"
#include "practice-rollout.h"

#define REVISIONS "apps/controllerrevisions"

static int
compare (gconstpointer a, gconstpointer b)
{
  gint64 first = base_json_get_int (*(JsonNode *const *)a, 0, "revision", NULL);
  gint64 second = base_json_get_int (*(JsonNode *const *)b, 0, "revision", NULL);

  return (first > second) - (first < second);
}

/* The oldest first. */
static GPtrArray *
list (PracticeStore *store, JsonNode *owner)
{
  const char *uid = base_metadata_get_uid (owner);
  g_autoptr (GPtrArray) all =
    practice_store_list (store, REVISIONS, base_metadata_get_namespace (owner));
  GPtrArray *revisions = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  for (guint i = 0; i < all->len; i++)
    if (g_strcmp0 (practice_object_get_controller_uid (all->pdata[i]), uid) == 0)
      g_ptr_array_add (revisions, json_node_ref (all->pdata[i]));
  g_ptr_array_sort (revisions, compare);

  return revisions;
}

/* What a strategic merge makes the template of again. */
static JsonNode *
new_data (JsonNode *owner)
{
  g_autoptr (JsonNode) template = base_json_copy (base_json_get (owner, "spec", "template", NULL));
  JsonObject *spec = json_object_new ();
  JsonObject *data = json_object_new ();

  json_object_set_string_member (json_node_get_object (template), "$patch", "replace");
  json_object_set_member (spec, "template", g_steal_pointer (&template));
  json_object_set_object_member (data, "spec", spec);
  return base_json_take_object (data);
}

static void
copy_member (JsonNode *to, const char *member, JsonNode *from)
{
  if (from != NULL)
    json_object_set_member (practice_object_ensure (to, "metadata", NULL), member,
                            base_json_copy (from));
}

/* Takes @data. */
static JsonNode *
create (
  PracticeStore *store, JsonNode *owner, JsonNode *data, gint64 number, const char *hash_label)
{
  g_autoptr (JsonNode) given = data;

  for (guint collision = 0;; collision++) {
    g_autofree char *hash = practice_rollout_dup_template_hash (owner, collision);
    g_autofree char *name = g_strdup_printf ("%s-%s", base_metadata_get_name (owner), hash);
    g_autoptr (JsonNode) revision = NULL;
    JsonNode *stored;

    if (practice_store_get (store, REVISIONS, base_metadata_get_namespace (owner), name) != NULL)
      continue;
    revision = practice_object_new ("apps/v1", "ControllerRevision",
                                    base_metadata_get_namespace (owner), name);
    copy_member (revision, "labels",
                 base_json_get (owner, "spec", "template", "metadata", "labels", NULL));
    copy_member (revision, "annotations", base_json_get (owner, "metadata", "annotations", NULL));
    json_object_set_string_member (practice_object_ensure (revision, "metadata", "labels", NULL),
                                   hash_label, hash);
    practice_object_set_owner (revision, owner);
    json_object_set_member (json_node_get_object (revision), "data", g_steal_pointer (&given));
    json_object_set_int_member (json_node_get_object (revision), "revision", number);
    stored = practice_store_create (store, REVISIONS, g_steal_pointer (&revision), NULL);

    return stored != NULL ? json_node_ref (stored) : NULL;
  }
}

/* A template that comes again counts as the newest. */
static JsonNode *
renew (PracticeStore *store, JsonNode *revision, gint64 number)
{
  g_autoptr (JsonNode) next = NULL;
  JsonNode *stored;

  if (base_json_get_int (revision, 0, "revision", NULL) == number)
    return json_node_ref (revision);
  next = base_json_copy (revision);
  json_object_set_int_member (json_node_get_object (next), "revision", number);
  stored = practice_store_update (store, REVISIONS, g_steal_pointer (&next), NULL, NULL);

  return json_node_ref (stored != NULL ? stored : revision);
}

/**
 * practice_revisions_ensure:
 * @store: the cluster's objects
 * @owner: a stored DaemonSet or StatefulSet
 * @hash_label: the label that says the hash of the template
 *
 * Keeps the present template, as the newest of all.
 *
 * Returns: (transfer full) (nullable): its ControllerRevision; %NULL where it cannot be stored
 */
JsonNode *
practice_revisions_ensure (PracticeStore *store, JsonNode *owner, const char *hash_label)
{
  g_autoptr (GPtrArray) revisions = list (store, owner);
  g_autoptr (JsonNode) data = new_data (owner);
  gint64 newest = 0;

  if (revisions->len > 0)
    newest = base_json_get_int (revisions->pdata[revisions->len - 1], 0, "revision", NULL);
  for (guint i = revisions->len; i > 0; i--) {
    JsonNode *revision = revisions->pdata[i - 1];

    if (base_json_equal (base_json_get (revision, "data", NULL), data))
      return renew (store, revision, i == revisions->len ? newest : newest + 1);
  }

  return create (store, owner, g_steal_pointer (&data), newest + 1, hash_label);
}

/**
 * practice_revisions_trim:
 * @store: the cluster's objects
 * @owner: a stored DaemonSet or StatefulSet
 * @used: (element-type utf8): names of those of which there are pods
 *
 * Forgets the oldest templates, as far as its revisionHistoryLimit says.
 */
void
practice_revisions_trim (PracticeStore *store, JsonNode *owner, GHashTable *used)
{
  g_autoptr (GPtrArray) revisions = list (store, owner);
  gint64 limit = base_json_get_int (owner, 10, "spec", "revisionHistoryLimit", NULL);
  gint64 surplus = -MAX (limit, 0);

  for (guint i = 0; i < revisions->len; i++)
    surplus += !g_hash_table_contains (used, base_metadata_get_name (revisions->pdata[i]));
  for (guint i = 0; i < revisions->len && surplus > 0; i++) {
    const char *name = base_metadata_get_name (revisions->pdata[i]);

    if (g_hash_table_contains (used, name))
      continue;
    practice_store_delete (store, REVISIONS, base_metadata_get_namespace (owner), name, NULL);
    surplus--;
  }
}
