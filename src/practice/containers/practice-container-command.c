/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-container-command.h"

#include "base-json.h"
#include "practice-container-environment.h"

/* How the catalogue names an image that is there to run a shell in. */
#define SHELL_SERVER "shell"

static void
add_words (GStrvBuilder *builder, JsonArray *words, GStrv environment)
{
  for (guint i = 0; i < base_json_get_length (words); i++) {
    JsonNode *word = json_array_get_element (words, i);
    g_autofree char *expanded =
      JSON_NODE_HOLDS_VALUE (word) && json_node_get_value_type (word) == G_TYPE_STRING
        ? practice_container_environment_expand (environment, json_node_get_string (word))
        : NULL;

    if (expanded != NULL)
      g_strv_builder_add (builder, expanded);
  }
}

/* Some images put a program before arguments that name none themselves. */
static gboolean
needs_entry_point (JsonArray *args)
{
  JsonNode *first = json_array_get_element (args, 0);
  const char *word = JSON_NODE_HOLDS_VALUE (first) ? json_node_get_string (first) : NULL;
  g_autofree char *program = NULL;

  if (word == NULL || *word == '-')
    return TRUE;
  program = g_find_program_in_path (word);
  return program == NULL;
}

/* Of these a program that is not there is a mistake; others have programs that are not here. */
static gboolean
is_made_for_programs (PracticeImageCatalog *images, const char *image)
{
  JsonObject *members = json_object_new ();
  g_autoptr (JsonNode) plain = base_json_take_object (members);

  json_object_set_string_member (members, "image", image);
  return g_strcmp0 (practice_image_catalog_get_server (images, plain), SHELL_SERVER) == 0 ||
         practice_image_catalog_get_entry_point (images, image) != NULL;
}

static gboolean
is_here (const char *program)
{
  g_autofree char *path = program != NULL ? g_find_program_in_path (program) : NULL;

  return path != NULL;
}

/**
 * practice_container_command_new:
 * @images: what images run
 * @container: a container, as the spec of its pod has it
 * @environment: the container's variables
 *
 * Works out what a container runs by its `command` and `args`
 * (https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/). An
 * image for shells runs one where somebody may type into it; without input it would end at once,
 * which needs no process. A program that only the image of another has is not run.
 *
 * Returns: (transfer full) (nullable): what really runs
 */
GStrv
practice_container_command_new (PracticeImageCatalog *images,
                                JsonNode *container,
                                GStrv environment)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonArray *command = base_json_get_array (container, "command", NULL);
  JsonArray *args = base_json_get_array (container, "args", NULL);
  const char *image = base_json_get_string (container, "image", NULL);
  const char *server = practice_image_catalog_get_server (images, container);
  gboolean is_shell = g_strcmp0 (server, SHELL_SERVER) == 0;
  const char *entry_point = practice_image_catalog_get_entry_point (images, image);
  g_auto (GStrv) argv = NULL;

  if (server != NULL && !is_shell)
    return NULL;
  if (base_json_get_length (command) + base_json_get_length (args) == 0) {
    if (!is_shell || !base_json_get_boolean (container, FALSE, "stdin", NULL))
      return NULL;
    g_strv_builder_add (builder, practice_image_catalog_get_shell (images, image));
    return g_strv_builder_end (builder);
  }
  if (base_json_get_length (command) == 0 && entry_point != NULL && needs_entry_point (args))
    g_strv_builder_add (builder, entry_point);
  add_words (builder, command, environment);
  add_words (builder, args, environment);
  argv = g_strv_builder_end (builder);
  return is_made_for_programs (images, image) || is_here (argv[0]) ? g_steal_pointer (&argv) : NULL;
}
