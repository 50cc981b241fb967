/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-trust.h"

#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kube-error.h"

static void
close_descriptor (gpointer data)
{
  close (GPOINTER_TO_INT (data));
}

/* A file in memory only, which nobody can change any more. */
static int
open_memory_file (GBytes *contents, GError **error)
{
  int fd = memfd_create ("certificate-authority", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  g_autoptr (GOutputStream) stream = NULL;

  if (fd < 0) {
    g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_FAILED,
                         _ ("There is no memory for the kubeconfig's certificates."));
    return -1;
  }
  stream = g_unix_output_stream_new (fd, FALSE);
  if (!g_output_stream_write_all (stream, g_bytes_get_data (contents, NULL),
                                  g_bytes_get_size (contents), NULL, NULL, error)) {
    close (fd);
    return -1;
  }
  fcntl (fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
  return fd;
}

/**
 * kube_trust_new_database:
 * @pem: the certificates of one or more authorities
 * @error: return location for an error
 *
 * Trusts these authorities and no others, not even the system's, as kubectl does.
 *
 * GLib's database of a file reads the file again at each handshake; this one's is kept open in
 * memory as long as the database lives.
 *
 * Returns: (transfer full) (nullable): the database, %NULL with a %KUBE_ERROR_CONFIG
 */
GTlsDatabase *
kube_trust_new_database (GBytes *pem, GError **error)
{
  g_autoptr (GTlsDatabase) database = NULL;
  g_autofree char *path = NULL;
  GList *certificates;
  int fd;

  g_return_val_if_fail (pem != NULL, NULL);

  fd = open_memory_file (pem, error);
  if (fd < 0)
    return NULL;
  path = g_strdup_printf ("/proc/self/fd/%d", fd);

  /* The database itself says little about a bad file. */
  certificates = g_tls_certificate_list_new_from_file (path, NULL);
  if (certificates != NULL)
    database = g_tls_file_database_new (path, error);
  else
    g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                         _ ("The kubeconfig's certificate authority is not a PEM certificate. "
                            "Mend it, or get a fresh kubeconfig from who runs the cluster."));
  g_list_free_full (certificates, g_object_unref);

  if (database == NULL) {
    close (fd);
    return NULL;
  }
  g_object_set_data_full (G_OBJECT (database), "kube-trust-file", GINT_TO_POINTER (fd),
                          close_descriptor);
  return g_steal_pointer (&database);
}

/**
 * kube_trust_new_certificate:
 * @certificate: a client's certificate, PEM, with the chain where there is one
 * @key: its private key, PEM
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the certificate, %NULL with a %KUBE_ERROR_CONFIG
 */
GTlsCertificate *
kube_trust_new_certificate (GBytes *certificate, GBytes *key, GError **error)
{
  g_autoptr (GString) pem = g_string_new (NULL);
  g_autoptr (GError) local_error = NULL;
  GTlsCertificate *result;

  g_return_val_if_fail (certificate != NULL && key != NULL, NULL);

  g_string_append_len (pem, g_bytes_get_data (certificate, NULL),
                       (gssize)g_bytes_get_size (certificate));
  g_string_append_c (pem, '\n');
  g_string_append_len (pem, g_bytes_get_data (key, NULL), (gssize)g_bytes_get_size (key));

  result = g_tls_certificate_new_from_pem (pem->str, (gssize)pem->len, &local_error);
  if (result == NULL)
    g_set_error_literal (error, KUBE_ERROR, KUBE_ERROR_CONFIG,
                         _ ("The kubeconfig's client certificate and key are not a PEM "
                            "certificate and its unencrypted key. Get a fresh kubeconfig "
                            "from who runs the cluster."));
  return result;
}
