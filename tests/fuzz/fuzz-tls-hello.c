/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "fuzz-target.h"
#include "practice-tls-hello.h"

/* What a client sends first to a gateway that speaks TLS. A name is found where it is said, and no
 * byte less would do. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *name = NULL;
  PracticeTlsHello hello = practice_tls_hello_read (data, size, &name);

  g_assert_true (name == NULL || hello == PRACTICE_TLS_HELLO_READ);
  g_assert_true (name == NULL || (*name != '\0' && strlen (name) < size));
  return 0;
}
