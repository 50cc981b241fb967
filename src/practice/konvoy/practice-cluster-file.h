/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PRACTICE_CLUSTER_FILE_ERROR (practice_cluster_file_error_quark ())
GQuark practice_cluster_file_error_quark (void);
typedef enum {
  PRACTICE_CLUSTER_FILE_ERROR_INVALID,
} PracticeClusterFileError;

GStrv practice_cluster_file_parse (
  const char *text, gssize length, const char *name, const char *const *known, GError **error);

G_END_DECLS
