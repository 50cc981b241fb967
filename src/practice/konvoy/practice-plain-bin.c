/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-plain-bin.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

/* Names under which we are somebody else; see main.c. The first is not for pods. */
static const char *const names[] = { "konvoy", "nc", "nslookup", "telnet" };

/* What this computer may have, and what would look for the cluster where it is not. */
static const char *const lost[] = { "dig", "host", "redis-cli", "wget" };

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

/* In place of @name: it says why it does not go, and what does. */
static gboolean
write_excuse (const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *message = g_strdup_printf (
    /* Translators: %s is a program, such as redis-cli */
    _ ("%s: this computer lets programs have no network of their own, so that only curl, nc, "
       "nslookup and telnet reach the practice cluster."),
    name);
  g_autofree char *quoted = g_shell_quote (message);
  g_autofree char *script = g_strdup_printf ("#!/bin/sh\n"
                                             "printf '%%s\\n' %s >&2\n"
                                             "exit 1\n",
                                             quoted);

  return g_file_set_contents_full (path, script, -1, G_FILE_SET_CONTENTS_NONE, 0700, error);
}

/* @first: of our own names. */
static gboolean
write_all (const char *folder,
           const char *program,
           guint first,
           const char *socks,
           const char *ca_bundle,
           GError **error)
{
  for (guint i = first; i < G_N_ELEMENTS (names); i++)
    if (!link_program (folder, names[i], program, error))
      return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (lost); i++)
    if (!write_excuse (folder, lost[i], error))
      return FALSE;

  return write_curl (folder, socks, ca_bundle, error);
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
 * without being in it; other programs say why they do not.
 *
 * Returns: whether all is written
 */
gboolean
practice_plain_bin_write (
  const char *folder, const char *program, const char *socks, const char *ca_bundle, GError **error)
{
  g_return_val_if_fail (folder != NULL && program != NULL, FALSE);
  g_return_val_if_fail (socks != NULL && ca_bundle != NULL, FALSE);

  return write_all (folder, program, 0, socks, ca_bundle, error);
}

/**
 * practice_plain_bin_write_pod:
 * @folder: the user's alone
 * @program: ourselves
 * @socks: the socket of the pod's proxy
 * @ca_bundle: the certificates that curl trusts
 * @error: return location for an error
 *
 * Does for a pod what practice_plain_bin_write() does for the jumpserver, which alone has `konvoy`.
 *
 * Returns: whether it was done
 */
gboolean
practice_plain_bin_write_pod (
  const char *folder, const char *program, const char *socks, const char *ca_bundle, GError **error)
{
  g_return_val_if_fail (folder != NULL && program != NULL, FALSE);
  g_return_val_if_fail (socks != NULL && ca_bundle != NULL, FALSE);

  return write_all (folder, program, 1, socks, ca_bundle, error);
}
