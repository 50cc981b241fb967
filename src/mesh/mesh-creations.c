/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-creations.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "mesh-creation.h"
#include "mesh-error.h"
#include "mesh-request.h"

typedef struct {
  JsonNode *created; /* as the server made it */
  gboolean is_gone;  /* it was taken back */
} Entry;

struct _MeshCreations {
  GObject parent_instance;

  GPtrArray *entries; /* of Entry: in the order in which something was done with them last */
  Entry *moving;      /* (nullable): the server is asked to */
};

G_DEFINE_FINAL_TYPE (MeshCreations, mesh_creations, G_TYPE_OBJECT)

enum {
  CHANGED,
  FAILED,
  RENEWED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  json_node_unref (entry->created);
  g_free (entry);
}

static const char *
get_metadata (JsonNode *object, const char *name)
{
  return base_json_get_string (object, "metadata", name, NULL);
}

/* (nullable): what was created here and is @shown now */
static Entry *
find_shown (MeshCreations *self, JsonNode *shown)
{
  const char *uid = shown != NULL ? get_metadata (shown, "uid") : NULL;

  for (guint i = 0; uid != NULL && i < self->entries->len; i++) {
    Entry *entry = g_ptr_array_index (self->entries, i);

    if (!entry->is_gone && g_strcmp0 (get_metadata (entry->created, "uid"), uid) == 0)
      return entry;
  }
  return NULL;
}

/* (nullable): what was taken back last */
static Entry *
find_gone (MeshCreations *self)
{
  for (guint i = self->entries->len; i > 0; i--) {
    Entry *entry = g_ptr_array_index (self->entries, i - 1);

    if (entry->is_gone)
      return entry;
  }
  return NULL;
}

static void
make_last (MeshCreations *self, Entry *entry)
{
  guint i;

  if (g_ptr_array_find (self->entries, entry, &i))
    g_ptr_array_add (self->entries, g_ptr_array_steal_index (self->entries, i));
}

static void
mesh_creations_finalize (GObject *object)
{
  g_ptr_array_unref (MESH_CREATIONS (object)->entries);

  G_OBJECT_CLASS (mesh_creations_parent_class)->finalize (object);
}

static void
mesh_creations_class_init (MeshCreationsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = mesh_creations_finalize;

  signals[CHANGED] = g_signal_new ("changed", MESH_TYPE_CREATIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", MESH_TYPE_CREATIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[RENEWED] = g_signal_new ("renewed", MESH_TYPE_CREATIONS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
mesh_creations_init (MeshCreations *self)
{
  self->entries = g_ptr_array_new_with_free_func (entry_free);
}

/**
 * mesh_creations_new:
 *
 * Returns: (transfer full): nothing was created yet
 */
MeshCreations *
mesh_creations_new (void)
{
  return g_object_new (MESH_TYPE_CREATIONS, NULL);
}

/**
 * mesh_creations_note:
 * @created: a VirtualService as the server made it; kept
 */
void
mesh_creations_note (MeshCreations *self, JsonNode *created)
{
  Entry *entry = NULL;

  g_return_if_fail (MESH_IS_CREATIONS (self));
  g_return_if_fail (created != NULL);

  entry = g_new0 (Entry, 1);
  entry->created = json_node_ref (created);
  g_ptr_array_add (self->entries, entry);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * mesh_creations_can:
 * @shown: (nullable): the VirtualService that the user sees
 *
 * Returns: whether @shown was created here, or something else that was can be created again
 */
gboolean
mesh_creations_can (MeshCreations *self, JsonNode *shown, MeshUndoDirection direction)
{
  g_return_val_if_fail (MESH_IS_CREATIONS (self), FALSE);

  if (self->moving != NULL)
    return FALSE;
  return (direction == MESH_UNDO_BACK ? find_shown (self, shown) : find_gone (self)) != NULL;
}

/* Takes @error (nullable). */
static void
settle (MeshCreations *self, GError *error)
{
  g_autoptr (GError) owned = error;

  self->moving = NULL;
  g_signal_emit (self, signals[CHANGED], 0);
  if (owned != NULL)
    g_signal_emit (self, signals[FAILED], 0, owned);
}

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MeshCreations) self = user_data;
  GError *error = NULL;
  g_autoptr (JsonNode) answer = kube_client_request_finish (KUBE_CLIENT (source), result, &error);

  if (answer != NULL) {
    self->moving->is_gone = TRUE;
    make_last (self, self->moving);
  }
  settle (self, error);
}

/* Nothing but what was created: what others have made of it is not ours to delete. */
static gboolean
is_unchanged (JsonNode *created, JsonNode *shown)
{
  g_autoptr (JsonNode) before = mesh_creation_build_again (created);
  g_autoptr (JsonNode) now = mesh_creation_build_again (shown);

  return base_json_equal (base_json_get (before, "spec", NULL),
                          base_json_get (now, "spec", NULL)) &&
         base_json_equal (base_json_get (before, "metadata", NULL),
                          base_json_get (now, "metadata", NULL));
}

static void
take_back (MeshCreations *self, KubeClient *client, JsonNode *shown)
{
  self->moving = find_shown (self, shown);
  if (is_unchanged (self->moving->created, shown))
    mesh_request_delete (client, shown, deleted_cb, g_object_ref (self));
  else
    settle (self,
            g_error_new (MESH_ERROR, MESH_ERROR_CHANGED,
                         /* Translators: %s is the name of a VirtualService */
                         _ ("%s is not what was created here any more, so it was not deleted."),
                         get_metadata (shown, "name")));
}

static void
renewed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (MeshCreations) self = user_data;
  GError *error = NULL;
  JsonNode *created = mesh_creation_run_finish (result, &error);
  g_autoptr (JsonNode) before = NULL;

  if (created != NULL) {
    before = g_steal_pointer (&self->moving->created);
    self->moving->created = created;
    self->moving->is_gone = FALSE;
    make_last (self, self->moving);
    g_signal_emit (self, signals[RENEWED], 0, get_metadata (before, "uid"),
                   get_metadata (created, "uid"));
  }
  settle (self, error);
}

/**
 * mesh_creations_step:
 * @client: to ask
 * @shown: (nullable): the VirtualService that the user sees, as the watch has shown it
 *
 * Deletes @shown, where it is still what was created here; or creates again what was taken back
 * last. What others do meanwhile is found by the server. To be called only where that can be.
 */
void
mesh_creations_step (MeshCreations *self,
                     KubeClient *client,
                     JsonNode *shown,
                     MeshUndoDirection direction)
{
  g_return_if_fail (KUBE_IS_CLIENT (client));
  g_return_if_fail (mesh_creations_can (self, shown, direction));

  if (direction == MESH_UNDO_BACK) {
    take_back (self, client, shown);
  } else {
    self->moving = find_gone (self);
    mesh_creation_run_again_async (client, self->moving->created, NULL, renewed_cb,
                                   g_object_ref (self));
  }
  g_signal_emit (self, signals[CHANGED], 0);
}
