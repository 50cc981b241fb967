/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "fuzz-target.h"
#include "fuzz-words.h"
#include "practice-patch.h"
#include "practice-schema.h"

/* A letter that chooses the form of the patch, an object and a patch, a line each. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static PracticeSchema *schema;
  g_auto (GStrv) words = fuzz_words_new (data, size, 3);
  g_autoptr (JsonNode) object = base_json_parse (words[1], -1, NULL);
  g_autoptr (JsonNode) before = NULL;
  g_autoptr (JsonNode) result = NULL;
  g_autoptr (GBytes) body = g_bytes_new (words[2], strlen (words[2]));
  const char *content_type;
  const PracticeType *type = NULL;

  if (schema == NULL)
    schema = practice_schema_new ();
  if (object == NULL || !JSON_NODE_HOLDS_OBJECT (object))
    return 0;
  switch (words[0][0]) {
    case 'j':
      content_type = "application/json-patch+json";
      break;
    case 'm':
      content_type = "application/merge-patch+json";
      break;
    default:
      content_type = "application/strategic-merge-patch+json";
      type = practice_schema_get (schema, words[0][0] == 'd' ? "Deployment" : "Pod");
  }
  before = base_json_copy (object);
  result = practice_patch_apply (type, object, body, content_type, NULL);
  g_assert_true (base_json_equal (before, object));
  return 0;
}
