/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-context.h"

G_BEGIN_DECLS

/* Kubeconfig files merged by kubectl's rules. Files are given as bytes with the
 * path they came from, since they may lie on another machine. */
#define KUBE_TYPE_CONFIG (kube_config_get_type ())
G_DECLARE_FINAL_TYPE (KubeConfig, kube_config, KUBE, CONFIG, GObject)

KubeConfig *kube_config_new (void);
gboolean kube_config_add (
  KubeConfig *self, const char *path, const char *data, gssize length, GError **error);
GStrv kube_config_dup_context_names (KubeConfig *self);
const char *kube_config_get_current_context (KubeConfig *self);
/* Files a context names (CA, certificate, key, token) that must be given by kube_config_add_file()
 * before kube_config_dup_context(); absolute, or relative to the folder of the file that defined
 * them, resolved. */
GStrv kube_config_dup_needed_files (KubeConfig *self, const char *context_name, GError **error);
void kube_config_add_file (KubeConfig *self, const char *path, GBytes *contents);
/* @context_name: NULL for current-context */
KubeContext *kube_config_dup_context (KubeConfig *self, const char *context_name, GError **error);

/* This computer: @paths as $KUBECONFIG gives them (missing ones skipped), NULL for the default.
 * Reads the files a context needs as well. */
KubeContext *kube_config_load (const char *const *paths, const char *context_name, GError **error);
GStrv kube_config_dup_default_paths (void);

G_END_DECLS
