/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-page-relay.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/random.h>

#include "kube-dial.h"
#include "session-page-headers.h"
#include "session-page-request.h"

#define SECRET_BYTES 16
#define TICKET_PATH "/.konvoy-lab/"
#define TICKET_SECONDS 60
#define MAX_TICKETS 64
#define MAX_REQUESTS 64
#define MAX_REQUEST_BODY (8 * 1024 * 1024)
#define TIMEOUT_S 120
#define MAX_CONNECTIONS 16

/**
 * SessionPageRelay:
 *
 * An HTTP server on loopback before one web server of the place. Other users and other programs of
 * this computer can reach the port too: a page is only for the browser that was given a token, good
 * for one use within a minute, for which it gets a cookie. A request by another name than the
 * relay's own is refused, so that no web site can ask under a name that it makes lead here.
 */
struct _SessionPageRelay {
  GObject parent_instance;

  GWeakRef pages; /* of SessionPages */
  SessionOrigin *origin;
  gboolean trusted;
  SoupServer *server;   /* (nullable): until closed */
  SoupSession *session; /* (nullable): until closed */
  GCancellable *cancellable;
  char *own;           /* "http://127.0.0.1:PORT" */
  char *cookie;        /* "NAME=VALUE" */
  GHashTable *tickets; /* of token to Ticket */
  guint n_requests;
};

G_DEFINE_FINAL_TYPE (SessionPageRelay, session_page_relay, G_TYPE_OBJECT)

typedef struct {
  char *path;
  gint64 expires; /* monotonic */
} Ticket;

static void
ticket_free (gpointer data)
{
  Ticket *self = data;

  g_free (self->path);
  g_free (self);
}

static char *
dup_secret (void)
{
  guint8 bytes[SECRET_BYTES];
  GString *text = g_string_new (NULL);

  /* at most 256 bytes never fail, nor are they cut short (getrandom(2)) */
  if (getrandom (bytes, sizeof bytes, 0) != sizeof bytes)
    g_error ("There is no randomness");
  for (gsize i = 0; i < sizeof bytes; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

static gboolean
is_expired (gpointer key, gpointer value, gpointer now)
{
  return ((Ticket *)value)->expires < *(gint64 *)now;
}

/* Either the token is good and the browser gets the cookie for it, or it is refused. */
static void
exchange (SessionPageRelay *self, SoupServerMessage *message, const char *token)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  gint64 now = g_get_monotonic_time ();
  Ticket *ticket;
  g_autofree char *cookie = NULL;

  g_hash_table_foreach_remove (self->tickets, is_expired, &now);
  ticket = g_hash_table_lookup (self->tickets, token);
  if (ticket == NULL) {
    session_page_answer (message, SOUP_STATUS_FORBIDDEN,
                         _ ("This link was used before, or is too old. Open the page from Konvoy "
                            "Lab again."));
    return;
  }
  cookie = g_strdup_printf ("%s; Path=/; HttpOnly; SameSite=Lax", self->cookie);
  soup_message_headers_replace (headers, "Set-Cookie", cookie);
  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  soup_message_headers_replace (headers, "Referrer-Policy", "no-referrer");
  soup_message_headers_replace (headers, "Location", ticket->path);
  soup_server_message_set_status (message, SOUP_STATUS_FOUND, NULL);
  soup_server_message_set_response (message, NULL, SOUP_MEMORY_STATIC, NULL, 0);
  g_hash_table_remove (self->tickets, token);
}

static gboolean
has_cookie (SessionPageRelay *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *value = soup_message_headers_get_list (headers, "Cookie");
  g_auto (GStrv) cookies = value != NULL ? g_strsplit (value, ";", -1) : NULL;

  for (guint i = 0; cookies != NULL && cookies[i] != NULL; i++)
    if (g_str_equal (g_strstrip (cookies[i]), self->cookie))
      return TRUE;
  return FALSE;
}

static gboolean
is_too_large (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  switch (soup_message_headers_get_encoding (headers)) {
    case SOUP_ENCODING_NONE:
      return FALSE;
    case SOUP_ENCODING_CONTENT_LENGTH:
      return soup_message_headers_get_content_length (headers) > MAX_REQUEST_BODY;
    case SOUP_ENCODING_UNRECOGNIZED:
    case SOUP_ENCODING_EOF:
    case SOUP_ENCODING_CHUNKED:
    case SOUP_ENCODING_BYTERANGES:
    default:
      return TRUE;
  }
}

/* Before the body is read: who may ask at all. */
static void
early_cb (SoupServer *server,
          SoupServerMessage *message,
          const char *path,
          GHashTable *query,
          gpointer user_data)
{
  SessionPageRelay *self = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *host = soup_message_headers_get_one (headers, "Host");

  if (g_strcmp0 (host, self->own + strlen ("http://")) != 0)
    session_page_answer (message, SOUP_STATUS_FORBIDDEN,
                         _ ("This address is for Konvoy Lab alone."));
  else if (g_str_has_prefix (path, TICKET_PATH))
    exchange (self, message, path + strlen (TICKET_PATH));
  else if (!has_cookie (self, message))
    session_page_answer (message, SOUP_STATUS_FORBIDDEN,
                         _ ("Open this page from Konvoy Lab: it is only for the browser that "
                            "was given the link."));
  else if (is_too_large (message))
    session_page_answer (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
                         _ ("What was sent is larger than 8 MB."));
  else if (self->n_requests >= MAX_REQUESTS)
    session_page_answer (message, SOUP_STATUS_SERVICE_UNAVAILABLE,
                         _ ("Too many requests are under way. Load the page again."));
}

static void
ran_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SessionPageRelay) self = user_data;

  session_page_request_run_finish (result);
  self->n_requests--;
}

static void
handler_cb (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  SessionPageRelay *self = user_data;
  g_autoptr (SessionPages) pages = g_weak_ref_get (&self->pages);
  SessionPageRoute route = { .pages = pages,
                             .session = self->session,
                             .origin = self->origin,
                             .own = self->own,
                             .trusted = self->trusted };

  self->n_requests++;
  session_page_request_run_async (&route, message, self->cancellable, ran_cb, g_object_ref (self));
}

static gboolean
listen_on_loopback (SessionPageRelay *self, GError **error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  GSList *uris;
  int port;

  self->server = soup_server_new ("server-header", NULL, NULL);
  soup_server_add_early_handler (self->server, NULL, early_cb, self, NULL);
  soup_server_add_handler (self->server, NULL, handler_cb, self, NULL);
  if (!soup_server_listen (self->server, address, 0, error))
    return FALSE;
  uris = soup_server_get_uris (self->server);
  port = g_uri_get_port (uris->data);
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  self->own = g_strdup_printf ("http://127.0.0.1:%d", port);
  return TRUE;
}

static void
session_page_relay_dispose (GObject *object)
{
  session_page_relay_close (SESSION_PAGE_RELAY (object));

  G_OBJECT_CLASS (session_page_relay_parent_class)->dispose (object);
}

static void
session_page_relay_finalize (GObject *object)
{
  SessionPageRelay *self = SESSION_PAGE_RELAY (object);

  g_weak_ref_clear (&self->pages);
  g_clear_pointer (&self->origin, session_origin_free);
  g_clear_object (&self->cancellable);
  g_free (self->own);
  g_free (self->cookie);
  g_clear_pointer (&self->tickets, g_hash_table_unref);
  G_OBJECT_CLASS (session_page_relay_parent_class)->finalize (object);
}

static void
session_page_relay_class_init (SessionPageRelayClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = session_page_relay_dispose;
  object_class->finalize = session_page_relay_finalize;
}

static void
session_page_relay_init (SessionPageRelay *self)
{
  g_weak_ref_init (&self->pages, NULL);
  self->cancellable = g_cancellable_new ();
  self->tickets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, ticket_free);
}

/**
 * session_page_relay_new:
 * @pages: asked for redirects to other origins; not kept alive
 * @origin: whose pages
 * @way: where to connect for them
 * @trusted: whether nobody can stand between, so that any certificate is good
 *
 * Returns: (transfer full): a relay that listens, until session_page_relay_close()
 */
SessionPageRelay *
session_page_relay_new (SessionPages *pages,
                        const SessionOrigin *origin,
                        GSocketConnectable *way,
                        gboolean trusted,
                        GError **error)
{
  g_autoptr (SessionPageRelay) self = g_object_new (SESSION_TYPE_PAGE_RELAY, NULL);
  g_autoptr (GSocketConnectable) dial = kube_dial_new (origin->host, origin->port, way, FALSE);
  g_autofree char *secret = dup_secret ();

  g_weak_ref_set (&self->pages, pages);
  self->origin = session_origin_copy (origin);
  self->trusted = trusted;
  if (!listen_on_loopback (self, error))
    return NULL;
  self->cookie =
    g_strdup_printf (SESSION_PAGE_COOKIE_PREFIX "%s=%s", strrchr (self->own, ':') + 1, secret);
  self->session = soup_session_new_with_options ("remote-connectable", dial, "proxy-resolver", NULL,
                                                 "timeout", TIMEOUT_S, "max-conns", MAX_CONNECTIONS,
                                                 "max-conns-per-host", MAX_CONNECTIONS, NULL);
  return g_steal_pointer (&self);
}

/**
 * session_page_relay_close:
 *
 * Listens no more and ends the requests under way.
 */
void
session_page_relay_close (SessionPageRelay *self)
{
  g_return_if_fail (SESSION_IS_PAGE_RELAY (self));

  g_cancellable_cancel (self->cancellable);
  if (self->session != NULL)
    soup_session_abort (self->session);
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->session);
  g_clear_object (&self->server);
}

/**
 * session_page_relay_dup_url:
 * @path: of a page, beginning with "/", with its query
 *
 * Returns: (transfer full): a URL that opens the page once, within a minute
 */
char *
session_page_relay_dup_url (SessionPageRelay *self, const char *path)
{
  g_autofree char *token = dup_secret ();
  char *url = g_strconcat (self->own, TICKET_PATH, token, NULL);
  gint64 now = g_get_monotonic_time ();
  Ticket *ticket = g_new0 (Ticket, 1);

  g_hash_table_foreach_remove (self->tickets, is_expired, &now);
  if (g_hash_table_size (self->tickets) >= MAX_TICKETS)
    g_hash_table_remove_all (self->tickets);
  ticket->path = g_strdup (path);
  ticket->expires = now + TICKET_SECONDS * G_USEC_PER_SEC;
  g_hash_table_insert (self->tickets, g_steal_pointer (&token), ticket);
  return url;
}

const SessionOrigin *
session_page_relay_get_origin (SessionPageRelay *self)
{
  g_return_val_if_fail (SESSION_IS_PAGE_RELAY (self), NULL);

  return self->origin;
}
