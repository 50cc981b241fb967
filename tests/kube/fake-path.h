/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-kind.h"

G_BEGIN_DECLS

/* A path of the Kubernetes API, taken apart. */
typedef struct {
  const KubeKind *kind;
  char *version;
  char *namespace_; /* (nullable) */
  char *name;       /* (nullable) */
} FakePath;

gboolean fake_path_parse (FakePath *self, const char *path);
void fake_path_clear (FakePath *self);
char *fake_path_dup_api_version (const FakePath *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FakePath, fake_path_clear)

G_END_DECLS
