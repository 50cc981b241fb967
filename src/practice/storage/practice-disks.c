/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-disks.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "base-metadata.h"
#include "practice-storage-class.h"
#include "practice-tree.h"

#define MODE 0700

/**
 * PracticeDisks:
 *
 * The disks of the cluster. What programs write to a volume is still there when another pod gets
 * it, and at the next start; a snapshot of the cluster's state has nothing of it.
 */
struct _PracticeDisks {
  GObject parent_instance;

  char *folder;
};

G_DEFINE_FINAL_TYPE (PracticeDisks, practice_disks, G_TYPE_OBJECT)

static char *
dup_path (PracticeDisks *self, const char *volume)
{
  return g_build_filename (self->folder, volume, NULL);
}

static void
volume_event_cb (PracticeStore *store,
                 PracticeEventType type,
                 const char *resource,
                 JsonNode *volume,
                 JsonNode *old,
                 PracticeDisks *self)
{
  if (type == PRACTICE_EVENT_DELETED)
    practice_disks_scrub (self, base_metadata_get_name (volume));
}

static void
practice_disks_finalize (GObject *object)
{
  PracticeDisks *self = PRACTICE_DISKS (object);

  g_free (self->folder);

  G_OBJECT_CLASS (practice_disks_parent_class)->finalize (object);
}

static void
practice_disks_class_init (PracticeDisksClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_disks_finalize;
}

static void
practice_disks_init (PracticeDisks *self)
{
}

/**
 * practice_disks_new:
 * @store: the cluster's objects
 * @folder: where to keep them, made when first needed
 *
 * Returns: (transfer full): the disks, each of which goes when its volume is deleted
 */
PracticeDisks *
practice_disks_new (PracticeStore *store, const char *folder)
{
  PracticeDisks *self;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);
  g_return_val_if_fail (folder != NULL, NULL);

  self = g_object_new (PRACTICE_TYPE_DISKS, NULL);
  self->folder = g_strdup (folder);
  g_signal_connect_object (store, "event::" PRACTICE_VOLUMES, G_CALLBACK (volume_event_cb), self,
                           0);
  return self;
}

/**
 * practice_disks_dup_path:
 * @self: the disks
 * @volume: name of a PersistentVolume, which is a name in DNS and so one of a file
 * @error: return location
 *
 * Returns: (transfer full) (nullable): its folder
 */
char *
practice_disks_dup_path (PracticeDisks *self, const char *volume, GError **error)
{
  g_autofree char *path = NULL;

  g_return_val_if_fail (PRACTICE_IS_DISKS (self), NULL);
  g_return_val_if_fail (volume != NULL && *volume != '.' && strchr (volume, '/') == NULL, NULL);

  path = dup_path (self, volume);
  if (g_mkdir_with_parents (path, MODE) == 0)
    return g_steal_pointer (&path);
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               _ ("The folder “%s” cannot be made: %s"), path, g_strerror (errno));
  return NULL;
}

/**
 * practice_disks_scrub:
 * @self: the disks
 * @volume: name of a PersistentVolume
 *
 * Removes all that is on it.
 */
void
practice_disks_scrub (PracticeDisks *self, const char *volume)
{
  g_autofree char *path = NULL;

  g_return_if_fail (PRACTICE_IS_DISKS (self));
  g_return_if_fail (volume != NULL && *volume != '.' && strchr (volume, '/') == NULL);

  path = dup_path (self, volume);
  practice_tree_remove (path);
}
