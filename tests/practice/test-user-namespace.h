/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sched.h>
#include <unistd.h>

G_BEGIN_DECLS

/* Moves this process, which must have one thread, to where the kernel refuses further user
 * namespaces, as it does on systems that are set up so. FALSE: it was refused that itself. */
static inline gboolean
test_refuse_user_namespaces (void)
{
  g_autofree char *uid_map = g_strdup_printf ("0 %u 1", geteuid ());
  g_autofree char *gid_map = g_strdup_printf ("0 %u 1", getegid ());
  const char *const files[][2] = {
    { "/proc/self/setgroups", "deny" },
    { "/proc/self/uid_map", uid_map },
    { "/proc/self/gid_map", gid_map },
    { "/proc/sys/user/max_user_namespaces", "0" },
  };

  if (unshare (CLONE_NEWUSER) < 0)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    FILE *file = fopen (files[i][0], "w");

    if (!file || fputs (files[i][1], file) < 0 || fclose (file) != 0)
      return FALSE;
  }
  return TRUE;
}

G_END_DECLS
