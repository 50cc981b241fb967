/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "practice-program.h"
#include "test-wait.h"

/* proc(5) */
#define TCP_LISTEN 0x0a
#define UNIX_ACCEPTS 0x10000
#define ADDRESS_LOOPBACK "0100007F"
#define ADDRESS6_LOOPBACK "00000000000000000000000001000000"

static void
add_sockets (GHashTable *inodes, const char *pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%s/fd", pid);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *fd = g_build_filename (path, name, NULL);
    g_autofree char *target = g_file_read_link (fd, NULL);
    guint64 inode;

    if (target != NULL && sscanf (target, "socket:[%" G_GUINT64_FORMAT "]", &inode) == 1)
      g_hash_table_add (inodes, g_strdup_printf ("%" G_GUINT64_FORMAT, inode));
  }
}

/* (transfer full): the sockets of every process that has @text on its command line, by inode. */
static GHashTable *
list_sockets (const char *text)
{
  GHashTable *inodes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GDir) proc = g_dir_open ("/proc", 0, NULL);
  const char *pid;

  while ((pid = g_dir_read_name (proc)) != NULL) {
    g_autofree char *path = g_strdup_printf ("/proc/%s/cmdline", pid);
    g_autofree char *line = NULL;
    gsize length;

    if (!g_ascii_isdigit (*pid) || !g_file_get_contents (path, &line, &length, NULL))
      continue;
    for (gsize i = 0; i + 1 < length; i++)
      if (line[i] == '\0')
        line[i] = ' ';
    if (strstr (line, text) != NULL)
      add_sockets (inodes, pid);
  }
  return inodes;
}

/* Sockets of this computer's own network: those of the sandbox's are not in its table. */
static guint
count_open (GHashTable *inodes, const char *table, const char *loopback, gboolean is_stream)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/net/%s", table);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[i] != NULL; i++) {
    char address[40], inode[24];
    unsigned int state;

    if (sscanf (lines[i], " %*d: %39[^:]:%*x %*s %x %*s %*s %*s %*d %*d %23s", address, &state,
                inode) != 3 ||
        !g_hash_table_contains (inodes, inode) || (is_stream && state != TCP_LISTEN))
      continue;
    g_assert_cmpstr (address, ==, loopback);
    n++;
  }
  return n;
}

/* What others may not enter protects the sockets in it. */
static guint
count_paths (GHashTable *inodes)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint n = 0;

  g_assert_true (g_file_get_contents ("/proc/self/net/unix", &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[i] != NULL; i++) {
    char inode[24], path[256];
    unsigned int flags;
    struct stat info;

    if (sscanf (lines[i], "%*s %*s %*s %x %*s %*s %23s %255s", &flags, inode, path) != 3 ||
        (flags & UNIX_ACCEPTS) == 0 || !g_hash_table_contains (inodes, inode))
      continue;
    g_assert_cmpint (path[0], ==, '/');
    for (char *slash = strrchr (path, '/'); slash != NULL; slash = strrchr (path, '/')) {
      *slash = '\0';
      g_assert_cmpint (stat (path, &info), ==, 0);
      if (info.st_uid == geteuid () && (info.st_mode & 077) == 0)
        break;
      g_assert_cmpuint (strlen (path), >, 0);
    }
    n++;
  }
  return n;
}

static void
test_loopback_only (Program *self, gconstpointer data)
{
  g_auto (ProgramOwner) owner = { 0 };
  g_auto (ProgramRun) run = { 0 };
  g_autoptr (GHashTable) inodes = NULL;

  if (!program_attach_or_skip (self, &owner)) {
    program_detach (&owner);
    return;
  }
  /* Something that answers in the sandbox's network, too. */
  program_run_script (self, &run, "cat /proc/net/tcp", NULL);
  g_assert_nonnull (strstr (run.output, " 0A "));

  inodes = list_sockets (self->dir);
  g_assert_cmpuint (count_open (inodes, "tcp", ADDRESS_LOOPBACK, TRUE), >, 0);
  count_open (inodes, "tcp6", ADDRESS6_LOOPBACK, TRUE);
  g_assert_cmpuint (count_open (inodes, "udp", ADDRESS_LOOPBACK, FALSE), ==, 0);
  g_assert_cmpuint (count_open (inodes, "udp6", ADDRESS6_LOOPBACK, FALSE), ==, 0);
  g_assert_cmpuint (count_paths (inodes), >, 0);
  program_detach (&owner);
  test_wait_until (program_nothing_left, self, 30, "the end of the owner");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/konvoy-practice-listening/loopback-only", Program, NULL, program_set_up,
              test_loopback_only, program_tear_down);

  return g_test_run ();
}
