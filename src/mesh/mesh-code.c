/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-code.h"

#include <string.h>

#include "base-json.h"
#include "base-metadata.h"
#include "base-yaml.h"
#include "mesh-patch.h"

#define LAST_APPLIED "kubectl.kubernetes.io/last-applied-configuration"

/* Lines to compare: beyond this the table of both would be felt in the window. */
#define MAX_CELLS 1000000

/**
 * mesh_code_dup_yaml:
 * @object: a VirtualService
 *
 * What `kubectl get -o yaml` prints, without what is the server's own book-keeping: managedFields,
 * status, and the copy of itself that `kubectl apply` leaves in an annotation.
 *
 * Returns: (transfer full)
 */
char *
mesh_code_dup_yaml (JsonNode *object)
{
  g_autoptr (JsonNode) copy = NULL;
  JsonObject *metadata = NULL;
  JsonObject *annotations = NULL;

  g_return_val_if_fail (object != NULL && JSON_NODE_HOLDS_OBJECT (object), NULL);

  copy = base_json_copy (object);
  metadata = base_json_get_object (copy, "metadata", NULL);
  annotations = base_json_get_object (copy, "metadata", "annotations", NULL);
  json_object_remove_member (json_node_get_object (copy), "status");
  if (metadata != NULL)
    json_object_remove_member (metadata, "managedFields");
  if (annotations != NULL && json_object_has_member (annotations, LAST_APPLIED)) {
    json_object_remove_member (annotations, LAST_APPLIED);
    if (json_object_get_size (annotations) == 0)
      json_object_remove_member (metadata, "annotations");
  }
  return base_yaml_write (copy);
}

/**
 * mesh_code_dup_shell_word:
 * @text: anything
 *
 * Returns: (transfer full): @text as one word of a POSIX shell, in single quotes where it needs any
 */
char *
mesh_code_dup_shell_word (const char *text)
{
  g_return_val_if_fail (text != NULL, NULL);

  if (*text != '\0' && strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                     "0123456789-_./:=@%+,") == strlen (text))
    return g_strdup (text);
  return g_shell_quote (text);
}

/* Only what changes something: the tests of @patch hold on to one version of the object. */
static JsonNode *
without_tests (JsonNode *patch)
{
  JsonArray *operations = json_node_get_array (patch);
  g_autoptr (JsonArray) kept = json_array_new ();

  for (guint i = 0; i < json_array_get_length (operations); i++) {
    JsonNode *operation = json_array_get_element (operations, i);

    if (g_strcmp0 (base_json_get_string (operation, "op", NULL), "test") != 0)
      json_array_add_element (kept, base_json_copy (operation));
  }
  return json_node_init_array (json_node_alloc (), kept);
}

/* A patch that leads to @object from wherever it is. */
static JsonNode *
new_whole_patch (JsonNode *object)
{
  static const char *const members[] = { "http", "tls", "tcp" };
  g_autoptr (JsonArray) patch = json_array_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++) {
    JsonNode *value = base_json_get (object, "spec", members[i], NULL);
    g_autofree char *path = g_strconcat ("/spec/", members[i], NULL);
    JsonObject *operation = NULL;

    if (value == NULL)
      continue;
    operation = json_object_new ();
    /* replaces one that is there, too (RFC 6902, section 4.1) */
    json_object_set_string_member (operation, "op", "add");
    json_object_set_string_member (operation, "path", path);
    json_object_set_member (operation, "value", base_json_copy (value));
    json_array_add_object_element (patch, operation);
  }
  return json_node_init_array (json_node_alloc (), patch);
}

/**
 * mesh_code_dup_kubectl:
 * @from: (nullable): the VirtualService before a change
 * @to: after it
 *
 * Returns: (transfer full): a line for a shell that does the same change; the one that gives the
 *   routes of @to whatever they are now, where there is no @from or no difference
 */
char *
mesh_code_dup_kubectl (JsonNode *from, JsonNode *to)
{
  g_autoptr (JsonNode) tested = NULL;
  g_autoptr (JsonNode) patch = NULL;
  g_autofree char *text = NULL;
  g_autofree char *patch_word = NULL;
  g_autofree char *name = NULL;
  g_autofree char *namespace_ = NULL;
  const char *in = base_metadata_get_namespace (to);
  const char *called = base_metadata_get_name (to);

  tested = from != NULL ? mesh_patch_new (from, to) : NULL;
  patch = tested != NULL ? without_tests (tested) : NULL;
  if (patch == NULL || json_array_get_length (json_node_get_array (patch)) == 0) {
    g_clear_pointer (&patch, json_node_unref);
    patch = new_whole_patch (to);
  }
  text = base_json_write (patch, FALSE);
  patch_word = g_shell_quote (text);
  name = mesh_code_dup_shell_word (called != NULL ? called : "");
  namespace_ = mesh_code_dup_shell_word (in != NULL ? in : "default");
  if (in == NULL || g_str_equal (in, "default"))
    return g_strdup_printf ("kubectl patch virtualservice %s --type=json -p %s", name, patch_word);
  return g_strdup_printf ("kubectl patch virtualservice %s --namespace %s --type=json -p %s", name,
                          namespace_, patch_word);
}

static void
clear_line (MeshLine *line)
{
  g_free (line->text);
}

static void
add_line (GArray *lines, const char *text, MeshLineChange change)
{
  MeshLine line = { g_strdup (text), change };

  g_array_append_val (lines, line);
}

/* lengths[i * (n_now + 1) + j]: of the longest common subsequence of what follows old[i], now[j] */
static guint *
measure (char **old, guint n_old, char **now, guint n_now)
{
  guint width = n_now + 1;
  guint *lengths = g_new0 (guint, (gsize)(n_old + 1) * width);

  for (guint i = n_old; i > 0; i--) {
    for (guint j = n_now; j > 0; j--) {
      gsize at = (gsize)(i - 1) * width + j - 1;

      lengths[at] = g_str_equal (old[i - 1], now[j - 1])
                      ? lengths[at + width + 1] + 1
                      : MAX (lengths[at + width], lengths[at + 1]);
    }
  }
  return lengths;
}

static void
compare (GArray *lines, char **old, guint n_old, char **now, guint n_now)
{
  gboolean is_large = (gsize)n_old * n_now > MAX_CELLS;
  g_autofree guint *lengths = is_large ? NULL : measure (old, n_old, now, n_now);
  guint width = n_now + 1;
  guint i = 0, j = 0;

  while (i < n_old || j < n_now) {
    gsize at = (gsize)i * width + j;

    if (!is_large && i < n_old && j < n_now && g_str_equal (old[i], now[j])) {
      add_line (lines, now[j++], MESH_LINE_SAME);
      i++;
    } else if (i < n_old && (j == n_now || is_large || lengths[at + width] >= lengths[at + 1])) {
      add_line (lines, old[i++], MESH_LINE_REMOVED);
    } else {
      add_line (lines, now[j++], MESH_LINE_ADDED);
    }
  }
}

static char **
split_lines (const char *text)
{
  g_autofree char *copy = g_strdup (text);
  gsize length = strlen (copy);

  if (length > 0 && copy[length - 1] == '\n')
    copy[length - 1] = '\0';
  return g_strsplit (copy, "\n", -1);
}

/**
 * mesh_code_diff:
 * @old: text, as the server has it
 * @now: text, as it is to be
 *
 * Returns: (transfer full) (element-type MeshLine): the lines of both, in order
 */
GArray *
mesh_code_diff (const char *old, const char *now)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (MeshLine));
  g_auto (GStrv) old_lines = split_lines (old);
  g_auto (GStrv) now_lines = split_lines (now);
  guint n_old = g_strv_length (old_lines);
  guint n_now = g_strv_length (now_lines);
  guint head = 0, tail = 0;

  g_array_set_clear_func (lines, (GDestroyNotify)clear_line);
  while (head < n_old && head < n_now && g_str_equal (old_lines[head], now_lines[head]))
    head++;
  while (tail < n_old - head && tail < n_now - head &&
         g_str_equal (old_lines[n_old - tail - 1], now_lines[n_now - tail - 1]))
    tail++;
  for (guint i = 0; i < head; i++)
    add_line (lines, now_lines[i], MESH_LINE_SAME);
  compare (lines, old_lines + head, n_old - head - tail, now_lines + head, n_now - head - tail);
  for (guint i = n_now - tail; i < n_now; i++)
    add_line (lines, now_lines[i], MESH_LINE_SAME);
  return lines;
}
