/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-sites.h"

#include "base-private-file.h"
#include "practice-bwrap.h"
#include "practice-certificates.h"
#include "practice-download-site.h"
#include "practice-http-server.h"

/* Not among those of nodes, pods, Services and load balancers. */
#define ADDRESS "10.210.0.1"
#define HTTP_PORT 80
#define HTTPS_PORT 443

struct _PracticeSites {
  GObject parent_instance;

  PracticeHttpHandler *handler;
  char *authority; /* PEM */
  GTlsCertificate *certificate;
  PracticeHttpServer *http;  /* (nullable): not listening */
  PracticeHttpServer *https; /* (nullable): likewise */
};

G_DEFINE_FINAL_TYPE (PracticeSites, practice_sites, G_TYPE_OBJECT)

static void
stop (PracticeHttpServer **server)
{
  if (*server != NULL)
    practice_http_server_stop (*server);
  g_clear_object (server);
}

static void
practice_sites_dispose (GObject *object)
{
  PracticeSites *self = PRACTICE_SITES (object);

  stop (&self->http);
  stop (&self->https);
  g_clear_object (&self->handler);
  g_clear_object (&self->certificate);

  G_OBJECT_CLASS (practice_sites_parent_class)->dispose (object);
}

static void
practice_sites_finalize (GObject *object)
{
  PracticeSites *self = PRACTICE_SITES (object);

  g_free (self->authority);

  G_OBJECT_CLASS (practice_sites_parent_class)->finalize (object);
}

static void
practice_sites_class_init (PracticeSitesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_sites_dispose;
  object_class->finalize = practice_sites_finalize;
}

static void
practice_sites_init (PracticeSites *self)
{
  self->handler = PRACTICE_HTTP_HANDLER (practice_download_site_new ());
}

/**
 * practice_sites_new:
 * @error: return location
 *
 * Returns: (transfer full) (nullable): the sites, with a certificate that is made for this time
 */
PracticeSites *
practice_sites_new (GError **error)
{
  g_autoptr (PracticeSites) self = g_object_new (PRACTICE_TYPE_SITES, NULL);
  g_autoptr (PracticeCertificates) certificates =
    practice_certificates_new_for_site (practice_download_site_get_names (), error);
  g_autofree char *pem = NULL;

  if (certificates == NULL)
    return NULL;
  self->authority = g_steal_pointer (&certificates->ca);
  pem = g_strconcat (certificates->certificate, certificates->key, NULL);
  self->certificate = g_tls_certificate_new_from_pem (pem, -1, error);

  return self->certificate != NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * practice_sites_write_bundle:
 * @self: the sites
 * @path: a file
 * @error: return location
 *
 * Writes what programs of the jumpserver trust: what this computer trusts, and the sites.
 *
 * Returns: whether it is written
 */
gboolean
practice_sites_write_bundle (PracticeSites *self, const char *path, GError **error)
{
  const char *system = practice_bwrap_find_ca_bundle ();
  g_autofree char *text = NULL;
  g_autofree char *all = NULL;

  g_return_val_if_fail (PRACTICE_IS_SITES (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  if (system != NULL)
    g_file_get_contents (system, &text, NULL, NULL);
  all = g_strconcat (self->authority, text, NULL);

  return base_private_file_write (path, all, error);
}

static PracticeHttpServer *
listen_at (PracticeSites *self,
           PracticeNetwork *network,
           guint16 port,
           GTlsCertificate *certificate,
           GError **error)
{
  g_autoptr (GSocket) socket =
    practice_network_listen (network, G_SOCKET_TYPE_STREAM, ADDRESS, port, error);
  g_autoptr (PracticeHttpServer) server = NULL;

  if (socket == NULL)
    return NULL;
  server = practice_http_server_new (self->handler, NULL, certificate);

  return practice_http_server_listen (server, socket, error) ? g_steal_pointer (&server) : NULL;
}

/**
 * practice_sites_listen:
 * @self: the sites
 * @network: where they answer
 * @error: return location
 *
 * Returns: whether they answer
 */
gboolean
practice_sites_listen (PracticeSites *self, PracticeNetwork *network, GError **error)
{
  g_return_val_if_fail (PRACTICE_IS_SITES (self), FALSE);
  g_return_val_if_fail (PRACTICE_IS_NETWORK (network), FALSE);

  self->http = listen_at (self, network, HTTP_PORT, NULL, error);
  if (self->http != NULL)
    self->https = listen_at (self, network, HTTPS_PORT, self->certificate, error);

  return self->https != NULL;
}

/**
 * practice_sites_resolve:
 * @self: the sites
 * @name: a host name, without the last dot
 *
 * Returns: (transfer none) (nullable): the address of the site; %NULL where there is no such site
 */
const char *
practice_sites_resolve (PracticeSites *self, const char *name)
{
  g_autofree char *lower = NULL;

  g_return_val_if_fail (PRACTICE_IS_SITES (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  lower = g_ascii_strdown (name, -1);

  return g_strv_contains (practice_download_site_get_names (), lower) ? ADDRESS : NULL;
}

/**
 * practice_sites_has_address:
 * @self: the sites
 * @address: an IPv4 address
 *
 * Returns: whether the sites are there
 */
gboolean
practice_sites_has_address (PracticeSites *self, const char *address)
{
  g_return_val_if_fail (PRACTICE_IS_SITES (self), FALSE);

  return g_strcmp0 (address, ADDRESS) == 0;
}

/**
 * practice_sites_get_handler:
 * @self: the sites
 *
 * Returns: (transfer none): what answers
 */
PracticeHttpHandler *
practice_sites_get_handler (PracticeSites *self)
{
  g_return_val_if_fail (PRACTICE_IS_SITES (self), NULL);

  return self->handler;
}

/**
 * practice_sites_get_certificate:
 * @self: the sites
 *
 * Returns: (transfer none): their certificate, with its key
 */
GTlsCertificate *
practice_sites_get_certificate (PracticeSites *self)
{
  g_return_val_if_fail (PRACTICE_IS_SITES (self), NULL);

  return self->certificate;
}
