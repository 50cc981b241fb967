/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "practice-disks.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* A file that is mounted into a container. */
typedef struct {
  char *path;
  GBytes *data;
  guint mode;
} PracticeVolumeFile;

PracticeVolumeFile *practice_volume_file_new (const char *path, GBytes *data, guint mode);
void practice_volume_file_free (PracticeVolumeFile *self);

/* A folder that a container sees. */
typedef struct {
  char *path;
  int number; /* of the pod's volume that it shares with other containers; -1: empty, its own */
  char *part; /* (nullable): what of that volume */
  gboolean is_read_only;
} PracticeVolumeFolder;

void practice_volume_folder_free (PracticeVolumeFolder *self);

/* (transfer full) (nullable) (element-type utf8): the folders that a pod's containers share: for
 * each a path on @disks (nullable), or NULL for an empty one. */
GPtrArray *practice_volume_files_list_shared (PracticeStore *store,
                                              JsonNode *pod,
                                              PracticeDisks *disks,
                                              GError **error);

/* Adds the files of the ConfigMaps, Secrets and downward APIs that @container (of its spec) mounts
 * to @files, and mount points to @folders (of PracticeVolumeFolder). FALSE where one is not
 * there, in a kubelet's words. */
gboolean practice_volume_files_collect (PracticeStore *store,
                                        JsonNode *pod,
                                        JsonNode *container,
                                        GPtrArray *files,
                                        GPtrArray *folders,
                                        GError **error);

/* The value of @key in a ConfigMap or Secret; (transfer full) (nullable). */
GBytes *practice_volume_files_dup_value (JsonNode *object, const char *key);

G_END_DECLS
