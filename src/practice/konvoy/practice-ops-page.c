/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-ops-page.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "practice-ops-portal.h"
#include "practice-web-page.h"

#define PORTAL "/ops/portal"
#define LOGIN PORTAL "/login"
#define LOGOUT PORTAL "/logout"
#define TOKEN PORTAL "/token"
#define COOKIE "ops_portal_session"
#define BODY_LIMIT 4096
#define SESSION_LIMIT 64

struct _PracticeOpsPage {
  GObject parent_instance;

  PracticeStore *store;
  GQueue sessions; /* of char*: what cookies may say, the newest first */
};

static void handler_init (PracticeHttpHandlerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PracticeOpsPage,
                               practice_ops_page,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PRACTICE_TYPE_HTTP_HANDLER, handler_init))

/* What the portal leads to. */
static const struct {
  const char *title;
  const char *text;
  const char *path; /* (nullable): not in the practice cluster */
  const char *namespace_;
  const char *deployment;
} cards[] = {
  { "Kubernetes Dashboard", N_ ("The nodes, the pods and the Services of the cluster."),
    PORTAL "/kubernetes-dashboard/", "kubeaddons", "kubernetes-dashboard" },
  { "Traefik", N_ ("The routes that Ingresses make, and where they lead."), PORTAL "/traefik/",
    "kubeaddons", "traefik-kubeaddons" },
  { "Kiali", N_ ("The mesh as a picture: who calls whom, and how it goes."), PORTAL "/kiali/",
    "istio-system", "kiali" },
  { "Grafana", N_ ("Figures of the cluster over time."), NULL, NULL, NULL },
  { "Prometheus", N_ ("Where the figures are collected."), NULL, NULL, NULL },
  { "Kibana", N_ ("The logs of all pods."), NULL, NULL, NULL },
};

static gboolean
has_session (PracticeOpsPage *self, PracticeHttpRequest *request)
{
  const char *header =
    soup_message_headers_get_list (practice_http_request_get_headers (request), "Cookie");
  g_auto (GStrv) cookies = header != NULL ? g_strsplit_set (header, ";,", -1) : NULL;

  for (guint i = 0; cookies != NULL && cookies[i] != NULL; i++) {
    const char *value = g_strstrip (cookies[i]);

    if (g_str_has_prefix (value, COOKIE "=") &&
        g_queue_find_custom (&self->sessions, value + strlen (COOKIE "="),
                             (GCompareFunc)g_strcmp0) != NULL)
      return TRUE;
  }

  return FALSE;
}

static PracticeHttpResponse *
new_redirect (const char *location)
{
  PracticeHttpResponse *response = practice_http_response_new (SOUP_STATUS_FOUND, "text/plain", "");

  soup_message_headers_replace (practice_http_response_get_headers (response), "Location",
                                location);

  return response;
}

static PracticeHttpResponse *
show_welcome (void)
{
  GString *page = practice_web_page_begin (_ ("Ops portal"));

  practice_web_page_add (page,
                         "<p>%s</p><a class=\"button\" href=\"" LOGIN
                         "\">%s</a><a class=\"button\" href=\"" TOKEN "\">%s</a>\n",
                         _ ("This is the way to the web pages of the cluster."), _ ("Log in"),
                         _ ("Generate a kubectl token"));

  return practice_web_page_end (page, SOUP_STATUS_OK);
}

static PracticeHttpResponse *
show_login (const char *complaint)
{
  GString *page = practice_web_page_begin (_ ("Ops portal: log in"));

  if (complaint != NULL)
    practice_web_page_add (page, "<p class=\"error\">%s</p>", complaint);
  practice_web_page_add (
    page,
    "<form method=\"post\" action=\"" LOGIN "\"><label>%s<input name=\"username\" "
    "autocomplete=\"username\" autofocus></label><label>%s<input name=\"password\" "
    "type=\"password\" autocomplete=\"current-password\"></label><button>%s</button></form>"
    "<p>%s</p>\n",
    _ ("User name"), _ ("Password"), _ ("Log in"),
    _ ("“konvoy get ops-portal” tells user name and password."));

  return practice_web_page_end (page,
                                complaint != NULL ? SOUP_STATUS_UNAUTHORIZED : SOUP_STATUS_OK);
}

static PracticeHttpResponse *
show_token (void)
{
  GString *page = practice_web_page_begin (_ ("Ops portal: kubectl"));

  practice_web_page_add (
    page, "<p>%s</p><pre>konvoy apply kubeconfig</pre><a href=\"" PORTAL "\">%s</a>\n",
    _ ("The practice cluster has one token for kubectl, and this command puts it where kubectl "
       "looks:"),
    _ ("Back"));

  return practice_web_page_end (page, SOUP_STATUS_OK);
}

static void
add_card (PracticeOpsPage *self, GString *page, guint i)
{
  practice_web_page_add (page, "<div class=\"card\"><h2>%s</h2><p>%s</p>", cards[i].title,
                         _ (cards[i].text));
  if (cards[i].path == NULL)
    practice_web_page_add (page, "<p class=\"none\">%s</p></div>\n",
                           _ ("Not part of the practice cluster."));
  else if (practice_store_get (self->store, "apps/deployments", cards[i].namespace_,
                               cards[i].deployment) == NULL)
    practice_web_page_add (page, "<p class=\"none\">%s</p></div>\n",
                           _ ("Not installed in this cluster yet."));
  else
    practice_web_page_add (page, "<a href=\"%s\">%s</a></div>\n", cards[i].path, _ ("Open"));
}

static PracticeHttpResponse *
show_cards (PracticeOpsPage *self)
{
  GString *page = practice_web_page_begin (_ ("Ops portal"));

  g_string_append (page, "<div class=\"cards\">\n");
  for (guint i = 0; i < G_N_ELEMENTS (cards); i++)
    add_card (self, page, i);
  practice_web_page_add (page, "</div><p><a href=\"" LOGOUT "\">%s</a></p>\n", _ ("Log out"));

  return practice_web_page_end (page, SOUP_STATUS_OK);
}

static gboolean
is_right (PracticeOpsPage *self, GHashTable *form)
{
  g_autofree char *username = practice_ops_portal_dup_username (self->store);
  g_autofree char *password = practice_ops_portal_dup_password (self->store);

  return username != NULL && password != NULL &&
         g_strcmp0 (g_hash_table_lookup (form, "username"), username) == 0 &&
         g_strcmp0 (g_hash_table_lookup (form, "password"), password) == 0;
}

static PracticeHttpResponse *
log_in (PracticeOpsPage *self, PracticeHttpRequest *request)
{
  GBytes *body = practice_http_request_get_body (request);
  gsize length = body != NULL ? g_bytes_get_size (body) : 0;
  g_autofree char *text =
    length <= BODY_LIMIT && length > 0 ? g_strndup (g_bytes_get_data (body, NULL), length) : NULL;
  g_autoptr (GHashTable) form = soup_form_decode (text != NULL ? text : "");
  g_autofree char *cookie = NULL;
  PracticeHttpResponse *response;

  if (!is_right (self, form))
    return show_login (_ ("User name or password is wrong."));

  g_queue_push_head (&self->sessions, g_uuid_string_random ());
  if (g_queue_get_length (&self->sessions) > SESSION_LIMIT)
    g_free (g_queue_pop_tail (&self->sessions));
  cookie = g_strdup_printf (COOKIE "=%s; Path=/ops; HttpOnly; SameSite=Lax",
                            (const char *)g_queue_peek_head (&self->sessions));
  response = new_redirect (PORTAL);
  soup_message_headers_append (practice_http_response_get_headers (response), "Set-Cookie", cookie);

  return response;
}

static PracticeHttpResponse *
log_out (void)
{
  PracticeHttpResponse *response = new_redirect (PORTAL);

  soup_message_headers_append (practice_http_response_get_headers (response), "Set-Cookie",
                               COOKIE "=; Path=/ops; Max-Age=0");

  return response;
}

static PracticeHttpResponse *
answer (PracticeOpsPage *self, PracticeHttpRequest *request)
{
  g_autofree char *path = practice_http_request_dup_path (request);
  gsize length = strlen (path);

  if (length > 1 && path[length - 1] == '/')
    path[length - 1] = '\0';
  if (g_str_equal (path, LOGIN))
    return g_str_equal (practice_http_request_get_method (request), "POST") ? log_in (self, request)
                                                                            : show_login (NULL);
  if (g_str_equal (path, TOKEN))
    return show_token ();
  if (g_str_equal (path, LOGOUT))
    return log_out ();
  if (g_str_equal (path, PORTAL) || g_str_equal (path, PRACTICE_OPS_PORTAL_PATH))
    return has_session (self, request) ? show_cards (self) : show_welcome ();

  return practice_http_response_new (SOUP_STATUS_NOT_FOUND, "text/plain", "404 page not found\n");
}

static void
practice_ops_page_handle_async (PracticeHttpHandler *handler,
                                PracticeHttpRequest *request,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (handler, cancellable, callback, user_data);

  g_task_set_source_tag (task, practice_ops_page_handle_async);
  g_task_return_pointer (task, answer (PRACTICE_OPS_PAGE (handler), request),
                         (GDestroyNotify)practice_http_response_unref);
}

static PracticeHttpResponse *
practice_ops_page_handle_finish (PracticeHttpHandler *handler, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
handler_init (PracticeHttpHandlerInterface *iface)
{
  iface->handle_async = practice_ops_page_handle_async;
  iface->handle_finish = practice_ops_page_handle_finish;
}

static void
practice_ops_page_finalize (GObject *object)
{
  PracticeOpsPage *self = PRACTICE_OPS_PAGE (object);

  g_queue_clear_full (&self->sessions, g_free);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_ops_page_parent_class)->finalize (object);
}

static void
practice_ops_page_class_init (PracticeOpsPageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_ops_page_finalize;
}

static void
practice_ops_page_init (PracticeOpsPage *self)
{
  g_queue_init (&self->sessions);
}

/**
 * practice_ops_page_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the ops portal
 */
PracticeOpsPage *
practice_ops_page_new (PracticeStore *store)
{
  PracticeOpsPage *self;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);

  self = g_object_new (PRACTICE_TYPE_OPS_PAGE, NULL);
  self->store = g_object_ref (store);

  return self;
}
