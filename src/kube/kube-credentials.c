/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-credentials.h"

#include "base-redactor.h"
#include "kube-context-private.h"
#include "kube-exec-plugin.h"
#include "kube-trust.h"
#include "kube-waiters.h"
#include "kube-weak.h"

#define TOKEN_FILE_SECONDS 60
/* a credential that ends while a request is on its way is of no use */
#define EXPIRY_MARGIN_SECONDS 10

/**
 * KubeCredentials:
 *
 * Token, basic or client certificate of a context, from the kubeconfig, a file or an exec plugin.
 * A set that was read has a generation, so that many requests that are refused at once make for
 * one new reading.
 */
struct _KubeCredentials {
  GObject parent_instance;

  KubeContext *context;
  KubeExecPlugin *plugin; /* (nullable) */
  KubeRunner *runner;     /* (nullable): at the place of the kubeconfig; NULL: here */
  BaseRedactor *redactor;

  char *token;                  /* (nullable) */
  GTlsCertificate *certificate; /* (nullable) */
  gint64 expires_at;            /* Unix seconds, 0: never */
  gint64 token_file_read_at;    /* monotonic */

  guint generation;
  gboolean stale; /* to be read before the next request */
  KubeWaiters waiters;
  GCancellable *reading; /* ends what is under way when nobody is left */
};

G_DEFINE_FINAL_TYPE (KubeCredentials, kube_credentials, G_TYPE_OBJECT)

static void
set_token (KubeCredentials *self, const char *token)
{
  g_free (self->token);
  self->token = g_strdup (token);
  if (token != NULL && *token != '\0')
    base_redactor_add_secret (self->redactor, token);
}

/* The pair too: it is what goes over the line, in base64. */
static void
add_basic_secrets (KubeCredentials *self)
{
  g_autofree char *pair = NULL;

  if (self->context->username == NULL || self->context->password == NULL)
    return;
  pair = g_strconcat (self->context->username, ":", self->context->password, NULL);
  base_redactor_add_secret (self->redactor, pair);
  base_redactor_add_secret (self->redactor, self->context->password);
}

/* A certificate read again is mostly the same one, and its connections can stay. */
static void
set_certificate (KubeCredentials *self, GTlsCertificate *certificate)
{
  if (self->certificate == NULL || !g_tls_certificate_is_same (self->certificate, certificate))
    g_set_object (&self->certificate, certificate);
}

static void
finish_reading (KubeCredentials *self, const GError *error)
{
  if (error == NULL) {
    self->stale = FALSE;
    self->generation++;
  }
  kube_waiters_return (&self->waiters, error);
}

static void
take_exec_credential (KubeCredentials *self, KubeExecCredential *credential, GError **error)
{
  g_autoptr (GTlsCertificate) certificate = NULL;

  if (credential->certificate != NULL) {
    certificate = kube_trust_new_certificate (credential->certificate, credential->key, error);
    if (certificate == NULL)
      return;
    set_certificate (self, certificate);
  }
  set_token (self, credential->token);
  self->expires_at = credential->expires_at;
}

static void
plugin_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KubeCredentials) self = kube_weak_take (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (KubeExecCredential) credential =
    kube_exec_plugin_fetch_finish (KUBE_EXEC_PLUGIN (object), result, &error);

  if (self == NULL)
    return;
  if (credential != NULL)
    take_exec_credential (self, credential, &error);
  finish_reading (self, error);
}

/* A file that cannot be read for the moment leaves the token as it was, as client-go does. */
static void
take_token_file (KubeCredentials *self, const char *data, gsize length)
{
  g_autofree char *token = g_strndup (data != NULL ? data : "", length);

  self->token_file_read_at = g_get_monotonic_time ();
  if (*g_strstrip (token) != '\0')
    set_token (self, token);
  finish_reading (self, NULL);
}

static void
token_file_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KubeCredentials) self = kube_weak_take (user_data);
  g_autofree char *contents = NULL;
  gsize length = 0;

  g_file_load_contents_finish (G_FILE (object), result, &contents, &length, NULL, NULL);
  if (self != NULL)
    take_token_file (self, contents, length);
}

static void
remote_token_file_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KubeCredentials) self = kube_weak_take (user_data);
  g_autoptr (BaseCommandResult) answer =
    kube_runner_run_finish (KUBE_RUNNER (object), result, NULL);

  if (self == NULL)
    return;
  if (answer != NULL && answer->exit_status == 0)
    take_token_file (self, g_bytes_get_data (answer->output, NULL),
                     g_bytes_get_size (answer->output));
  else
    take_token_file (self, NULL, 0);
}

/* The path is the kubeconfig's: only where that is a file of this computer is it opened here, or
 * a foreign kubeconfig could have any file of ours sent to its server. */
static gboolean
can_read_token_file (KubeCredentials *self)
{
  return self->context->token_file != NULL && (self->context->local || self->runner != NULL);
}

static void
read_token_file (KubeCredentials *self)
{
  const char *path = self->context->token_file;

  if (self->runner != NULL) {
    const char *const argv[] = { "cat", "--", path, NULL };
    const char *const nothing[] = { NULL };

    kube_runner_run_async (self->runner, argv, nothing, self->reading, remote_token_file_cb,
                           kube_weak_new (self));
  } else {
    g_autoptr (GFile) file = g_file_new_for_path (path);

    g_file_load_contents_async (file, self->reading, token_file_cb, kube_weak_new (self));
  }
}

static void
start_reading (KubeCredentials *self)
{
  g_autoptr (KubeRunner) here = NULL;

  if (self->plugin == NULL) {
    read_token_file (self);
    return;
  }
  if (self->runner == NULL)
    here = kube_runner_new_here ();
  kube_exec_plugin_fetch_async (self->plugin, self->runner != NULL ? self->runner : here,
                                self->reading, plugin_cb, kube_weak_new (self));
}

static gboolean
needs_reading (KubeCredentials *self)
{
  if (!self->context->secure)
    return FALSE;
  if (self->stale)
    return TRUE;
  if (self->plugin != NULL)
    return self->expires_at != 0 &&
           g_get_real_time () / G_USEC_PER_SEC + EXPIRY_MARGIN_SECONDS >= self->expires_at;
  /* a token file far away is only read again when its token is refused */
  return self->context->token_file != NULL && self->context->local && self->runner == NULL &&
         g_get_monotonic_time () - self->token_file_read_at >= TOKEN_FILE_SECONDS * G_USEC_PER_SEC;
}

static void
apply_impersonation (KubeContext *context, SoupMessageHeaders *headers)
{
  if (context->impersonate_user == NULL)
    return;

  soup_message_headers_replace (headers, "Impersonate-User", context->impersonate_user);
  if (context->impersonate_uid != NULL)
    soup_message_headers_replace (headers, "Impersonate-Uid", context->impersonate_uid);
  for (gsize i = 0; context->impersonate_groups[i] != NULL; i++)
    soup_message_headers_append (headers, "Impersonate-Group", context->impersonate_groups[i]);
  for (gsize i = 0; context->impersonate_extra[i] != NULL; i += 2) {
    g_autofree char *key = g_uri_escape_string (context->impersonate_extra[i], NULL, FALSE);
    g_autofree char *name = g_strconcat ("Impersonate-Extra-", key, NULL);

    soup_message_headers_append (headers, name, context->impersonate_extra[i + 1]);
  }
}

static void
kube_credentials_dispose (GObject *object)
{
  KubeCredentials *self = KUBE_CREDENTIALS (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->context);
  g_clear_object (&self->plugin);
  g_clear_object (&self->runner);
  g_clear_object (&self->redactor);
  g_clear_object (&self->certificate);

  G_OBJECT_CLASS (kube_credentials_parent_class)->dispose (object);
}

static void
kube_credentials_finalize (GObject *object)
{
  g_free (KUBE_CREDENTIALS (object)->token);

  G_OBJECT_CLASS (kube_credentials_parent_class)->finalize (object);
}

static void
kube_credentials_class_init (KubeCredentialsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = kube_credentials_dispose;
  object_class->finalize = kube_credentials_finalize;
}

static void
kube_credentials_init (KubeCredentials *self)
{
  self->redactor = base_redactor_new ();
  self->reading = g_cancellable_new ();
}

/**
 * kube_credentials_new:
 * @context: a context
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): its credentials, %NULL with a %KUBE_ERROR_CONFIG where its
 *   client certificate cannot be read
 */
KubeCredentials *
kube_credentials_new (KubeContext *context, GError **error)
{
  g_autoptr (KubeCredentials) self = g_object_new (KUBE_TYPE_CREDENTIALS, NULL);

  self->context = g_object_ref (context);
  if (context->client_certificate != NULL) {
    self->certificate =
      kube_trust_new_certificate (context->client_certificate, context->client_key, error);
    if (self->certificate == NULL)
      return NULL;
  }
  if (context->exec != NULL) {
    self->plugin = kube_exec_plugin_new (context);
    self->stale = TRUE;
  }
  set_token (self, context->token);
  add_basic_secrets (self);
  self->token_file_read_at = g_get_monotonic_time ();
  return g_steal_pointer (&self);
}

/**
 * kube_credentials_approve_exec:
 * @self: credentials
 *
 * Says that the user has agreed to the exec plugin, if there is one.
 */
void
kube_credentials_approve_exec (KubeCredentials *self)
{
  if (self->plugin != NULL)
    kube_exec_plugin_approve (self->plugin);
}

/**
 * kube_credentials_set_runner:
 * @self: credentials
 * @runner: (nullable): the place that the kubeconfig came from, %NULL for this computer
 */
void
kube_credentials_set_runner (KubeCredentials *self, KubeRunner *runner)
{
  g_set_object (&self->runner, runner);
}

/**
 * kube_credentials_prepare_async:
 * @self: credentials
 * @cancellable: (nullable): a cancellable
 * @callback: called when they can be applied
 * @user_data: data for @callback
 *
 * Reads the token file or runs the plugin where that is due; one reading serves all who ask.
 */
void
kube_credentials_prepare_async (KubeCredentials *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, kube_credentials_prepare_async);
  if (!needs_reading (self))
    g_task_return_boolean (task, TRUE);
  else if (kube_waiters_add (&self->waiters, g_steal_pointer (&task)))
    start_reading (self);
}

/**
 * kube_credentials_prepare_finish:
 * @self: credentials
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: whether they can be applied; an error as kube_exec_plugin_fetch_finish() has it
 */
gboolean
kube_credentials_prepare_finish (KubeCredentials *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * kube_credentials_get_generation:
 * @self: credentials
 *
 * Returns: how often they were read
 */
guint
kube_credentials_get_generation (KubeCredentials *self)
{
  return self->generation;
}

/**
 * kube_credentials_renew:
 * @self: credentials
 * @generation: which ones the server has refused
 *
 * Has them read again before the next request, unless another refused request has done so.
 *
 * Returns: whether there is any hope in asking once more: what the kubeconfig itself holds stays
 *   as it is
 */
gboolean
kube_credentials_renew (KubeCredentials *self, guint generation)
{
  if (!self->context->secure || (self->plugin == NULL && !can_read_token_file (self)))
    return FALSE;
  if (generation == self->generation)
    self->stale = TRUE;
  return TRUE;
}

/**
 * kube_credentials_apply:
 * @self: credentials that were prepared
 * @headers: the headers of a request
 *
 * Adds who we are. As with kubectl, nothing of it goes over a connection without TLS.
 */
void
kube_credentials_apply (KubeCredentials *self, SoupMessageHeaders *headers)
{
  KubeContext *context = self->context;
  g_autofree char *value = NULL;

  if (!context->secure)
    return;
  if (self->token != NULL) {
    value = g_strconcat ("Bearer ", self->token, NULL);
  } else if (context->username != NULL) {
    g_autofree char *pair = g_strconcat (context->username, ":",
                                         context->password != NULL ? context->password : "", NULL);
    g_autofree char *encoded = g_base64_encode ((const guchar *)pair, strlen (pair));

    value = g_strconcat ("Basic ", encoded, NULL);
  }
  if (value != NULL)
    soup_message_headers_replace (headers, "Authorization", value);
  apply_impersonation (context, headers);
}

/**
 * kube_credentials_get_certificate:
 * @self: credentials that were prepared
 *
 * Returns: (transfer none) (nullable): the client certificate
 */
GTlsCertificate *
kube_credentials_get_certificate (KubeCredentials *self)
{
  return self->certificate;
}

/**
 * kube_credentials_redact:
 * @self: credentials
 * @error: what somebody may see
 *
 * Takes our secrets out of the message, where a server or proxy has quoted them.
 */
void
kube_credentials_redact (KubeCredentials *self, GError *error)
{
  char *message = base_redactor_redact (self->redactor, error->message);

  g_free (error->message);
  error->message = message;
}
