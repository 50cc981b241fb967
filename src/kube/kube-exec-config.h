/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What a kubeconfig says about an exec plugin. */
typedef struct {
  GStrv argv;
  GStrv environment; /* "NAME=VALUE", in addition to what is there */
  char *api_version;
  char *install_hint; /* (nullable) */
  JsonNode *cluster;  /* (nullable): what the plugin is told of the cluster, where it asks for it */
  gboolean needs_terminal;
} KubeExecConfig;

KubeExecConfig *kube_exec_config_new (JsonNode *exec, const char *directory, GError **error);
void kube_exec_config_free (KubeExecConfig *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KubeExecConfig, kube_exec_config_free)

G_END_DECLS
