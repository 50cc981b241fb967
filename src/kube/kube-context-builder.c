/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-context-builder.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-json.h"
#include "kube-context-private.h"
#include "kube-error.h"

#define MAX_GROUPS 256

/* Members that name a file. */
static const char *const cluster_files[] = { "certificate-authority", NULL };
static const char *const user_files[] = { "client-certificate", "client-key", "tokenFile", NULL };

static gboolean config_error (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
config_error (GError **error, const char *format, ...)
{
  va_list args;
  g_autofree char *message = NULL;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_CONFIG, message);
  return FALSE;
}

/* As the YAML reader of kubectl has it, which follows YAML 1.1. */
static gboolean
is_true (const char *text)
{
  static const char *const words[] = { "true", "yes", "on", "y", NULL };

  for (gsize i = 0; text != NULL && words[i] != NULL; i++) {
    if (g_ascii_strcasecmp (text, words[i]) == 0)
      return TRUE;
  }
  return FALSE;
}

/**
 * kube_config_entry_get:
 * @entry: (nullable): an entry of a kubeconfig that was read with all scalars as strings
 * @key: the name of a member
 *
 * Returns: (nullable): its text, %NULL where it is missing, empty or YAML's null
 */
const char *
kube_config_entry_get (const KubeConfigEntry *entry, const char *key)
{
  const char *text = entry != NULL ? base_json_get_string (entry->value, key, NULL) : NULL;

  if (text == NULL || *text == '\0' || g_str_equal (text, "null") || g_str_equal (text, "~"))
    return NULL;
  return text;
}

static char *
dup_path (const KubeConfigEntry *entry, const char *key)
{
  const char *path = kube_config_entry_get (entry, key);

  return path != NULL ? g_canonicalize_filename (path, entry->directory) : NULL;
}

static void
collect_files (const KubeConfigEntry *entry, const char *const *keys, GStrvBuilder *builder)
{
  for (gsize i = 0; keys[i] != NULL; i++) {
    g_autofree char *path = dup_path (entry, keys[i]);

    if (path != NULL)
      g_strv_builder_add (builder, path);
  }
}

/**
 * kube_context_parts_dup_files:
 * @parts: what a context is made of
 *
 * Returns: (transfer full): the absolute paths of the files that it names
 */
GStrv
kube_context_parts_dup_files (const KubeContextParts *parts)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  collect_files (parts->cluster, cluster_files, builder);
  collect_files (parts->user, user_files, builder);
  return g_strv_builder_end (builder);
}

static GBytes *
decode_base64 (const char *text)
{
  gsize length;
  guchar *data;

  for (const char *at = text; *at != '\0'; at++) {
    if (!g_ascii_isalnum (*at) && strchr ("+/= \n\r\t", *at) == NULL)
      return NULL;
  }
  data = g_base64_decode (text, &length);
  return g_bytes_new_take (data, length);
}

/* The text of @key-data, or of the file that @key names, which must be there in any case. */
static gboolean
read_material (const KubeContextParts *parts,
               const KubeConfigEntry *entry,
               const char *key,
               GBytes **material,
               GError **error)
{
  g_autofree char *path = dup_path (entry, key);
  g_autofree char *data_key = g_strconcat (key, "-data", NULL);
  const char *data = kube_config_entry_get (entry, data_key);

  if (path != NULL) {
    GBytes *contents = g_hash_table_lookup (parts->files, path);

    if (contents == NULL)
      return config_error (error,
                           _ ("The file %s, which the kubeconfig names, cannot be read. Put it "
                              "there, or mend the kubeconfig."),
                           path);
    if (data == NULL)
      *material = g_bytes_ref (contents);
  }
  if (data != NULL) {
    *material = decode_base64 (data);
    if (*material == NULL)
      /* Translators: %s is the name of a field of the kubeconfig */
      return config_error (error,
                           _ ("%s in the kubeconfig is not base64 text. Mend it, or get a "
                              "fresh kubeconfig from who runs the cluster."),
                           data_key);
  }
  return TRUE;
}

static char *
dup_url (const char *server, gboolean tls_is_set_up, GError **error)
{
  g_autofree char *url = NULL;
  gsize length;

  if (strstr (server, "://") != NULL) {
    url = g_strdup (server);
  } else if (strchr (server, '/') == NULL) {
    url = g_strconcat (tls_is_set_up ? "https://" : "http://", server, NULL);
  } else {
    config_error (error, _ ("The kubeconfig's server must be a URL or HOST:PORT. Mend it."));
    return NULL;
  }

  length = strlen (url);
  while (length > 0 && url[length - 1] == '/')
    url[--length] = '\0';
  return g_steal_pointer (&url);
}

static gboolean
read_server (KubeContext *self, const KubeContextParts *parts, GError **error)
{
  const char *server = kube_config_entry_get (parts->cluster, "server");
  gboolean tls_is_set_up = self->ca != NULL || self->client_certificate != NULL || self->insecure;
  g_autoptr (GUri) uri = NULL;
  const char *scheme;
  int port;

  if (server == NULL)
    return config_error (error,
                         _ ("The kubeconfig names no server for the context “%s”. Add it, or "
                            "choose another context."),
                         self->name);
  self->server = dup_url (server, tls_is_set_up, error);
  if (self->server == NULL)
    return FALSE;

  uri = g_uri_parse (self->server, G_URI_FLAGS_NONE, NULL);
  scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0' ||
      g_uri_get_userinfo (uri) != NULL || g_uri_get_query (uri) != NULL ||
      g_uri_get_fragment (uri) != NULL ||
      (!g_str_equal (scheme, "https") && !g_str_equal (scheme, "http")))
    return config_error (error, _ ("The kubeconfig's server is not a URL such as "
                                   "https://192.0.2.1:6443. Mend it."));

  self->secure = g_str_equal (scheme, "https");
  self->host = g_strdup (g_uri_get_host (uri));
  port = g_uri_get_port (uri);
  self->port = (guint16)(port > 0 ? port : (self->secure ? 443 : 80));
  return TRUE;
}

static gboolean
read_proxy (KubeContext *self, const KubeContextParts *parts, GError **error)
{
  const char *proxy = kube_config_entry_get (parts->cluster, "proxy-url");
  g_autoptr (GUri) uri = NULL;
  const char *scheme;

  if (proxy == NULL)
    return TRUE;
  uri = g_uri_parse (proxy, G_URI_FLAGS_HAS_PASSWORD, NULL);
  scheme = uri != NULL ? g_uri_get_scheme (uri) : "";
  if (uri != NULL && g_str_equal (scheme, "socks5h"))
    self->proxy_url = g_strconcat ("socks5", proxy + strlen ("socks5h"), NULL);
  else if (uri != NULL && (g_str_equal (scheme, "http") || g_str_equal (scheme, "socks5")))
    self->proxy_url = g_strdup (proxy);
  else
    return config_error (error, _ ("The kubeconfig's proxy-url is not a URL of an http or socks5 "
                                   "proxy. Others are not supported: change it, or remove it."));
  return TRUE;
}

static gboolean
read_cluster (KubeContext *self, const KubeContextParts *parts, GError **error)
{
  if (!read_material (parts, parts->cluster, "certificate-authority", &self->ca, error))
    return FALSE;
  self->insecure = is_true (kube_config_entry_get (parts->cluster, "insecure-skip-tls-verify"));
  if (self->insecure && self->ca != NULL)
    return config_error (error, _ ("The kubeconfig names a certificate authority and says "
                                   "insecure-skip-tls-verify too. Remove one of them."));
  self->tls_server_name = g_strdup (kube_config_entry_get (parts->cluster, "tls-server-name"));
  return TRUE;
}

static gboolean
read_client_certificate (KubeContext *self, const KubeContextParts *parts, GError **error)
{
  if (!read_material (parts, parts->user, "client-certificate", &self->client_certificate, error) ||
      !read_material (parts, parts->user, "client-key", &self->client_key, error))
    return FALSE;
  if ((self->client_certificate == NULL) != (self->client_key == NULL))
    return config_error (error, _ ("The kubeconfig has a client certificate without its key, or a "
                                   "key without its certificate. Add what is missing."));
  return TRUE;
}

/* tokenFile beats token (as client-go's BearerTokenFile does). */
static gboolean
read_token (KubeContext *self, const KubeContextParts *parts, GError **error)
{
  GBytes *contents;

  self->token = g_strdup (kube_config_entry_get (parts->user, "token"));
  self->token_file = dup_path (parts->user, "tokenFile");
  if (self->token_file == NULL)
    return TRUE;

  contents = g_hash_table_lookup (parts->files, self->token_file);
  if (contents == NULL)
    return config_error (error,
                         _ ("The file %s, which the kubeconfig names, cannot be read. Put it "
                            "there, or mend the kubeconfig."),
                         self->token_file);
  g_free (self->token);
  self->token = g_strndup (g_bytes_get_data (contents, NULL), g_bytes_get_size (contents));
  g_strstrip (self->token);
  return TRUE;
}

/* Of the old built-in providers only oidc is left in kubectl, and its token may do for a while. */
static gboolean
read_auth_provider (KubeContext *self, const KubeContextParts *parts, GError **error)
{
  JsonNode *provider = base_json_get (parts->user->value, "auth-provider", NULL);
  const char *name = base_json_get_string (provider, "name", NULL);

  if (name == NULL || self->token != NULL)
    return TRUE;
  if (!g_str_equal (name, "oidc"))
    return config_error (
      error,
      /* Translators: %s is the name of an authentication provider such as gcp */
      _ ("kubectl no longer has the authentication provider %s. Let your cloud's tool write a "
         "kubeconfig with an exec plugin."),
      name);
  self->token = g_strdup (base_json_get_string (provider, "config", "id-token", NULL));
  return TRUE;
}

static void
set_member (JsonObject *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
}

static JsonNode *
find_exec_extension (JsonNode *cluster)
{
  JsonArray *extensions = base_json_get_array (cluster, "extensions", NULL);

  for (guint i = 0; i < base_json_get_length (extensions); i++) {
    JsonNode *item = json_array_get_element (extensions, i);

    if (g_strcmp0 (base_json_get_string (item, "name", NULL),
                   "client.authentication.k8s.io/exec") == 0)
      return base_json_get (item, "extension", NULL);
  }
  return NULL;
}

/* The member spec.cluster of the ExecCredential that a plugin gets where it asks for it. */
static JsonNode *
new_exec_cluster (KubeContext *self, const KubeContextParts *parts)
{
  g_autoptr (JsonObject) object = json_object_new ();
  JsonNode *config = find_exec_extension (parts->cluster->value);

  set_member (object, "server", self->server);
  set_member (object, "tls-server-name", self->tls_server_name);
  set_member (object, "proxy-url", kube_config_entry_get (parts->cluster, "proxy-url"));
  if (self->insecure)
    json_object_set_boolean_member (object, "insecure-skip-tls-verify", TRUE);
  if (self->ca != NULL) {
    g_autofree char *data =
      g_base64_encode (g_bytes_get_data (self->ca, NULL), g_bytes_get_size (self->ca));

    json_object_set_string_member (object, "certificate-authority-data", data);
  }
  if (config != NULL)
    json_object_set_member (object, "config", base_json_copy (config));
  return json_node_init_object (json_node_alloc (), object);
}

static gboolean
read_exec (KubeContext *self, const KubeContextParts *parts, GError **error)
{
  JsonNode *exec = base_json_get (parts->user->value, "exec", NULL);

  /* a token at hand beats one to be fetched */
  if (exec == NULL || !JSON_NODE_HOLDS_OBJECT (exec) || self->token != NULL)
    return TRUE;
  self->exec = kube_exec_config_new (exec, parts->user->directory, error);
  if (self->exec == NULL)
    return FALSE;
  if (is_true (base_json_get_string (exec, "provideClusterInfo", NULL)))
    self->exec->cluster = new_exec_cluster (self, parts);
  return TRUE;
}

static GStrv
dup_groups (JsonNode *user)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *groups = base_json_get_array (user, "as-groups", NULL);
  guint length = base_json_get_length (groups);

  for (guint i = 0; i < MIN (length, MAX_GROUPS); i++) {
    const char *group = base_json_get_string (json_array_get_element (groups, i), NULL);

    if (group != NULL)
      g_strv_builder_add (builder, group);
  }
  return g_strv_builder_end (builder);
}

static GStrv
dup_extra (JsonNode *user)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonObject *extra = base_json_get_object (user, "as-user-extra", NULL);
  JsonObjectIter iter;
  const char *key;
  JsonNode *values;

  if (extra == NULL)
    return g_strv_builder_end (builder);
  json_object_iter_init_ordered (&iter, extra);
  while (json_object_iter_next_ordered (&iter, &key, &values)) {
    JsonArray *array = base_json_get_array (values, NULL);
    guint length = base_json_get_length (array);

    for (guint i = 0; i < MIN (length, MAX_GROUPS); i++) {
      const char *value = base_json_get_string (json_array_get_element (array, i), NULL);

      if (value != NULL) {
        g_strv_builder_add (builder, key);
        g_strv_builder_add (builder, value);
      }
    }
  }
  return g_strv_builder_end (builder);
}

static gboolean
read_impersonation (KubeContext *self, const KubeContextParts *parts, GError **error)
{
  self->impersonate_user = g_strdup (kube_config_entry_get (parts->user, "as"));
  self->impersonate_uid = g_strdup (kube_config_entry_get (parts->user, "as-uid"));
  self->impersonate_groups = dup_groups (parts->user->value);
  self->impersonate_extra = dup_extra (parts->user->value);

  if (self->impersonate_user == NULL &&
      (self->impersonate_uid != NULL || *self->impersonate_groups != NULL ||
       *self->impersonate_extra != NULL))
    return config_error (error, _ ("The kubeconfig says as which group to act, and not as whom. "
                                   "Add “as”, or remove the others."));
  return TRUE;
}

static gboolean
read_user (KubeContext *self, const KubeContextParts *parts, GError **error)
{
  if (parts->user == NULL)
    return TRUE;

  self->username = g_strdup (kube_config_entry_get (parts->user, "username"));
  self->password = g_strdup (kube_config_entry_get (parts->user, "password"));
  if (!read_token (self, parts, error))
    return FALSE;
  if (self->username != NULL && self->token != NULL)
    return config_error (error, _ ("The kubeconfig has a user name and a token for the same user. "
                                   "Remove one of them."));
  return read_auth_provider (self, parts, error) && read_exec (self, parts, error) &&
         read_impersonation (self, parts, error);
}

/**
 * kube_context_parts_build:
 * @parts: what the context is made of
 * @error: return location for an error
 *
 * Reads it as kubectl does (client-go's clientcmd package).
 *
 * Returns: (transfer full) (nullable): the context, %NULL with a %KUBE_ERROR_CONFIG
 */
KubeContext *
kube_context_parts_build (const KubeContextParts *parts, GError **error)
{
  g_autoptr (KubeContext) self = g_object_new (KUBE_TYPE_CONTEXT, NULL);
  const char *namespace_ = kube_config_entry_get (parts->context, "namespace");

  self->name = g_strdup (parts->name);
  self->namespace_ = g_strdup (namespace_ != NULL ? namespace_ : "default");
  self->local = parts->local;

  if (!read_cluster (self, parts, error) || !read_proxy (self, parts, error) ||
      !read_client_certificate (self, parts, error) || !read_server (self, parts, error) ||
      !read_user (self, parts, error))
    return NULL;
  return g_steal_pointer (&self);
}
