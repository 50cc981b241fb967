/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fuzz-target.h"
#include "practice-redis-protocol.h"

/* What a client of redis sends. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) input = g_byte_array_new ();
  PracticeRedisResult result;
  const char *message;

  g_byte_array_append (input, data, (guint)size);
  do {
    g_autoptr (GPtrArray) arguments = NULL;
    guint before = input->len;

    result = practice_redis_protocol_take (input, &arguments, &message);
    g_assert_cmpuint (input->len, <=, before);
    g_assert_true (result != PRACTICE_REDIS_COMMAND || input->len < before);
  } while (result == PRACTICE_REDIS_COMMAND);
  return 0;
}
