/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-traefik-dashboard.h"

#include "base-json.h"
#include "practice-traefik-page.h"
#include "practice-traefik-report.h"

#define JSON_TYPE "application/json"
#define TEXT "text/plain; charset=utf-8"
#define HTML "text/html; charset=utf-8"

/**
 * PracticeTraefikDashboard:
 *
 * The API of Traefik 1.7 (https://doc.traefik.io/traefik/v1.7/configuration/api/), and a page of
 * our own that shows what it says.
 */
struct _PracticeTraefikDashboard {
  GObject parent_instance;

  PracticeTraefik *traefik;
};

static void handler_iface_init (PracticeHttpHandlerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PracticeTraefikDashboard,
                               practice_traefik_dashboard,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PRACTICE_TYPE_HTTP_HANDLER,
                                                      handler_iface_init))

static PracticeHttpResponse *
new_json (JsonNode *node)
{
  g_autofree char *text = base_json_write (node, FALSE);

  return practice_http_response_new (SOUP_STATUS_OK, JSON_TYPE, text);
}

/* Behind a frontend that strips a prefix, a link has to have it. */
static PracticeHttpResponse *
new_redirect (PracticeHttpRequest *request)
{
  const char *prefix = practice_http_request_get_header (request, "X-Forwarded-Prefix");
  gboolean is_path = prefix != NULL && *prefix == '/' && prefix[1] != '/';
  g_autofree char *location = g_strconcat (is_path ? prefix : "", "/dashboard/", NULL);
  PracticeHttpResponse *response = practice_http_response_new (SOUP_STATUS_FOUND, TEXT, "Found\n");

  soup_message_headers_replace (practice_http_response_get_headers (response), "Location",
                                location);
  return response;
}

static PracticeHttpResponse *
new_page (PracticeTraefikDashboard *self)
{
  g_autofree char *page = practice_traefik_page_write (practice_traefik_get_config (self->traefik));
  PracticeHttpResponse *response = practice_http_response_new (SOUP_STATUS_OK, HTML, page);

  soup_message_headers_replace (practice_http_response_get_headers (response), "Cache-Control",
                                "no-store");
  return response;
}

static PracticeHttpResponse *
new_not_found (void)
{
  return practice_http_response_new (SOUP_STATUS_NOT_FOUND, TEXT, "404 page not found\n");
}

/* "/api/providers/kubernetes/frontends/NAME" walks down the report. The name of a frontend may have
 * slashes itself. */
static PracticeHttpResponse *
new_report (PracticeTraefikDashboard *self, const char *path)
{
  g_autoptr (JsonNode) report =
    practice_traefik_report_new (practice_traefik_get_config (self->traefik));
  g_auto (GStrv) parts = g_strsplit (path, "/", 3);
  JsonNode *node = report;

  for (guint i = 0; node != NULL && parts[i] != NULL && *parts[i] != '\0'; i++) {
    g_autofree char *name = g_uri_unescape_string (parts[i], NULL);

    node = base_json_get (node, name != NULL ? name : parts[i], NULL);
  }
  return node != NULL ? new_json (node) : new_not_found ();
}

static PracticeHttpResponse *
new_version (void)
{
  return practice_http_response_new (SOUP_STATUS_OK, JSON_TYPE,
                                     "{\"Version\":\"v1.7.12\",\"Codename\":\"maroilles\"}");
}

static PracticeHttpResponse *
answer (PracticeTraefikDashboard *self, PracticeHttpRequest *request)
{
  g_autofree char *path = practice_http_request_dup_path (request);
  const char *method = practice_http_request_get_method (request);

  if (!g_str_equal (method, "GET") && !g_str_equal (method, "HEAD"))
    return practice_http_response_new (SOUP_STATUS_METHOD_NOT_ALLOWED, TEXT, "");
  if (g_str_equal (path, "/") || g_str_equal (path, "/dashboard"))
    return new_redirect (request);
  if (g_str_has_prefix (path, "/dashboard/"))
    return new_page (self);
  if (g_str_equal (path, "/ping"))
    return practice_http_response_new (SOUP_STATUS_OK, TEXT, "OK");
  if (g_str_equal (path, "/health")) {
    g_autoptr (JsonNode) health = practice_traefik_new_health (self->traefik);

    return new_json (health);
  }
  if (g_str_equal (path, "/api/version"))
    return new_version ();
  if (g_str_equal (path, "/api") || g_str_equal (path, "/api/providers"))
    return new_report (self, "");
  if (g_str_has_prefix (path, "/api/providers/"))
    return new_report (self, path + strlen ("/api/providers/"));
  return new_not_found ();
}

static void
practice_traefik_dashboard_handle_async (PracticeHttpHandler *handler,
                                         PracticeHttpRequest *request,
                                         GCancellable *cancellable,
                                         GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (handler, cancellable, callback, user_data);

  g_task_set_source_tag (task, practice_traefik_dashboard_handle_async);
  g_task_return_pointer (task, answer (PRACTICE_TRAEFIK_DASHBOARD (handler), request),
                         (GDestroyNotify)practice_http_response_unref);
}

static PracticeHttpResponse *
practice_traefik_dashboard_handle_finish (PracticeHttpHandler *handler,
                                          GAsyncResult *result,
                                          GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, handler), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
practice_traefik_dashboard_dispose (GObject *object)
{
  PracticeTraefikDashboard *self = PRACTICE_TRAEFIK_DASHBOARD (object);

  g_clear_object (&self->traefik);

  G_OBJECT_CLASS (practice_traefik_dashboard_parent_class)->dispose (object);
}

static void
practice_traefik_dashboard_class_init (PracticeTraefikDashboardClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = practice_traefik_dashboard_dispose;
}

static void
handler_iface_init (PracticeHttpHandlerInterface *iface)
{
  iface->handle_async = practice_traefik_dashboard_handle_async;
  iface->handle_finish = practice_traefik_dashboard_handle_finish;
}

static void
practice_traefik_dashboard_init (PracticeTraefikDashboard *self)
{
}

/**
 * practice_traefik_dashboard_new:
 * @traefik: what it shows
 *
 * Returns: (transfer full): a dashboard
 */
PracticeTraefikDashboard *
practice_traefik_dashboard_new (PracticeTraefik *traefik)
{
  PracticeTraefikDashboard *self;

  g_return_val_if_fail (PRACTICE_IS_TRAEFIK (traefik), NULL);

  self = g_object_new (PRACTICE_TYPE_TRAEFIK_DASHBOARD, NULL);
  self->traefik = g_object_ref (traefik);
  return self;
}
