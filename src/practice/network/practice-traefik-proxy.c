/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-traefik-proxy.h"

#include <string.h>

#include "practice-password-file.h"

#define TEXT "text/plain; charset=utf-8"
#define DIAL_SECONDS 30.0

/**
 * PracticeTraefikProxy:
 *
 * What Traefik 1.7 does with a request: frontend, allowed sources, password, redirect, path,
 * server; each failure in its words.
 */
struct _PracticeTraefikProxy {
  GObject parent_instance;

  PracticeTraefik *traefik;
  PracticeFabric *fabric;
  PracticePeer *pod;
  char *entry_point;
  double dial_seconds;
  PracticeAccessLog *log; /* (nullable) */
};

static void handler_iface_init (PracticeHttpHandlerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PracticeTraefikProxy,
                               practice_traefik_proxy,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PRACTICE_TYPE_HTTP_HANDLER,
                                                      handler_iface_init))

/* A request that a server has. */
typedef struct {
  PracticeHttpRequest *request; /* (owned): the client's */
  char *frontend;               /* (nullable) (owned): its name */
  char *url;                    /* (nullable) (owned): of the server */
  gint64 started;               /* monotonic */
  GCancellable *cancellable;    /* (owned): ends the request to the server */
  gulong cancelled_id;
  GSource *dial; /* (nullable) (owned) */
  char *address; /* (nullable) (owned): of the server */
  guint16 port;
  gboolean has_timed_out;
} Exchange;

static void
clear_dial (Exchange *self)
{
  if (self->dial != NULL)
    g_source_destroy (self->dial);
  g_clear_pointer (&self->dial, g_source_unref);
}

static void
exchange_free (gpointer data)
{
  Exchange *self = data;

  clear_dial (self);
  g_clear_object (&self->cancellable);
  practice_http_request_unref (self->request);
  g_free (self->frontend);
  g_free (self->url);
  g_free (self->address);
  g_free (self);
}

static void
respond (GTask *task, PracticeHttpResponse *response)
{
  PracticeTraefikProxy *self = g_task_get_source_object (task);
  Exchange *exchange = g_task_get_task_data (task);
  gint64 microseconds = g_get_monotonic_time () - exchange->started;

  practice_traefik_count (self->traefik, practice_http_response_get_status (response),
                          microseconds);
  if (self->log != NULL)
    practice_access_log_write (self->log, exchange->request, response,
                               practice_traefik_get_count (self->traefik), exchange->frontend,
                               exchange->url, microseconds);
  g_task_return_pointer (task, response, (GDestroyNotify)practice_http_response_unref);
}

/* Its errors are just the words for the status. */
static PracticeHttpResponse *
new_plain (guint status)
{
  return practice_http_response_new (status, TEXT, soup_status_get_phrase (status));
}

static PracticeHttpResponse *
new_not_found (void)
{
  PracticeHttpResponse *response =
    practice_http_response_new (SOUP_STATUS_NOT_FOUND, TEXT, "404 page not found\n");

  soup_message_headers_replace (practice_http_response_get_headers (response),
                                "X-Content-Type-Options", "nosniff");
  return response;
}

static PracticeHttpResponse *
new_unauthorized (void)
{
  PracticeHttpResponse *response =
    practice_http_response_new (SOUP_STATUS_UNAUTHORIZED, TEXT, "401 Unauthorized\n");

  soup_message_headers_replace (practice_http_response_get_headers (response), "WWW-Authenticate",
                                "Basic realm=\"traefik\"");
  return response;
}

static gboolean
is_allowed_source (const PracticeTraefikFrontend *frontend, const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  for (guint i = 0; address != NULL && i < frontend->sources->len; i++)
    if (g_inet_address_mask_matches (g_ptr_array_index (frontend->sources, i), address))
      return TRUE;
  return FALSE;
}

static gboolean
has_password (const PracticeTraefikFrontend *frontend, PracticeHttpRequest *request)
{
  const char *header = practice_http_request_get_header (request, "Authorization");
  g_autofree guint8 *decoded = NULL;
  g_autofree char *text = NULL;
  char *colon;
  gsize length;

  if (header == NULL || g_ascii_strncasecmp (header, "Basic ", 6) != 0)
    return FALSE;
  decoded = g_base64_decode (header + 6, &length);
  text = g_strndup ((const char *)decoded, length);
  colon = strchr (text, ':');
  if (colon == NULL)
    return FALSE;
  *colon = '\0';
  return practice_password_file_check ((const char *const *)frontend->users, text, colon + 1);
}

/* (nullable) (transfer full): where the client is to go instead. */
static char *
dup_redirect (PracticeTraefikProxy *self,
              const PracticeTraefikFrontend *frontend,
              const char *host,
              PracticeHttpRequest *request)
{
  const char *target = practice_http_request_get_target (request);
  const char *to = frontend->redirect_entry_point;

  if (to != NULL) {
    if (g_str_equal (to, self->entry_point))
      return NULL;
    return g_strdup_printf ("%s://%s:%u%s", to, host, g_str_equal (to, "https") ? 443u : 80u,
                            target);
  }
  if (frontend->redirect_regex != NULL) {
    g_autofree char *url = g_strconcat (self->entry_point, "://",
                                        practice_http_request_get_host (request), target, NULL);
    g_autofree char *changed = g_regex_replace (frontend->redirect_regex, url, -1, 0,
                                                frontend->redirect_replacement, 0, NULL);

    if (changed != NULL && !g_str_equal (changed, url))
      return g_steal_pointer (&changed);
  }
  return NULL;
}

static PracticeHttpResponse *
new_redirect (const char *location, gboolean permanent)
{
  PracticeHttpResponse *response =
    new_plain (permanent ? SOUP_STATUS_MOVED_PERMANENTLY : SOUP_STATUS_FOUND);

  soup_message_headers_replace (practice_http_response_get_headers (response), "Location",
                                location);
  return response;
}

static void
set_missing (SoupMessageHeaders *headers, const char *name, const char *value)
{
  if (soup_message_headers_get_one (headers, name) == NULL)
    soup_message_headers_replace (headers, name, value);
}

/* https://doc.traefik.io/traefik/v1.7/configuration/entrypoints/#forwarded-header: by default what
 * a client sends of these is trusted. */
static void
add_forwarded (PracticeTraefikProxy *self,
               SoupMessageHeaders *headers,
               const PracticePeer *client,
               const char *host)
{
  const char *before = soup_message_headers_get_list (headers, "X-Forwarded-For");
  g_autofree char *chain =
    before != NULL ? g_strconcat (before, ", ", client->address, NULL) : g_strdup (client->address);

  soup_message_headers_replace (headers, "X-Forwarded-For", chain);
  set_missing (headers, "X-Forwarded-Host", host);
  set_missing (headers, "X-Forwarded-Port",
               g_str_equal (self->entry_point, "https") ? "443" : "80");
  set_missing (headers, "X-Forwarded-Proto", self->entry_point);
  soup_message_headers_replace (headers, "X-Forwarded-Server", self->pod->pod);
  set_missing (headers, "X-Real-Ip", client->address);
}

/* The path as the rules of the frontend change it. */
static char *
dup_target (const PracticeTraefikFrontend *frontend,
            PracticeHttpRequest *request,
            SoupMessageHeaders *headers)
{
  g_autofree char *path = practice_http_request_dup_path (request);
  g_autofree char *first = g_strdup (path);
  g_autofree char *prefix = NULL;
  const char *query = strchr (practice_http_request_get_target (request), '?');
  GHashTableIter iter;
  gpointer rule;

  g_hash_table_iter_init (&iter, frontend->routes);
  while (g_hash_table_iter_next (&iter, NULL, &rule)) {
    char *next = practice_traefik_rule_rewrite (rule, path, &prefix);

    g_free (path);
    path = next;
  }
  if (prefix != NULL)
    soup_message_headers_replace (headers, "X-Forwarded-Prefix", prefix);
  else if (!g_str_equal (path, first))
    soup_message_headers_replace (headers, "X-Replaced-Path", first);
  return g_strconcat (path, query, NULL);
}

static PracticeHttpRequest *
new_request (PracticeTraefikProxy *self,
             const PracticeTraefikFrontend *frontend,
             const PracticeTraefikServer *server,
             PracticeHttpRequest *request)
{
  PracticeHttpRequest *copy = practice_http_request_copy (request);
  SoupMessageHeaders *headers = practice_http_request_get_headers (copy);
  g_autofree char *target = dup_target (frontend, request, headers);

  add_forwarded (self, headers, practice_http_request_get_peer (request),
                 practice_http_request_get_host (request));
  if (!frontend->passes_host) {
    g_autofree char *host = g_strdup_printf ("%s:%u", server->host, server->port);

    soup_message_headers_replace (headers, "Host", host);
  }
  practice_http_request_set_target (copy, target);
  practice_http_request_set_peer (copy, self->pod);
  return copy;
}

/* https://github.com/vulcand/oxy: no answer in time is 504, none for another reason 502. */
static PracticeHttpResponse *
new_failure (const GError *error, gboolean has_timed_out)
{
  if (has_timed_out || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return new_plain (SOUP_STATUS_GATEWAY_TIMEOUT);
  return new_plain (SOUP_STATUS_BAD_GATEWAY);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  Exchange *exchange = g_task_get_task_data (task);
  GCancellable *outer = g_task_get_cancellable (task);
  g_autoptr (GError) error = NULL;
  PracticeHttpResponse *response =
    practice_fabric_send_finish (PRACTICE_FABRIC (source), result, &error);

  clear_dial (exchange);
  /* This may run within the signal, where g_cancellable_disconnect() would wait for its end. */
  if (exchange->cancelled_id != 0)
    g_signal_handler_disconnect (outer, exchange->cancelled_id);
  exchange->cancelled_id = 0;
  if (response == NULL && g_task_return_error_if_cancelled (task))
    return;
  respond (task, response != NULL ? response : new_failure (error, exchange->has_timed_out));
}

/* A dial, not a response, is limited: who is connected by now may take its time. */
static gboolean
dial_cb (gpointer user_data)
{
  GTask *task = user_data;
  PracticeTraefikProxy *self = g_task_get_source_object (task);
  Exchange *exchange = g_task_get_task_data (task);

  if (!practice_fabric_allows (self->fabric, self->pod, exchange->address, exchange->port)) {
    exchange->has_timed_out = TRUE;
    g_cancellable_cancel (exchange->cancellable);
  }
  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *outer, GCancellable *inner)
{
  g_cancellable_cancel (inner);
}

static void
send (PracticeTraefikProxy *self, GTask *task, PracticeHttpRequest *request)
{
  Exchange *exchange = g_task_get_task_data (task);
  GCancellable *outer = g_task_get_cancellable (task);

  exchange->cancellable = g_cancellable_new ();
  if (outer != NULL)
    exchange->cancelled_id = g_cancellable_connect (
      outer, G_CALLBACK (cancelled_cb), g_object_ref (exchange->cancellable), g_object_unref);
  if (!practice_fabric_allows (self->fabric, self->pod, exchange->address, exchange->port)) {
    exchange->dial = g_timeout_source_new ((guint)(self->dial_seconds * 1000));
    g_source_set_callback (exchange->dial, dial_cb, task, NULL);
    g_source_attach (exchange->dial, g_task_get_context (task));
  }
  practice_fabric_send_async (self->fabric, request, exchange->address, exchange->port,
                              exchange->cancellable, answered_cb, g_object_ref (task));
}

/* Hands the request to a server of the frontend. */
static void
forward (PracticeTraefikProxy *self,
         GTask *task,
         const PracticeTraefikFrontend *frontend,
         PracticeHttpRequest *request)
{
  Exchange *exchange = g_task_get_task_data (task);
  PracticeTraefikServer *server = practice_traefik_choose (self->traefik, frontend->backend);
  g_autoptr (PracticeHttpRequest) changed = NULL;

  if (server == NULL) {
    respond (task, new_plain (SOUP_STATUS_SERVICE_UNAVAILABLE));
    return;
  }
  exchange->url = g_strdup (server->url);
  exchange->address = practice_fabric_resolve (self->fabric, self->pod->namespace_, server->host);
  exchange->port = server->port;
  if (exchange->address == NULL) {
    respond (task, new_plain (SOUP_STATUS_BAD_GATEWAY));
    return;
  }
  changed = new_request (self, frontend, server, request);
  send (self, task, changed);
}

static void
practice_traefik_proxy_handle_async (PracticeHttpHandler *handler,
                                     PracticeHttpRequest *request,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  PracticeTraefikProxy *self = PRACTICE_TRAEFIK_PROXY (handler);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Exchange *exchange = g_new0 (Exchange, 1);
  g_autofree char *path = practice_http_request_dup_path (request);
  g_autofree char *host = g_ascii_strdown (practice_http_request_get_host (request), -1);
  char *colon = strrchr (host, ':');
  g_autofree char *location = NULL;
  PracticeTraefikFrontend *frontend;

  g_task_set_source_tag (task, practice_traefik_proxy_handle_async);
  exchange->request = practice_http_request_ref (request);
  exchange->started = g_get_monotonic_time ();
  g_task_set_task_data (task, exchange, exchange_free);
  if (colon != NULL)
    *colon = '\0';
  frontend = practice_traefik_config_find (practice_traefik_get_config (self->traefik),
                                           self->entry_point, host, path);
  if (frontend == NULL) {
    respond (task, new_not_found ());
    return;
  }
  exchange->frontend = g_strdup (frontend->name);
  if (frontend->sources != NULL &&
      !is_allowed_source (frontend, practice_http_request_get_peer (request)->address)) {
    respond (task, new_plain (SOUP_STATUS_FORBIDDEN));
    return;
  }
  if (frontend->users != NULL && !has_password (frontend, request)) {
    respond (task, new_unauthorized ());
    return;
  }
  location = dup_redirect (self, frontend, host, request);
  if (location != NULL)
    respond (task, new_redirect (location, frontend->redirect_permanent));
  else
    forward (self, task, frontend, request);
}

static PracticeHttpResponse *
practice_traefik_proxy_handle_finish (PracticeHttpHandler *handler,
                                      GAsyncResult *result,
                                      GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, handler), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
practice_traefik_proxy_dispose (GObject *object)
{
  PracticeTraefikProxy *self = PRACTICE_TRAEFIK_PROXY (object);

  g_clear_object (&self->traefik);
  g_clear_object (&self->fabric);

  G_OBJECT_CLASS (practice_traefik_proxy_parent_class)->dispose (object);
}

static void
practice_traefik_proxy_finalize (GObject *object)
{
  PracticeTraefikProxy *self = PRACTICE_TRAEFIK_PROXY (object);

  g_clear_pointer (&self->pod, practice_peer_free);
  g_free (self->entry_point);
  g_clear_pointer (&self->log, practice_access_log_free);

  G_OBJECT_CLASS (practice_traefik_proxy_parent_class)->finalize (object);
}

static void
practice_traefik_proxy_class_init (PracticeTraefikProxyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = practice_traefik_proxy_dispose;
  object_class->finalize = practice_traefik_proxy_finalize;
}

static void
handler_iface_init (PracticeHttpHandlerInterface *iface)
{
  iface->handle_async = practice_traefik_proxy_handle_async;
  iface->handle_finish = practice_traefik_proxy_handle_finish;
}

static void
practice_traefik_proxy_init (PracticeTraefikProxy *self)
{
  self->dial_seconds = DIAL_SECONDS;
}

/**
 * practice_traefik_proxy_new:
 * @traefik: what it knows
 * @fabric: how it reaches servers
 * @pod: as whom
 * @entry_point: "http" or "https"
 *
 * Returns: (transfer full): an entry point
 */
PracticeTraefikProxy *
practice_traefik_proxy_new (PracticeTraefik *traefik,
                            PracticeFabric *fabric,
                            const PracticePeer *pod,
                            const char *entry_point)
{
  PracticeTraefikProxy *self;

  g_return_val_if_fail (PRACTICE_IS_TRAEFIK (traefik), NULL);
  g_return_val_if_fail (PRACTICE_IS_FABRIC (fabric), NULL);
  g_return_val_if_fail (pod != NULL && entry_point != NULL, NULL);

  self = g_object_new (PRACTICE_TYPE_TRAEFIK_PROXY, NULL);
  self->traefik = g_object_ref (traefik);
  self->fabric = g_object_ref (fabric);
  self->pod = practice_peer_copy (pod);
  self->entry_point = g_strdup (entry_point);
  return self;
}

/**
 * practice_traefik_proxy_set_dial_seconds:
 * @self: an entry point
 * @seconds: how long it waits for a connection to a server, before it answers 504
 *
 * Sets another limit than Traefik's 30 seconds.
 */
void
practice_traefik_proxy_set_dial_seconds (PracticeTraefikProxy *self, double seconds)
{
  g_return_if_fail (PRACTICE_IS_TRAEFIK_PROXY (self));

  self->dial_seconds = seconds;
}

/**
 * practice_traefik_proxy_set_log:
 * @self: an entry point
 * @log: (transfer full): where it notes each response
 *
 * Has it keep a log.
 */
void
practice_traefik_proxy_set_log (PracticeTraefikProxy *self, PracticeAccessLog *log)
{
  g_return_if_fail (PRACTICE_IS_TRAEFIK_PROXY (self));

  g_clear_pointer (&self->log, practice_access_log_free);
  self->log = log;
}
