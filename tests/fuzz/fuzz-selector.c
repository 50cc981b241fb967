/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "fuzz-target.h"
#include "fuzz-words.h"
#include "practice-selector.h"

/* A selector, and an object that it may fit, a line each. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_auto (GStrv) words = fuzz_words_new (data, size, 2);
  g_autoptr (PracticeSelector) labels = practice_selector_parse_labels (words[0], NULL);
  g_autoptr (PracticeSelector) fields = practice_selector_parse_fields (words[0], NULL);
  g_autoptr (JsonNode) object = base_json_parse (words[1], -1, NULL);
  g_autoptr (PracticeSelector) own = NULL;

  if (object == NULL || !JSON_NODE_HOLDS_OBJECT (object))
    return 0;
  own = practice_selector_new_from_object (base_json_get (object, "spec", "selector", NULL));
  if (labels != NULL)
    practice_selector_matches_labels (labels, object);
  if (fields != NULL)
    practice_selector_matches_fields (fields, object);
  if (own != NULL)
    practice_selector_matches_labels (own, object);
  return 0;
}
