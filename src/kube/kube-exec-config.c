/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-exec-config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-json.h"
#include "kube-error.h"

#define MAX_WORDS 256

static gboolean
check_interactive_mode (KubeExecConfig *self, JsonNode *exec, GError **error)
{
  const char *mode = base_json_get_string (exec, "interactiveMode", NULL);

  if (mode == NULL && g_str_has_suffix (self->api_version, "/v1")) {
    g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                         _ ("The kubeconfig's exec plugin has no interactiveMode, which its "
                            "apiVersion asks for. Mend the kubeconfig."));
    return FALSE;
  }
  self->needs_terminal = g_strcmp0 (mode, "Always") == 0;
  return TRUE;
}

static GStrv
dup_argv (JsonNode *exec, const char *command, const char *directory)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *args = base_json_get_array (exec, "args", NULL);
  guint length = base_json_get_length (args);

  /* A bare name is looked up in PATH; any other is relative to the kubeconfig. */
  if (strchr (command, '/') != NULL) {
    g_autofree char *path = g_canonicalize_filename (command, directory);

    g_strv_builder_add (builder, path);
  } else {
    g_strv_builder_add (builder, command);
  }
  for (guint i = 0; i < MIN (length, MAX_WORDS); i++) {
    const char *word = base_json_get_string (json_array_get_element (args, i), NULL);

    g_strv_builder_add (builder, word != NULL ? word : "");
  }
  return g_strv_builder_end (builder);
}

static GStrv
dup_environment (JsonNode *exec)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *variables = base_json_get_array (exec, "env", NULL);
  guint length = base_json_get_length (variables);

  for (guint i = 0; i < MIN (length, MAX_WORDS); i++) {
    JsonNode *variable = json_array_get_element (variables, i);
    const char *name = base_json_get_string (variable, "name", NULL);
    const char *value = base_json_get_string (variable, "value", NULL);

    if (name != NULL && *name != '\0' && strchr (name, '=') == NULL) {
      g_autofree char *word = g_strconcat (name, "=", value != NULL ? value : "", NULL);

      g_strv_builder_add (builder, word);
    }
  }
  return g_strv_builder_end (builder);
}

/**
 * kube_exec_config_new:
 * @exec: a user's `exec` member
 * @directory: the folder of the kubeconfig
 * @error: return location for an error
 *
 * Reads it as the client-go credential plugins page says: v1 and v1beta1 are known.
 *
 * Returns: (transfer full) (nullable): what to run, %NULL with a %KUBE_ERROR_CONFIG
 */
KubeExecConfig *
kube_exec_config_new (JsonNode *exec, const char *directory, GError **error)
{
  g_autoptr (KubeExecConfig) self = g_new0 (KubeExecConfig, 1);
  const char *command = base_json_get_string (exec, "command", NULL);
  const char *version = base_json_get_string (exec, "apiVersion", NULL);

  if (command == NULL || *command == '\0') {
    g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                         _ ("The kubeconfig's exec plugin names no command. Mend the kubeconfig."));
    return NULL;
  }
  if (g_strcmp0 (version, "client.authentication.k8s.io/v1") != 0 &&
      g_strcmp0 (version, "client.authentication.k8s.io/v1beta1") != 0) {
    g_set_error (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                 /* Translators: the first %s is a command, the second a version name */
                 _ ("The exec plugin %s has the apiVersion %s, which is not supported. Update the "
                    "plugin and its kubeconfig."),
                 command, version != NULL ? version : "\"\"");
    return NULL;
  }

  self->api_version = g_strdup (version);
  self->install_hint = g_strdup (base_json_get_string (exec, "installHint", NULL));
  self->argv = dup_argv (exec, command, directory);
  self->environment = dup_environment (exec);
  if (!check_interactive_mode (self, exec, error))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * kube_exec_config_free:
 * @self: (transfer full): what to free
 */
void
kube_exec_config_free (KubeExecConfig *self)
{
  g_strfreev (self->argv);
  g_strfreev (self->environment);
  g_free (self->api_version);
  g_free (self->install_hint);
  g_clear_pointer (&self->cluster, json_node_unref);
  g_free (self);
}
