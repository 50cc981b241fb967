/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  PRACTICE_REDIS_MORE, /* not a whole command yet */
  PRACTICE_REDIS_COMMAND,
  PRACTICE_REDIS_BROKEN, /* not the protocol: answer and close */
} PracticeRedisResult;

PracticeRedisResult
practice_redis_protocol_take (GByteArray *input, GPtrArray **arguments, const char **message);

G_END_DECLS
