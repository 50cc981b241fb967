/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fuzz-target.h"
#include "fuzz-words.h"
#include "practice-request.h"

static const char *
or_null (const char *word)
{
  return *word != '\0' ? word : NULL;
}

/* Method, path, query, Accept and Content-Type, a line each. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_auto (GStrv) words = fuzz_words_new (data, size, 5);
  g_autoptr (PracticeRequest) request = practice_request_new (
    words[0], words[1], or_null (words[2]), or_null (words[3]), or_null (words[4]));
  g_autofree char *manager = NULL;

  if (request == NULL)
    return 0;
  g_assert_nonnull (request->group);
  g_assert_nonnull (request->version);
  g_assert_nonnull (request->plural);
  g_assert_nonnull (practice_request_get_verb_name (request));
  g_assert_cmpint (practice_request_get_int (request, "limit", 0), >=, 0);
  manager = practice_request_dup_manager (request);
  return 0;
}
