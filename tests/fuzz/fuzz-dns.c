/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fuzz-target.h"
#include "practice-dns-message.h"

static GStrv
look_up (const char *name, gpointer user_data)
{
  g_assert_true (g_utf8_validate (name, -1, NULL));
  return g_str_has_prefix (name, "a") ? g_strsplit ("10.0.0.1,10.0.0.2", ",", 0) : NULL;
}

/* A question to the name server. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) answer = practice_dns_message_answer (data, size, look_up, NULL);

  /* The id of the question (RFC 1035, 4.1.1). */
  if (answer != NULL) {
    g_assert_cmpuint (g_bytes_get_size (answer), >=, 12);
    g_assert_cmpmem (g_bytes_get_data (answer, NULL), 2, data, 2);
  }
  return 0;
}
