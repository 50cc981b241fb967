/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-download-site.h"

#include "jumpserver-resources.h"
#include "practice-archive.h"

#define RESOURCE_PREFIX "/io/github/konvoylab/jumpserver/"
#define RELEASE "istio-1.4.0"
#define RELEASE_FOLDER RESOURCE_PREFIX "home/" RELEASE "/"
#define RELEASES "/istio/istio/releases/download/1.4.0/"

struct _PracticeDownloadSite {
  GObject parent_instance;
};

static void handler_init (PracticeHttpHandlerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PracticeDownloadSite,
                               practice_download_site,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PRACTICE_TYPE_HTTP_HANDLER, handler_init))

static const char *const names[] = {
  "istio.io",
  "www.istio.io",
  "github.com",
  NULL,
};

static GBytes *
dup_script (const char *name, GError **error)
{
  g_autofree char *path = g_strconcat (RESOURCE_PREFIX "site/", name, NULL);

  return g_resource_lookup_data (jumpserver_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                 error);
}

static GBytes *
dup_release (const char *name, GError **error)
{
  g_autoptr (PracticeArchive) archive = practice_archive_new ();

  if (!practice_archive_add_folder (archive, jumpserver_get_resource (), RELEASE_FOLDER,
                                    RELEASE "/", error))
    return NULL;

  return practice_archive_compress (archive, error);
}

static GBytes *
dup_istioctl (const char *name, GError **error)
{
  g_autoptr (PracticeArchive) archive = practice_archive_new ();

  if (!practice_archive_add_file (archive, jumpserver_get_resource (),
                                  RELEASE_FOLDER "bin/istioctl", "istioctl", error))
    return NULL;

  return practice_archive_compress (archive, error);
}

static const struct {
  const char *path;
  const char *content_type;
  GBytes *(*dup) (const char *name, GError **error);
} files[] = {
  { "/downloadIstio", "text/plain; charset=utf-8", dup_script },
  { "/downloadIstioctl", "text/plain; charset=utf-8", dup_script },
  { RELEASES RELEASE "-linux.tar.gz", "application/gzip", dup_release },
  { RELEASES RELEASE "-linux-amd64.tar.gz", "application/gzip", dup_release },
  { RELEASES "istioctl-1.4.0-linux.tar.gz", "application/gzip", dup_istioctl },
  { RELEASES "istioctl-1.4.0-linux-amd64.tar.gz", "application/gzip", dup_istioctl },
};

static PracticeHttpResponse *
answer (PracticeHttpRequest *request)
{
  g_autofree char *path = practice_http_request_dup_path (request);
  const char *method = practice_http_request_get_method (request);

  if (!g_str_equal (method, "GET") && !g_str_equal (method, "HEAD"))
    return practice_http_response_new (SOUP_STATUS_METHOD_NOT_ALLOWED, "text/plain",
                                       "Method not allowed\n");
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = NULL;

    if (!g_str_equal (path, files[i].path))
      continue;
    bytes = files[i].dup (path + 1, &error);
    if (bytes == NULL)
      return practice_http_response_new (SOUP_STATUS_INTERNAL_SERVER_ERROR, "text/plain",
                                         error->message);
    return practice_http_response_new_bytes (SOUP_STATUS_OK, files[i].content_type, bytes);
  }

  return practice_http_response_new (SOUP_STATUS_NOT_FOUND, "text/plain", "Not Found\n");
}

static void
practice_download_site_handle_async (PracticeHttpHandler *handler,
                                     PracticeHttpRequest *request,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (handler, cancellable, callback, user_data);

  g_task_set_source_tag (task, practice_download_site_handle_async);
  g_task_return_pointer (task, answer (request), (GDestroyNotify)practice_http_response_unref);
}

static PracticeHttpResponse *
practice_download_site_handle_finish (PracticeHttpHandler *handler,
                                      GAsyncResult *result,
                                      GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
handler_init (PracticeHttpHandlerInterface *iface)
{
  iface->handle_async = practice_download_site_handle_async;
  iface->handle_finish = practice_download_site_handle_finish;
}

static void
practice_download_site_class_init (PracticeDownloadSiteClass *klass)
{
}

static void
practice_download_site_init (PracticeDownloadSite *self)
{
}

/**
 * practice_download_site_new:
 *
 * Returns: (transfer full): the sites
 */
PracticeDownloadSite *
practice_download_site_new (void)
{
  return g_object_new (PRACTICE_TYPE_DOWNLOAD_SITE, NULL);
}

/**
 * practice_download_site_get_names:
 *
 * Returns: (transfer none) (array zero-terminated=1): the host names under which the practice
 *   network has the sites
 */
const char *const *
practice_download_site_get_names (void)
{
  return names;
}
