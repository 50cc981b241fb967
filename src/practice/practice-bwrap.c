/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "practice-bwrap.h"

#define USER_ID "1000"
#define PROGRAM_PATH "/opt/konvoy/bin:/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"

/* Folders that are links into /usr where it is merged, and folders of their own where not. */
static const char *const root_folders[] = { "bin", "lib", "lib32", "lib64", "libx32", "sbin" };

/* Of the computer's own /etc: what programs of /usr need to start and to name a service, and no
 * more. */
static const char *const host_files[] = {
  "/etc/alternatives", "/etc/crypto-policies", "/etc/ld.so.cache",         "/etc/localtime",
  "/etc/protocols",    "/etc/services",        "/etc/pki/tls/openssl.cnf", "/etc/ssl/openssl.cnf",
};

/* Where distributions keep all certificate authorities in one file. */
static const char *const ca_bundles[] = {
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
};

/**
 * practice_bwrap_add:
 * @argv: options
 * @...: more options, ends on %NULL
 *
 * Adds options of bubblewrap.
 */
void
practice_bwrap_add (GStrvBuilder *argv, ...)
{
  va_list arguments;
  const char *argument;

  va_start (arguments, argv);
  while ((argument = va_arg (arguments, const char *)))
    g_strv_builder_add (argv, argument);
  va_end (arguments);
}

/**
 * practice_bwrap_add_system:
 * @argv: options
 *
 * Adds this computer's /usr, read-only, what belongs to it outside, and a /proc and a /dev.
 */
void
practice_bwrap_add_system (GStrvBuilder *argv)
{
  practice_bwrap_add (argv, "--ro-bind", "/usr", "/usr", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (root_folders); i++) {
    g_autofree char *path = g_strconcat ("/", root_folders[i], NULL);
    g_autofree char *target = g_file_read_link (path, NULL);

    if (target)
      practice_bwrap_add (argv, "--symlink", target, path, NULL);
    else
      practice_bwrap_add (argv, "--ro-bind-try", path, path, NULL);
  }
  practice_bwrap_add (argv, "--proc", "/proc", "--dev", "/dev", NULL);
}

/* A link is followed first: what it points to may not be there inside. */
static void
add_host_file (GStrvBuilder *argv, const char *path, const char *target)
{
  g_autofree char *real = realpath (path, NULL);

  if (real)
    practice_bwrap_add (argv, "--ro-bind", real, target, NULL);
}

/* @etc (nullable): has what is trusted in place of what this computer trusts, where it has it. */
static void
add_host_files (GStrvBuilder *argv, const char *etc)
{
  g_autofree char *own = etc ? g_build_filename (etc, PRACTICE_JUMPSERVER_CA_BUNDLE, NULL) : NULL;
  const char *bundle =
    own && g_file_test (own, G_FILE_TEST_EXISTS) ? own : practice_bwrap_find_ca_bundle ();

  for (guint i = 0; i < G_N_ELEMENTS (host_files); i++)
    add_host_file (argv, host_files[i], host_files[i]);
  for (guint i = 0; bundle && i < G_N_ELEMENTS (ca_bundles); i++)
    add_host_file (argv, bundle, ca_bundles[i]);
}

/**
 * practice_bwrap_add_host_files:
 * @argv: options
 *
 * Adds the files of this computer's /etc that programs of its /usr need, and its certificates.
 */
void
practice_bwrap_add_host_files (GStrvBuilder *argv)
{
  add_host_files (argv, NULL);
}

static gboolean
add_etc (GStrvBuilder *argv, const char *etc, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (etc, 0, error);
  const char *name;

  if (!dir)
    return FALSE;
  add_host_files (argv, etc);
  while ((name = g_dir_read_name (dir))) {
    g_autofree char *source = g_build_filename (etc, name, NULL);
    g_autofree char *target = g_build_filename ("/etc", name, NULL);

    practice_bwrap_add (argv, "--ro-bind", source, target, NULL);
  }
  return TRUE;
}

static gboolean
is_program (const char *path)
{
  char magic[4] = "";
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  gssize length;

  if (fd < 0)
    return FALSE;
  length = read (fd, magic, sizeof magic);
  close (fd);
  return length == sizeof magic && memcmp (magic, "\177ELF", sizeof magic) == 0 &&
         access (path, X_OK) == 0;
}

/* A snap's command is a link to the snap program, which does not run in the sandbox. */
static char *
dup_real_kubectl (const char *path)
{
  g_autofree char *real = realpath (path, NULL);
  g_autofree char *name = real ? g_path_get_basename (real) : NULL;

  if (g_strcmp0 (name, "snap") == 0) {
    free (real);
    real = realpath ("/snap/kubectl/current/kubectl", NULL);
  }
  return real && is_program (real) ? g_steal_pointer (&real) : NULL;
}

/**
 * practice_bwrap_find_kubectl:
 *
 * Looks for the kubectl that the jumpserver shall have: the file named by `KONVOY_LAB_KUBECTL`, or
 * the first on `PATH` that is a program, since the scripts that some version managers put there
 * need what the sandbox does not have.
 *
 * Returns: (transfer full) (nullable): its path, without links
 */
char *
practice_bwrap_find_kubectl (void)
{
  const char *chosen = g_getenv ("KONVOY_LAB_KUBECTL");
  const char *path = g_getenv ("PATH");
  g_auto (GStrv) folders = NULL;

  if (chosen && *chosen)
    return dup_real_kubectl (chosen);
  folders = g_strsplit (path ? path : "/usr/local/bin:/usr/bin:/bin", ":", -1);
  for (guint i = 0; folders[i]; i++) {
    g_autofree char *file = g_build_filename (folders[i], "kubectl", NULL);
    char *kubectl = g_path_is_absolute (file) ? dup_real_kubectl (file) : NULL;

    if (kubectl)
      return kubectl;
  }
  return NULL;
}

/**
 * practice_bwrap_find_ca_bundle:
 *
 * Returns: (transfer none) (nullable): the file of the authorities that this computer trusts
 */
const char *
practice_bwrap_find_ca_bundle (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (ca_bundles); i++)
    if (g_file_test (ca_bundles[i], G_FILE_TEST_EXISTS))
      return ca_bundles[i];
  return NULL;
}

/**
 * practice_bwrap_write_options:
 * @options: options of bubblewrap
 * @error: return location for an error
 *
 * Puts options into a file that bubblewrap reads, so that a list of processes inside does not show
 * where things are on this computer.
 *
 * Returns: a file descriptor for `bwrap --args`; -1 on an error
 */
int
practice_bwrap_write_options (GStrv options, GError **error)
{
  g_autoptr (GByteArray) data = g_byte_array_new ();

  for (guint i = 0; options[i]; i++)
    g_byte_array_append (data, (const guint8 *)options[i], strlen (options[i]) + 1);
  return practice_bwrap_open_data (data->data, data->len, error);
}

/**
 * practice_bwrap_open_data:
 * @data: bytes
 * @length: how many
 * @error: return location for an error
 *
 * Returns: a file descriptor from which @data can be read; -1 on an error
 */
int
practice_bwrap_open_data (gconstpointer data, gsize length, GError **error)
{
  int fd = memfd_create ("bwrap", MFD_CLOEXEC);

  if (fd >= 0 && write (fd, data, length) == (gssize)length && lseek (fd, 0, SEEK_SET) == 0)
    return fd;
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));
  if (fd >= 0)
    close (fd);
  return -1;
}

/**
 * practice_bwrap_open_options:
 * @paths: where the parts are
 * @error: return location for an error
 *
 * The options of bubblewrap, bwrap(1), for the jumpserver: everything its own but the network, for
 * which the caller first moves the process into the sandbox's (see practice_network_enter()). Of
 * this computer it has /usr and the parts of @paths, all but the home read-only.
 *
 * Returns: a file descriptor for `bwrap --args`; -1 where @paths cannot be read
 */
int
practice_bwrap_open_options (const PracticeBwrapPaths *paths, GError **error)
{
  g_autoptr (GStrvBuilder) argv = g_strv_builder_new ();
  g_auto (GStrv) options = NULL;

  g_return_val_if_fail (paths != NULL, -1);

  practice_bwrap_add (argv, "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-uts",
                      "--unshare-cgroup-try", "--die-with-parent", "--cap-drop", "ALL", "--uid",
                      USER_ID, "--gid", USER_ID, "--hostname", "jumpserver", "--clearenv", NULL);
  practice_bwrap_add (argv, "--setenv", "HOME", PRACTICE_JUMPSERVER_HOME, "--setenv", "USER",
                      "centos", "--setenv", "LOGNAME", "centos", "--setenv", "SHELL", "/bin/bash",
                      "--setenv", "PATH", PROGRAM_PATH, "--setenv", "KUBECONFIG",
                      PRACTICE_JUMPSERVER_HOME "/.kube/config", NULL);
  practice_bwrap_add_system (argv);
  practice_bwrap_add (argv, "--tmpfs", "/tmp", "--tmpfs", "/run", "--symlink", "../tmp", "/var/tmp",
                      "--symlink", "../run", "/var/run", NULL);
  if (!add_etc (argv, paths->etc, error))
    return -1;
  practice_bwrap_add (argv, "--bind", paths->home, PRACTICE_JUMPSERVER_HOME, "--ro-bind",
                      paths->sockets, PRACTICE_JUMPSERVER_SOCKETS, "--ro-bind", paths->program,
                      PRACTICE_JUMPSERVER_PROGRAM, "--symlink", "../libexec/konvoy-practice",
                      "/opt/konvoy/bin/konvoy", NULL);
  if (paths->kubectl)
    practice_bwrap_add (argv, "--ro-bind", paths->kubectl, "/opt/konvoy/bin/kubectl", NULL);
  /* Started by root, its id is this computer's root, which may write most of /proc/sys without any
   * capability. */
  practice_bwrap_add (argv, "--remount-ro", "/proc", "--remount-ro", "/", "--chdir",
                      PRACTICE_JUMPSERVER_HOME, NULL);
  options = g_strv_builder_end (argv);
  return practice_bwrap_write_options (options, error);
}
