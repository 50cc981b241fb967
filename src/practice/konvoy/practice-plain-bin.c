/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-plain-bin.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* Names under which we are somebody else; see main.c. */
static const char *const names[] = { "konvoy", "nc", "nslookup", "telnet" };

static gboolean
link_program (const char *folder, const char *name, const char *program, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  g_unlink (path);
  if (symlink (program, path) == 0)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, g_io_error_from_errno (errno), g_strerror (errno));

  return FALSE;
}

/* curl 7.84 and later take a SOCKS proxy on a Unix socket
 * (https://curl.se/libcurl/c/CURLOPT_PROXY.html). */
static gboolean
write_curl (const char *folder, const char *socks, const char *ca_bundle, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "curl", NULL);
  g_autofree char *curl = g_find_program_in_path ("curl");
  g_autofree char *quoted_socks = g_strconcat ("socks5h://localhost", socks, NULL);
  g_autofree char *proxy = g_shell_quote (quoted_socks);
  g_autofree char *bundle = g_shell_quote (ca_bundle);
  g_autofree char *quoted = g_shell_quote (curl != NULL ? curl : "curl");
  g_autofree char *script =
    curl != NULL
      ? g_strdup_printf ("#!/bin/sh\n"
                         "# curl in the network of the practice cluster.\n"
                         "unset all_proxy http_proxy https_proxy HTTPS_PROXY no_proxy\n"
                         "ALL_PROXY=%s CURL_CA_BUNDLE=%s NO_PROXY=127.0.0.1,localhost \\\n"
                         "  exec %s \"$@\"\n",
                         proxy, bundle, quoted)
      : g_strdup ("#!/bin/sh\n"
                  "echo 'curl: it is not installed on this computer. Install the package “curl”.' "
                  ">&2\n"
                  "exit 127\n");

  return g_file_set_contents_full (path, script, -1, G_FILE_SET_CONTENTS_NONE, 0700, error);
}

/**
 * practice_plain_bin_write:
 * @folder: a folder that is the user's alone
 * @program: ourselves
 * @socks: Unix socket of a SOCKS proxy into the practice network
 * @ca_bundle: what is trusted there
 * @error: return location
 *
 * Puts `konvoy`, `telnet`, `nc`, `nslookup` and `curl` there, which reach the practice network
 * without being in it.
 *
 * Returns: whether all is written
 */
gboolean
practice_plain_bin_write (
  const char *folder, const char *program, const char *socks, const char *ca_bundle, GError **error)
{
  g_return_val_if_fail (folder != NULL && program != NULL, FALSE);
  g_return_val_if_fail (socks != NULL && ca_bundle != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (!link_program (folder, names[i], program, error))
      return FALSE;

  return write_curl (folder, socks, ca_bundle, error);
}

static gboolean
write_excuse (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *script =
    g_strdup_printf ("#!/bin/sh\n"
                     "echo '%s: on this computer only curl reaches the cluster from a pod.' >&2\n"
                     "exit 1\n",
                     name);

  return g_file_set_contents_full (path, script, -1, G_FILE_SET_CONTENTS_NONE, 0700, error);
}

/**
 * practice_plain_bin_write_pod:
 * @folder: the user's alone
 * @socks: the socket of a proxy
 * @ca_bundle: the certificates that curl trusts
 * @error: return location for an error
 *
 * Writes a curl that uses @socks, and says in place of other programs that they cannot.
 *
 * Returns: whether it was done
 */
gboolean
practice_plain_bin_write_pod (const char *folder,
                              const char *socks,
                              const char *ca_bundle,
                              GError **error)
{
  g_return_val_if_fail (folder != NULL && socks != NULL && ca_bundle != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (!g_str_equal (names[i], "konvoy") && !write_excuse (folder, names[i], error))
      return FALSE;

  return write_curl (folder, socks, ca_bundle, error);
}
