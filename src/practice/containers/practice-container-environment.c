/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-container-environment.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-field-reference.h"
#include "practice-pod-target.h"
#include "practice-volume-files.h"

#define CONFIG_MAPS "/configmaps"
#define SECRETS "/secrets"
#define SERVICES "/services"
#define IMAGE_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

typedef struct {
  PracticeStore *store;
  JsonNode *pod;
  const char *namespace_;
  GStrv environment;
} Builder;

static void
set (Builder *self, const char *name, const char *value)
{
  if (*name != '\0' && strchr (name, '=') == NULL)
    self->environment = g_environ_setenv (self->environment, name, value, TRUE);
}

/**
 * practice_container_environment_expand:
 * @environment: variables
 * @text: text of a container's spec
 *
 * Replaces references as a kubelet does
 * (https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/):
 * "$$" stands for "$", and what is not known stays as it is.
 *
 * Returns: (transfer full): the text
 */
char *
practice_container_environment_expand (GStrv environment, const char *text)
{
  GString *result = g_string_new (NULL);

  while (*text != '\0') {
    const char *end = g_str_has_prefix (text, "$(") ? strchr (text, ')') : NULL;

    if (g_str_has_prefix (text, "$$")) {
      g_string_append_c (result, '$');
      text += 2;
    } else if (end != NULL) {
      g_autofree char *name = g_strndup (text + 2, end - text - 2);
      const char *value = g_environ_getenv (environment, name);

      if (value != NULL)
        g_string_append (result, value);
      else
        g_string_append_len (result, text, end - text + 1);
      text = end + 1;
    } else {
      g_string_append_c (result, *text++);
    }
  }
  return g_string_free (result, FALSE);
}

/* "my-redis" is MY_REDIS. */
static char *
dup_variable (const char *name)
{
  char *variable = g_ascii_strup (name, -1);

  return g_strdelimit (variable, "-.", '_');
}

static void
add_port (Builder *self, const char *prefix, const char *address, JsonNode *port, gboolean is_first)
{
  gint64 number = base_json_get_int (port, 0, "port", NULL);
  const char *protocol = base_json_get_string (port, "protocol", NULL);
  const char *name = base_json_get_string (port, "name", NULL);
  g_autofree char *upper = g_ascii_strup (protocol != NULL ? protocol : "TCP", -1);
  g_autofree char *lower = g_ascii_strdown (upper, -1);
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, number);
  g_autofree char *url = g_strdup_printf ("%s://%s:%s", lower, address, text);
  g_autofree char *link = g_strdup_printf ("%s_PORT_%s_%s", prefix, text, upper);
  g_autofree char *service_port = g_strconcat (prefix, "_SERVICE_PORT", NULL);
  g_autofree char *all = g_strconcat (prefix, "_PORT", NULL);
  const struct {
    const char *suffix;
    const char *value;
  } parts[] = { { "", url }, { "_PROTO", lower }, { "_PORT", text }, { "_ADDR", address } };

  if (is_first) {
    set (self, service_port, text);
    set (self, all, url);
  }
  if (name != NULL && *name != '\0') {
    g_autofree char *variable = dup_variable (name);
    g_autofree char *named = g_strconcat (service_port, "_", variable, NULL);

    set (self, named, text);
  }
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++) {
    g_autofree char *variable = g_strconcat (link, parts[i].suffix, NULL);

    set (self, variable, parts[i].value);
  }
}

static void
add_service (Builder *self, JsonNode *service)
{
  const char *address = base_json_get_string (service, "spec", "clusterIP", NULL);
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  g_autofree char *prefix = NULL;
  g_autofree char *host = NULL;

  if (address == NULL || *address == '\0' || g_str_equal (address, "None"))
    return;
  prefix = dup_variable (base_metadata_get_name (service));
  host = g_strconcat (prefix, "_SERVICE_HOST", NULL);
  set (self, host, address);
  for (guint i = 0; i < base_json_get_length (ports); i++)
    add_port (self, prefix, address, json_array_get_element (ports, i), i == 0);
}

static void
add_services (Builder *self)
{
  g_autoptr (GPtrArray) services = NULL;
  JsonNode *api = practice_store_get (self->store, SERVICES, "default", "kubernetes");

  if (api != NULL)
    add_service (self, api);
  if (!base_json_get_boolean (self->pod, TRUE, "spec", "enableServiceLinks", NULL))
    return;
  services = practice_store_list (self->store, SERVICES, self->namespace_);
  for (guint i = 0; i < services->len; i++)
    add_service (self, services->pdata[i]);
}

/* NULL without @error: it is optional. */
static JsonNode *
find_object (Builder *self, const char *resource, JsonNode *reference, GError **error)
{
  const char *name = base_json_get_string (reference, "name", NULL);
  JsonNode *object =
    name != NULL ? practice_store_get (self->store, resource, self->namespace_, name) : NULL;

  if (object == NULL && !base_json_get_boolean (reference, FALSE, "optional", NULL))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s \"%s\" not found",
                 g_str_equal (resource, SECRETS) ? "secret" : "configmap",
                 name != NULL ? name : "");
  return object;
}

static char *
dup_text (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return g_strndup (data, size);
}

static gboolean
add_all_of (
  Builder *self, const char *resource, JsonNode *reference, const char *prefix, GError **error)
{
  g_autoptr (GError) missing = NULL;
  JsonNode *object = find_object (self, resource, reference, &missing);
  JsonObject *data = base_json_get_object (object, "data", NULL);
  g_autoptr (GList) keys = data != NULL ? json_object_get_members (data) : NULL;

  if (missing != NULL) {
    g_propagate_error (error, g_steal_pointer (&missing));
    return FALSE;
  }
  for (GList *key = keys; key != NULL; key = key->next) {
    g_autoptr (GBytes) bytes = practice_volume_files_dup_value (object, key->data);
    g_autofree char *name = g_strconcat (prefix != NULL ? prefix : "", key->data, NULL);
    g_autofree char *value = bytes != NULL ? dup_text (bytes) : NULL;

    if (value != NULL)
      set (self, name, value);
  }
  return TRUE;
}

static gboolean
add_sources (Builder *self, JsonArray *sources, GError **error)
{
  for (guint i = 0; i < base_json_get_length (sources); i++) {
    JsonNode *source = json_array_get_element (sources, i);
    const char *prefix = base_json_get_string (source, "prefix", NULL);
    JsonNode *config = base_json_get (source, "configMapRef", NULL);
    JsonNode *secret = base_json_get (source, "secretRef", NULL);

    if ((config != NULL && !add_all_of (self, CONFIG_MAPS, config, prefix, error)) ||
        (secret != NULL && !add_all_of (self, SECRETS, secret, prefix, error)))
      return FALSE;
  }
  return TRUE;
}

/* (nullable): NULL without @error: there is none, and none is needed. */
static char *
dup_key (Builder *self, const char *resource, JsonNode *reference, GError **error)
{
  const char *key = base_json_get_string (reference, "key", NULL);
  JsonNode *object = find_object (self, resource, reference, error);
  g_autoptr (GBytes) bytes =
    object != NULL && key != NULL ? practice_volume_files_dup_value (object, key) : NULL;

  if (bytes != NULL)
    return dup_text (bytes);
  if (object != NULL && !base_json_get_boolean (reference, FALSE, "optional", NULL))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "couldn't find key %s in %s %s/%s", key,
                 g_str_equal (resource, SECRETS) ? "Secret" : "ConfigMap", self->namespace_,
                 base_json_get_string (reference, "name", NULL));
  return NULL;
}

/* (nullable): likewise */
static char *
dup_referred (Builder *self, JsonNode *from, GError **error)
{
  JsonNode *config = base_json_get (from, "configMapKeyRef", NULL);
  JsonNode *secret = base_json_get (from, "secretKeyRef", NULL);

  if (config != NULL)
    return dup_key (self, CONFIG_MAPS, config, error);
  if (secret != NULL)
    return dup_key (self, SECRETS, secret, error);
  return practice_field_reference_dup_value (
    self->pod, base_json_get_string (from, "fieldRef", "fieldPath", NULL));
}

static gboolean
add_variables (Builder *self, JsonArray *variables, GError **error)
{
  for (guint i = 0; i < base_json_get_length (variables); i++) {
    JsonNode *variable = json_array_get_element (variables, i);
    const char *name = base_json_get_string (variable, "name", NULL);
    const char *text = base_json_get_string (variable, "value", NULL);
    JsonNode *from = base_json_get (variable, "valueFrom", NULL);
    g_autoptr (GError) missing = NULL;
    g_autofree char *value =
      from != NULL
        ? dup_referred (self, from, &missing)
        : practice_container_environment_expand (self->environment, text != NULL ? text : "");

    if (missing != NULL) {
      g_propagate_error (error, g_steal_pointer (&missing));
      return FALSE;
    }
    if (name != NULL && value != NULL)
      set (self, name, value);
  }
  return TRUE;
}

/**
 * practice_container_environment_new:
 * @store: the cluster's objects
 * @pod: a Pod
 * @container: name of one of its containers
 * @error: return location
 *
 * Builds the environment of a container as a kubelet does
 * (https://kubernetes.io/docs/concepts/containers/container-environment/,
 * https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables).
 *
 * Returns: (transfer full) (nullable): the environment; %NULL with %G_IO_ERROR_NOT_FOUND
 */
GStrv
practice_container_environment_new (PracticeStore *store,
                                    JsonNode *pod,
                                    const char *container,
                                    GError **error)
{
  JsonNode *spec = practice_pod_target_get_spec (pod, container);
  Builder builder = { store, pod, base_metadata_get_namespace (pod), g_new0 (char *, 1) };

  set (&builder, "PATH", IMAGE_PATH);
  set (&builder, "HOSTNAME", base_metadata_get_name (pod));
  if (base_json_get_boolean (spec, FALSE, "tty", NULL))
    set (&builder, "TERM", "xterm");
  add_services (&builder);
  if (!add_sources (&builder, base_json_get_array (spec, "envFrom", NULL), error) ||
      !add_variables (&builder, base_json_get_array (spec, "env", NULL), error)) {
    g_strfreev (builder.environment);
    return NULL;
  }
  if (g_environ_getenv (builder.environment, "HOME") == NULL)
    set (&builder, "HOME", "/root");
  return builder.environment;
}
