/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-launch.h"

#include <stdio.h>
#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-container-environment.h"

#define MAX_LINE 4096

static void
add_environment (GHashTable *environment, char **variables)
{
  for (char **variable = variables; variable != NULL && *variable != NULL; variable++) {
    const char *equals = strchr (*variable, '=');

    if (equals != NULL)
      g_hash_table_insert (environment, g_strndup (*variable, equals - *variable),
                           g_strdup (equals + 1));
  }
}

static char **
dup_arguments (JsonArray *array, char **environment)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < base_json_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);

    if (JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING) {
      g_autofree char *argument =
        practice_container_environment_expand (environment, json_node_get_string (element));

      g_strv_builder_add (builder, argument);
    }
  }

  return g_strv_builder_end (builder);
}

/**
 * practice_launch_new:
 * @images: what each image brings
 * @pod: a Pod with an address
 * @container: one of its containers
 * @environment: (nullable): what the container's spec makes of its variables
 * @outbound: (nullable): where the program's requests go
 * @logs: (nullable): where what it prints goes
 *
 * Returns: (transfer full): what the container's program is started with
 */
PracticeLaunch *
practice_launch_new (PracticeImageCatalog *images,
                     JsonNode *pod,
                     JsonNode *container,
                     char **environment,
                     PracticeHttpHandler *outbound,
                     PracticeContainerLogs *logs)
{
  PracticeLaunch *self = g_new0 (PracticeLaunch, 1);
  const char *name = base_metadata_get_name (pod);

  self->peer = practice_peer_new (base_json_get_string (pod, "status", "podIP", NULL),
                                  base_metadata_get_namespace (pod), name);
  self->pod_uid = g_strdup (base_metadata_get_uid (pod));
  self->container = g_strdup (base_json_get_string (container, "name", NULL));
  self->image = g_strdup (base_json_get_string (container, "image", NULL));
  self->arguments = dup_arguments (base_json_get_array (container, "args", NULL), environment);
  self->environment = practice_image_catalog_dup_environment (images, self->image);
  g_hash_table_insert (self->environment, g_strdup ("HOSTNAME"), g_strdup (name));
  add_environment (self->environment, environment);
  self->port = practice_image_catalog_get_port (images, self->image);
  self->outbound = outbound != NULL ? g_object_ref (outbound) : NULL;
  self->logs = logs != NULL ? g_object_ref (logs) : NULL;
  self->has_input = base_json_get_boolean (container, FALSE, "stdin", NULL);
  self->haste = 1;

  return self;
}

/**
 * practice_launch_free:
 * @self: (transfer full): a launch
 */
void
practice_launch_free (PracticeLaunch *self)
{
  practice_peer_free (self->peer);
  g_free (self->pod_uid);
  g_free (self->container);
  g_free (self->image);
  g_strfreev (self->arguments);
  g_hash_table_unref (self->environment);
  g_clear_object (&self->outbound);
  g_clear_object (&self->logs);
  g_free (self);
}

/**
 * practice_launch_get:
 * @self: a launch
 * @name: of an environment variable
 * @fallback: (nullable): its value where it is not set
 *
 * Returns: (transfer none) (nullable): the value
 */
const char *
practice_launch_get (PracticeLaunch *self, const char *name, const char *fallback)
{
  const char *value = g_hash_table_lookup (self->environment, name);

  return value != NULL ? value : fallback;
}

/**
 * practice_launch_is_tagged_since:
 * @self: a launch
 * @major: a version
 * @minor: its second number
 *
 * Returns: whether the image's tag is that version or a newer one; no tag is the latest
 */
gboolean
practice_launch_is_tagged_since (PracticeLaunch *self, guint major, guint minor)
{
  const char *slash = strrchr (self->image, '/');
  const char *tag = strchr (slash != NULL ? slash : self->image, ':');
  guint found_major;
  guint found_minor;

  if (tag == NULL || sscanf (tag + 1, "%u.%u", &found_major, &found_minor) != 2)
    return TRUE;

  return found_major > major || (found_major == major && found_minor >= minor);
}

/**
 * practice_launch_print:
 * @self: a launch
 * @format: a line without its end, as for printf()
 * @...: its arguments
 *
 * Prints as the container.
 */
void
practice_launch_print (PracticeLaunch *self, const char *format, ...)
{
  g_autofree char *line = NULL;
  g_autofree char *valid = NULL;
  va_list args;

  if (self->logs == NULL)
    return;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  valid = g_utf8_make_valid (line, strnlen (line, MAX_LINE));
  practice_container_logs_append (self->logs, self->pod_uid, self->container, valid);
}
