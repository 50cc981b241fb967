/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-exec-plugin.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-redactor.h"
#include "kube-context-private.h"
#include "kube-error.h"

#define MAX_REASON_CHARS 300

/**
 * KubeExecPlugin:
 *
 * A program that a kubeconfig names to get a credential (client-go credential plugins). It runs
 * only after the user has agreed to its command line.
 */
struct _KubeExecPlugin {
  GObject parent_instance;

  KubeContext *context;
  gboolean approved;
};

G_DEFINE_FINAL_TYPE (KubeExecPlugin, kube_exec_plugin, G_TYPE_OBJECT)

static const char *
get_command (KubeExecPlugin *self)
{
  return self->context->exec->argv[0];
}

/* KUBERNETES_EXEC_INFO: what the plugin is told. */
static char *
dup_exec_info (const KubeExecConfig *config)
{
  g_autoptr (JsonNode) node = json_node_alloc ();
  g_autoptr (JsonObject) object = json_object_new ();
  JsonObject *spec = json_object_new ();

  json_object_set_string_member (object, "kind", "ExecCredential");
  json_object_set_string_member (object, "apiVersion", config->api_version);
  json_object_set_boolean_member (spec, "interactive", FALSE);
  if (config->cluster != NULL)
    json_object_set_member (spec, "cluster", base_json_copy (config->cluster));
  json_object_set_object_member (object, "spec", spec);
  json_node_init_object (node, object);
  return base_json_write (node, FALSE);
}

static GStrv
dup_environment (const KubeExecConfig *config)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *info = dup_exec_info (config);
  g_autofree char *variable = g_strconcat ("KUBERNETES_EXEC_INFO=", info, NULL);

  g_strv_builder_addv (builder, (const char **)config->environment);
  g_strv_builder_add (builder, variable);
  return g_strv_builder_end (builder);
}

/* The plugin's last words may quote what it was given. */
static char *
dup_reason (GBytes *errors)
{
  g_autoptr (BaseRedactor) redactor = base_redactor_new ();
  gsize length;
  const char *data = g_bytes_get_data (errors, &length);
  g_autofree char *valid = g_utf8_make_valid (data != NULL ? data : "", (gssize)length);
  g_autofree char *start =
    g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), MAX_REASON_CHARS));

  g_strdelimit (g_strstrip (start), "\n\r\t\033\a\b", ' ');
  return base_redactor_redact (redactor, start);
}

static GError *
new_run_error (KubeExecPlugin *self, const char *reason)
{
  const char *hint = self->context->exec->install_hint;

  if (hint != NULL)
    return g_error_new (KUBE_ERROR, KUBE_ERROR_UNAUTHORIZED,
                        /* Translators: a command, why it could not be run, and the kubeconfig's own
                         * advice on how to install it */
                        _ ("The exec plugin %s could not be run: %s. %s"), get_command (self),
                        reason, hint);
  return g_error_new (KUBE_ERROR, KUBE_ERROR_UNAUTHORIZED,
                      _ ("The exec plugin %s could not be run: %s. Is it installed?"),
                      get_command (self), reason);
}

static GError *
new_answer_error (KubeExecPlugin *self)
{
  return g_error_new (KUBE_ERROR, KUBE_ERROR_UNAUTHORIZED,
                      _ ("The exec plugin %s gave no usable credential. Run it in a terminal to "
                         "see why."),
                      get_command (self));
}

static gint64
parse_expiry (JsonNode *status)
{
  const char *text = base_json_get_string (status, "expirationTimestamp", NULL);
  g_autoptr (GDateTime) time = text != NULL ? g_date_time_new_from_iso8601 (text, NULL) : NULL;

  return time != NULL ? g_date_time_to_unix (time) : 0;
}

static GBytes *
dup_member_bytes (JsonNode *status, const char *name)
{
  const char *text = base_json_get_string (status, name, NULL);

  return text != NULL ? g_bytes_new (text, strlen (text)) : NULL;
}

static KubeExecCredential *
parse_credential (KubeExecPlugin *self, GBytes *output, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (output, &length);
  g_autoptr (JsonNode) node = length > 0 ? base_json_parse (data, (gssize)length, NULL) : NULL;
  JsonNode *status = base_json_get (node, "status", NULL);
  g_autoptr (KubeExecCredential) credential = g_new0 (KubeExecCredential, 1);

  if (g_strcmp0 (base_json_get_string (node, "kind", NULL), "ExecCredential") == 0 &&
      g_strcmp0 (base_json_get_string (node, "apiVersion", NULL),
                 self->context->exec->api_version) == 0) {
    credential->token = g_strdup (base_json_get_string (status, "token", NULL));
    credential->certificate = dup_member_bytes (status, "clientCertificateData");
    credential->key = dup_member_bytes (status, "clientKeyData");
    credential->expires_at = parse_expiry (status);
  }
  if ((credential->certificate == NULL) != (credential->key == NULL) ||
      (credential->certificate == NULL && credential->token == NULL)) {
    g_propagate_error (error, new_answer_error (self));
    return NULL;
  }
  return g_steal_pointer (&credential);
}

static void
ran_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KubeExecPlugin *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (BaseCommandResult) answer =
    kube_runner_run_finish (KUBE_RUNNER (object), result, &error);
  g_autofree char *reason = NULL;
  KubeExecCredential *credential;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_task_return_error (task, g_steal_pointer (&error));
    return;
  }
  if (answer == NULL) {
    g_task_return_error (task, new_run_error (self, error->message));
    return;
  }
  if (answer->exit_status != 0) {
    reason = dup_reason (answer->errors);
    g_task_return_new_error (task, KUBE_ERROR, KUBE_ERROR_UNAUTHORIZED,
                             /* Translators: a command, and what it wrote */
                             _ ("The exec plugin %s failed: %s"), get_command (self), reason);
    return;
  }

  credential = parse_credential (self, answer->output, &error);
  if (credential != NULL)
    g_task_return_pointer (task, credential, (GDestroyNotify)kube_exec_credential_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
kube_exec_plugin_dispose (GObject *object)
{
  g_clear_object (&KUBE_EXEC_PLUGIN (object)->context);

  G_OBJECT_CLASS (kube_exec_plugin_parent_class)->dispose (object);
}

static void
kube_exec_plugin_class_init (KubeExecPluginClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kube_exec_plugin_dispose;
}

static void
kube_exec_plugin_init (KubeExecPlugin *self)
{
}

/**
 * kube_exec_credential_free:
 * @self: (transfer full): what to free
 */
void
kube_exec_credential_free (KubeExecCredential *self)
{
  g_free (self->token);
  g_clear_pointer (&self->certificate, g_bytes_unref);
  g_clear_pointer (&self->key, g_bytes_unref);
  g_free (self);
}

/**
 * kube_exec_plugin_new:
 * @context: a context that has an exec plugin
 *
 * Returns: (transfer full): the plugin, not approved
 */
KubeExecPlugin *
kube_exec_plugin_new (KubeContext *context)
{
  KubeExecPlugin *self;

  g_return_val_if_fail (KUBE_IS_CONTEXT (context) && context->exec != NULL, NULL);

  self = g_object_new (KUBE_TYPE_EXEC_PLUGIN, NULL);
  self->context = g_object_ref (context);
  return self;
}

/**
 * kube_exec_plugin_approve:
 * @self: a plugin
 *
 * Says that the user has agreed to the command line of the context's kube_context_get_exec_argv().
 */
void
kube_exec_plugin_approve (KubeExecPlugin *self)
{
  self->approved = TRUE;
}

/**
 * kube_exec_plugin_fetch_async:
 * @self: a plugin
 * @runner: where to run it
 * @cancellable: (nullable): a cancellable
 * @callback: called when it has ended
 * @user_data: data for @callback
 */
void
kube_exec_plugin_fetch_async (KubeExecPlugin *self,
                              KubeRunner *runner,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const KubeExecConfig *config = self->context->exec;
  g_auto (GStrv) environment = NULL;

  g_task_set_source_tag (task, kube_exec_plugin_fetch_async);
  if (!self->approved) {
    g_task_return_new_error (task, KUBE_ERROR, KUBE_ERROR_EXEC_NOT_APPROVED,
                             _ ("The kubeconfig wants to run %s to sign in. Agree to it first."),
                             get_command (self));
    return;
  }
  if (config->needs_terminal) {
    g_task_return_new_error (task, KUBE_ERROR, KUBE_ERROR_UNAUTHORIZED,
                             _ ("The exec plugin %s asks questions in a terminal, which is not "
                                "possible here. Use a kubeconfig with a token."),
                             get_command (self));
    return;
  }
  environment = dup_environment (config);
  kube_runner_run_async (runner, (const char *const *)config->argv,
                         (const char *const *)environment, cancellable, ran_cb,
                         g_steal_pointer (&task));
}

/**
 * kube_exec_plugin_fetch_finish:
 * @self: a plugin
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the credential; %NULL with %KUBE_ERROR_EXEC_NOT_APPROVED, or
 *   %KUBE_ERROR_UNAUTHORIZED where the plugin gave none
 */
KubeExecCredential *
kube_exec_plugin_fetch_finish (KubeExecPlugin *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
