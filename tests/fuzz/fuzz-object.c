/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "fuzz-target.h"
#include "practice-handler.h"

static PracticeObjects *
new_objects (void)
{
  g_autofree char *dir = g_dir_make_tmp ("konvoy-fuzz-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (dir, "state.db", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autoptr (PracticeStore) store = practice_store_new (path, NULL);
  g_autoptr (PracticeRegistry) registry = NULL;
  g_autoptr (GError) error = NULL;
  JsonNode *namespace_ = json_from_string (
    "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"default\"}}", &error);

  g_assert_nonnull (store);
  g_assert_no_error (error);
  practice_store_create (store, "/namespaces", namespace_, &error);
  g_assert_no_error (error);
  registry = practice_registry_new (store);
  /* It stays open, and needs no name any more. */
  g_unlink (path);
  g_unlink (log);
  g_rmdir (dir);
  return practice_objects_new (store, registry);
}

/* The length of the line at @data. */
static gsize
line_length (const guint8 *data, gsize size)
{
  const guint8 *end = size > 0 ? memchr (data, '\n', size) : NULL;

  return end != NULL ? (gsize)(end - data) : size;
}

static char *
take_line (const guint8 **data, gsize *size)
{
  gsize length = line_length (*data, *size);
  g_autofree char *bytes = g_strndup ((const char *)*data, length);
  char *line = g_utf8_make_valid (bytes, -1);

  length = MIN (length + 1, *size);
  *data += length;
  *size -= length;
  return line;
}

/* Method, path, Accept and Content-Type, a line each, and the body of a request that changes
 * nothing. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static PracticeObjects *objects;
  g_autofree char *method = take_line (&data, &size);
  g_autofree char *path = take_line (&data, &size);
  g_autofree char *accept = take_line (&data, &size);
  g_autofree char *content_type = take_line (&data, &size);
  g_autoptr (GBytes) body = g_bytes_new (data, size);
  g_autoptr (PracticeRequest) request =
    practice_request_new (method, path, "dryRun=All&fieldManager=fuzz", accept, content_type);
  g_autoptr (PracticeAnswer) answer = NULL;
  g_autoptr (GError) error = NULL;

  if (objects == NULL)
    objects = new_objects ();
  if (request == NULL || request->verb == PRACTICE_VERB_WATCH)
    return 0;
  answer = practice_handler_handle (objects, request, body, &error);
  g_assert_true ((answer == NULL) == (error != NULL));
  return 0;
}
