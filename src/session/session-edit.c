/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-edit.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-hidden.h"
#include "base-json-patch.h"
#include "base-json.h"
#include "base-yaml.h"

/* What the script ends with; cat has 1 for all that it cannot do. */
enum {
  NO_FILE = 71,
  NO_ORDINARY_FILE,
  NOT_READABLE,
  NOT_WRITABLE,
};

#define READ_SCRIPT                                                                                \
  "cd && { [ -e \"$1\" ] || exit 71; [ -f \"$1\" ] || exit 72; [ -r \"$1\" ] || exit 73; "         \
  "[ -w \"$1\" ] || exit 74; exec cat -- \"$1\"; }"
#define WRITE_SCRIPT "cd && exec cat > \"$1\""

/* (transfer full): @document with @patch, NULL with an error where it does not fit */
static JsonNode *
apply_to_document (JsonNode *document, JsonNode *patch, GError **error)
{
  if (JSON_NODE_HOLDS_ARRAY (patch))
    return base_json_patch_apply (document, patch, error);
  return base_json_merge_patch_apply (document, patch);
}

/* A merge patch fits any document, so of several it is for the one whose kind it names, or for the
 * first. */
static gboolean
is_meant (JsonNode *document, JsonNode *patch)
{
  const char *kind =
    JSON_NODE_HOLDS_OBJECT (patch) ? base_json_get_string (patch, "kind", NULL) : NULL;

  return kind == NULL || g_strcmp0 (kind, base_json_get_string (document, "kind", NULL)) == 0;
}

static char *
write_documents (GPtrArray *documents, const char *file)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (g_str_has_suffix (file, ".json") && documents->len == 1) {
    g_autofree char *json = base_json_write (g_ptr_array_index (documents, 0), TRUE);

    return g_strconcat (json, "\n", NULL);
  }
  for (guint i = 0; i < documents->len; i++) {
    g_autofree char *yaml = base_yaml_write (g_ptr_array_index (documents, i));

    if (documents->len > 1 && !g_str_has_prefix (yaml, "---"))
      g_string_append (text, "---\n");
    g_string_append (text, yaml);
    if (text->len > 0 && text->str[text->len - 1] != '\n')
      g_string_append_c (text, '\n');
  }
  return g_strdup (text->str);
}

/* What the student was shown is what changes. */
static gboolean
check_letters (const char *text, const char *file, GError **error)
{
  const char *found = base_hidden_find (text);

  if (found == NULL)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               /* Translators: a file, a character's number, such as 202E, and what that is, such as
                * "which cannot be seen" */
               _ ("The change of %s has U+%04X in it, %s. The file was left as it is."), file,
               g_utf8_get_char (found), base_hidden_get_reason (g_utf8_get_char (found)));
  return FALSE;
}

/**
 * session_edit_apply:
 * @text: a file of YAML, of one or more documents, or of JSON
 * @patch: a JSON Patch (a list, RFC 6902) or a merge patch (RFC 7396), as JSON or YAML
 * @file: the name of the file, for messages, and to tell JSON by its .json
 *
 * The patch is made to the first document that it fits. Comments are not kept.
 *
 * Returns: (transfer full)
 */
char *
session_edit_apply (const char *text, const char *patch, const char *file, GError **error)
{
  g_autoptr (JsonNode) change = NULL;
  g_autoptr (GPtrArray) documents = NULL;
  g_autoptr (GError) first_error = NULL;

  if (!check_letters (patch, file, error))
    return NULL;
  change = base_yaml_parse (patch, -1, _ ("patch"), BASE_YAML_NONE, error);
  if (change == NULL)
    return NULL;
  documents = base_yaml_parse_all (text, -1, file, BASE_YAML_NONE, error);
  if (documents == NULL)
    return NULL;
  for (guint i = 0; i < documents->len; i++) {
    JsonNode *document = g_ptr_array_index (documents, i);
    JsonNode *result = NULL;

    if (!is_meant (document, change))
      continue;
    result = apply_to_document (document, change, first_error == NULL ? &first_error : NULL);
    if (result != NULL) {
      json_node_unref (document);
      documents->pdata[i] = result;
      return write_documents (documents, file);
    }
  }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
               /* Translators: a file, and why it could not be changed */
               _ ("The change does not fit %s: %s"), file,
               first_error != NULL ? first_error->message : _ ("there is no such part in it"));
  return NULL;
}

typedef struct {
  JumpPlace *place;
  char *file;
  char *path; /* from the home folder */
  char *patch;
} Edit;

static void
edit_free (gpointer data)
{
  Edit *self = data;

  g_clear_object (&self->place);
  g_free (self->file);
  g_free (self->path);
  g_free (self->patch);
  g_free (self);
}

/* (transfer full) (nullable): in plain words why a script ended with @status */
static char *
dup_reason (int status, const char *file)
{
  switch (status) {
    case NO_FILE:
      /* Translators: a file at the place where the student works */
      return g_strdup_printf (_ ("There is no file %s there yet. Run the step that makes it, then "
                                 "make the change."),
                              file);
    case NO_ORDINARY_FILE:
      return g_strdup_printf (_ ("%s is no ordinary file, and cannot be changed."), file);
    case NOT_READABLE:
      return g_strdup_printf (_ ("%s cannot be changed: you may not read it there. “ls -l” tells "
                                 "whose it is."),
                              file);
    case NOT_WRITABLE:
      return g_strdup_printf (_ ("%s cannot be changed: you may only read it there. “ls -l” tells "
                                 "whose it is."),
                              file);
    default:
      return NULL;
  }
}

/* (transfer full): what the script printed, NULL with an error where it failed */
static GBytes *
finish_script (Edit *self, GObject *source, GAsyncResult *result, GError **error)
{
  g_autoptr (BaseCommandResult) command =
    jump_place_run_finish (JUMP_PLACE (source), result, error);
  g_autofree char *errors = NULL;
  g_autofree char *text = NULL;

  if (command == NULL)
    return NULL;
  if (command->exit_status == 0)
    return g_bytes_ref (command->output);
  text = dup_reason (command->exit_status, self->file);
  if (text != NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, text);
    return NULL;
  }
  errors = g_utf8_make_valid (g_bytes_get_data (command->errors, NULL),
                              MIN (g_bytes_get_size (command->errors), 200));
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               /* Translators: a file, and the reason in another program's words */
               _ ("%s cannot be changed: %s"), self->file, g_strstrip (errors));
  return NULL;
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) output = finish_script (g_task_get_task_data (task), source, result, &error);

  if (output != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Edit *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) output = finish_script (self, source, result, &error);
  g_autoptr (GBytes) input = NULL;
  g_autofree char *text = NULL;
  char *changed = NULL;
  GCancellable *cancellable = g_task_get_cancellable (task);
  const char *const argv[] = { "sh", "-c", WRITE_SCRIPT, "sh", self->path, NULL };

  if (output != NULL) {
    text = g_strndup (g_bytes_get_data (output, NULL), g_bytes_get_size (output));
    changed = session_edit_apply (text, self->patch, self->file, &error);
  }
  if (changed == NULL) {
    g_task_return_error (task, error);
    return;
  }
  input = g_bytes_new_take (changed, strlen (changed));
  jump_place_run_async (self->place, argv, input, cancellable, written_cb, g_steal_pointer (&task));
}

void
session_edit_make_async (JumpPlace *place,
                         const char *file,
                         const char *patch,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Edit *self = g_new0 (Edit, 1);
  const char *argv[] = { "sh", "-c", READ_SCRIPT, "sh", NULL, NULL };

  g_task_set_source_tag (task, session_edit_make_async);
  g_task_set_task_data (task, self, edit_free);
  self->place = g_object_ref (place);
  self->file = g_strdup (file);
  self->path = g_strdup (g_str_has_prefix (file, "~/") ? file + 2 : file);
  self->patch = g_strdup (patch);
  argv[4] = self->path;
  jump_place_run_async (place, argv, NULL, cancellable, read_cb, g_steal_pointer (&task));
}

gboolean
session_edit_make_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
