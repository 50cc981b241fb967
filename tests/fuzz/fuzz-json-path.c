/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json-path.h"
#include "base-json.h"
#include "fuzz-target.h"
#include "fuzz-words.h"

/* A JSONPath, and after a line end what it is to be found in. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_auto (GStrv) words = fuzz_words_new (data, size, 2);
  g_autoptr (BaseJsonPath) path = base_json_path_new (words[0], NULL);
  g_autoptr (JsonNode) node = base_json_parse (words[1], -1, NULL);
  g_autoptr (GPtrArray) found = NULL;

  if (path != NULL && node != NULL)
    found = base_json_path_match (path, node);
  return 0;
}
