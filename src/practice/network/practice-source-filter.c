/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-source-filter.h"

#include <arpa/inet.h>
#include <glib/gi18n-lib.h>
#include <linux/filter.h>

/* Byte of an IPv4 header at which the source address begins, RFC 791 section 3.1. */
#define SOURCE_OFFSET 12

static void
append (GArray *program, struct sock_filter instruction)
{
  g_array_append_val (program, instruction);
}

/**
 * practice_source_filter_new:
 * @sources: (element-type utf8): IPv4 addresses
 * @error: return location
 *
 * Makes a classic packet filter for a socket
 * (https://www.kernel.org/doc/html/latest/networking/filter.html). At a socket that listens it sees
 * the first packet of each connection: one it drops is never answered, and the client's kernel
 * tries again later.
 *
 * Returns: (transfer full) (nullable): an array of `struct sock_filter`; %NULL with
 *   %G_IO_ERROR_NO_SPACE for more addresses than a filter can have
 */
GBytes *
practice_source_filter_new (GPtrArray *sources, GError **error)
{
  g_autoptr (GArray) program = g_array_new (FALSE, FALSE, sizeof (struct sock_filter));

  append (program, (struct sock_filter)BPF_STMT (BPF_LD | BPF_W | BPF_ABS,
                                                 (guint32)(SKF_NET_OFF + SOURCE_OFFSET)));
  for (guint i = 0; i < sources->len; i++) {
    struct in_addr address;

    if (inet_pton (AF_INET, g_ptr_array_index (sources, i), &address) != 1)
      continue;
    append (program,
            (struct sock_filter)BPF_JUMP (BPF_JMP | BPF_JEQ | BPF_K, ntohl (address.s_addr), 0, 1));
    append (program, (struct sock_filter)BPF_STMT (BPF_RET | BPF_K, G_MAXUINT32));
  }
  append (program, (struct sock_filter)BPF_STMT (BPF_RET | BPF_K, 0));

  if (program->len > BPF_MAXINSNS) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                         _ ("Too many addresses are allowed to connect."));
    return NULL;
  }
  return g_bytes_new (program->data, program->len * sizeof (struct sock_filter));
}
