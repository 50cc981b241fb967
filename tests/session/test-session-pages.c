/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "fake-place.h"
#include "session-origin.h"
#include "session-pages.h"
#include "test-wait.h"

#define WAIT 10
#define HOST "shop.example"
#define BIG (5 * 1024 * 1024)

/* A web server at the far end of a fake place, and a browser. */
typedef struct {
  FakePlace *place;
  SessionPages *pages;
  SoupServer *server;
  SoupSession *browser;
  char *cookie; /* (nullable): of the relay */
  char *relay;  /* (nullable): its origin */
} Fixture;

static void
page_cb (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer user_data)
{
  SoupMessageHeaders *from = soup_server_message_get_request_headers (message);
  SoupMessageHeaders *to = soup_server_message_get_response_headers (message);
  const char *host = soup_message_headers_get_one (from, "Host");
  const char *cookie = soup_message_headers_get_one (from, "Cookie");
  g_autofree char *text = NULL;

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  if (g_str_equal (path, "/moved")) {
    soup_server_message_set_status (message, SOUP_STATUS_FOUND, NULL);
    soup_message_headers_replace (to, "Location", "http://" HOST "/new?a=b");
    return;
  }
  if (g_str_equal (path, "/secure")) {
    soup_server_message_set_status (message, SOUP_STATUS_FOUND, NULL);
    soup_message_headers_replace (to, "Location", "https://" HOST "/safe");
    return;
  }
  if (g_str_equal (path, "/big")) {
    char *big = g_malloc (BIG);

    memset (big, 'x', BIG);
    soup_server_message_set_response (message, "application/octet-stream", SOUP_MEMORY_TAKE, big,
                                      BIG);
    return;
  }
  if (g_str_equal (path, "/form")) {
    SoupMessageBody *body = soup_server_message_get_request_body (message);
    g_autoptr (GBytes) bytes = soup_message_body_flatten (body);

    soup_server_message_set_response (message, "text/plain", SOUP_MEMORY_COPY,
                                      g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    return;
  }
  text = g_strdup_printf ("<a href=\"http://" HOST "/next\">%s %s %s</a> http://" HOST
                          ".other/ http://" HOST ":8080/",
                          host, path, cookie != NULL ? cookie : "-");
  soup_message_headers_append (to, "Set-Cookie", "user=jason; Domain=" HOST "; Secure; Path=/");
  soup_message_headers_append (to, "Set-Cookie", "theme=dark");
  soup_message_headers_append (to, "Strict-Transport-Security", "max-age=1000");
  soup_server_message_set_response (message, "text/html", SOUP_MEMORY_COPY, text, strlen (text));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GSList *uris;

  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, page_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->place = fake_place_new ();
  fake_place_set_service_port (self->place, (guint16)g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  jump_place_connect_async (JUMP_PLACE (self->place), NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the place to connect");
  g_assert_true (jump_place_connect_finish (JUMP_PLACE (self->place), result, &error));
  self->pages = session_pages_new (JUMP_PLACE (self->place));
  self->browser = soup_session_new_with_options ("proxy-resolver", NULL, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  soup_session_abort (self->browser);
  g_clear_object (&self->browser);
  session_pages_close (self->pages);
  test_wait_finalize (self->pages, WAIT);
  jump_place_disconnect (JUMP_PLACE (self->place));
  g_clear_object (&self->place);
  g_clear_object (&self->server);
  g_free (self->cookie);
  g_free (self->relay);
}

static char *
open_page (Fixture *self, const char *url, const char *via, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  session_pages_open_async (self->pages, url, via, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "a way to the page");
  return session_pages_open_finish (self->pages, result, error);
}

/* What a browser that follows no redirect gets. */
static SoupMessage *
ask (Fixture *self,
     const char *method,
     const char *url,
     const char *cookie,
     const char *body,
     GBytes **bytes)
{
  SoupMessage *message = soup_message_new (method, url);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  if (cookie != NULL)
    soup_message_headers_append (soup_message_get_request_headers (message), "Cookie", cookie);
  if (body != NULL) {
    g_autoptr (GBytes) sent = g_bytes_new (body, strlen (body));

    soup_message_set_request_body_from_bytes (message, "text/plain", sent);
  }
  soup_session_send_and_read_async (self->browser, message, G_PRIORITY_DEFAULT, NULL,
                                    test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "an answer");
  *bytes = soup_session_send_and_read_finish (self->browser, result, &error);
  g_assert_no_error (error);
  return message;
}

static void
assert_status (Fixture *self, const char *url, const char *cookie, guint status)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (SoupMessage) message = ask (self, "GET", url, cookie, NULL, &bytes);

  g_assert_cmpuint (soup_message_get_status (message), ==, status);
}

static const char *
get_header (SoupMessage *message, const char *name)
{
  return soup_message_headers_get_one (soup_message_get_response_headers (message), name);
}

/* Opens @path and exchanges the token. */
static void
enter (Fixture *self, const char *path)
{
  g_autofree char *url = g_strconcat ("http://" HOST, path, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *opened = open_page (self, url, "lb.example", &error);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (SoupMessage) message = NULL;
  const char *cookie;

  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (opened, "http://127.0.0.1:"));
  message = ask (self, "GET", opened, NULL, NULL, &bytes);
  g_assert_cmpuint (soup_message_get_status (message), ==, SOUP_STATUS_FOUND);
  g_assert_cmpstr (get_header (message, "Location"), ==, path);
  cookie = get_header (message, "Set-Cookie");
  g_assert_nonnull (strstr (cookie, "; HttpOnly"));
  /* once is enough */
  assert_status (self, opened, NULL, SOUP_STATUS_FORBIDDEN);

  g_free (self->cookie);
  self->cookie = g_strndup (cookie, strcspn (cookie, ";"));
  g_free (self->relay);
  self->relay = g_strndup (opened, strchr (opened + strlen ("http://"), '/') - opened);
}

static SoupMessage *
get (Fixture *self, const char *path, GBytes **bytes)
{
  g_autofree char *url = g_strconcat (self->relay, path, NULL);
  g_autofree char *cookies = g_strconcat ("user=jason; ", self->cookie, NULL);

  return ask (self, "GET", url, cookies, NULL, bytes);
}

static void
test_page (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autofree char *expected = NULL;
  g_autofree char *cookies = NULL;

  enter (self, "/productpage?u=normal");
  message = get (self, "/productpage", &bytes);
  g_assert_cmpuint (soup_message_get_status (message), ==, SOUP_STATUS_OK);
  expected =
    g_strdup_printf ("<a href=\"%s/next\">" HOST " /productpage user=jason</a> http://" HOST
                     ".other/ http://" HOST ":8080/",
                     self->relay);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected,
                   strlen (expected));
  g_assert_cmpstr (
    soup_message_headers_get_list (soup_message_get_response_headers (message), "Set-Cookie"), ==,
    "user=jason; Path=/, theme=dark");
  g_assert_null (get_header (message, "Strict-Transport-Security"));
}

static void
test_redirect (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) more = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (SoupMessage) elsewhere = NULL;
  g_autofree char *own = NULL;
  const char *location;

  enter (self, "/");
  message = get (self, "/moved", &bytes);
  own = g_strconcat (self->relay, "/new?a=b", NULL);
  g_assert_cmpuint (soup_message_get_status (message), ==, SOUP_STATUS_FOUND);
  g_assert_cmpstr (get_header (message, "Location"), ==, own);

  /* other pages of the place have a relay of their own, and a token */
  elsewhere = get (self, "/secure", &more);
  location = get_header (elsewhere, "Location");
  g_assert_true (g_str_has_prefix (location, "http://127.0.0.1:"));
  g_assert_false (g_str_has_prefix (location, self->relay));
}

static void
test_strangers (Fixture *self, gconstpointer data)
{
  g_autofree char *url = NULL;
  g_autofree char *no_token = NULL;
  g_autofree char *by_name = NULL;
  g_autofree char *wrong = NULL;

  enter (self, "/");
  url = g_strconcat (self->relay, "/", NULL);
  assert_status (self, url, NULL, SOUP_STATUS_FORBIDDEN);
  wrong = g_strdup (self->cookie);
  wrong[strlen (wrong) - 1] ^= 1;
  assert_status (self, url, wrong, SOUP_STATUS_FORBIDDEN);
  no_token = g_strconcat (self->relay, "/.konvoy-lab/", NULL);
  assert_status (self, no_token, self->cookie, SOUP_STATUS_FORBIDDEN);
  /* a web site whose name was made to lead here */
  by_name = g_strconcat ("http://localhost", strrchr (self->relay, ':'), "/", NULL);
  assert_status (self, by_name, self->cookie, SOUP_STATUS_FORBIDDEN);
  assert_status (self, url, self->cookie, SOUP_STATUS_OK);
}

static void
test_bodies (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) big = NULL;
  g_autoptr (GBytes) echo = NULL;
  g_autoptr (GBytes) none = NULL;
  g_autoptr (SoupMessage) download = NULL;
  g_autoptr (SoupMessage) form = NULL;
  g_autoptr (SoupMessage) head = NULL;
  g_autofree char *url = NULL;

  enter (self, "/");
  download = get (self, "/big", &big);
  g_assert_cmpuint (g_bytes_get_size (big), ==, BIG);
  url = g_strconcat (self->relay, "/form", NULL);
  form = ask (self, "POST", url, self->cookie, "username=jason", &echo);
  g_assert_cmpmem (g_bytes_get_data (echo, NULL), g_bytes_get_size (echo), "username=jason", 14);
  head = ask (self, "HEAD", url, self->cookie, NULL, &none);
  g_assert_cmpuint (soup_message_get_status (head), ==, SOUP_STATUS_OK);
  g_assert_cmpuint (g_bytes_get_size (none), ==, 0);
}

/* A browser that closes its tab in the middle of an answer. */
static void
test_gives_up (Fixture *self, gconstpointer data)
{
  g_autofree char *url = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;

  enter (self, "/");
  url = g_strconcat (self->relay, "/big", NULL);
  message = soup_message_new ("GET", url);
  soup_message_headers_append (soup_message_get_request_headers (message), "Cookie", self->cookie);
  soup_session_send_async (self->browser, message, G_PRIORITY_DEFAULT, cancellable,
                           test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the answer to begin");
  stream = soup_session_send_finish (self->browser, result, &error);
  g_assert_no_error (error);
  g_cancellable_cancel (cancellable);
  soup_session_abort (self->browser);
  g_clear_object (&stream);
}

static void
test_server_gone (Fixture *self, gconstpointer data)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (SoupMessage) message = NULL;
  g_autofree char *text = NULL;

  enter (self, "/");
  soup_server_disconnect (self->server);
  message = get (self, "/", &bytes);
  g_assert_cmpuint (soup_message_get_status (message), ==, SOUP_STATUS_BAD_GATEWAY);
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_nonnull (strstr (text, "http://" HOST " does not answer"));
}

/* What this computer reaches itself needs no relay; what is no page is refused. */
static void
test_plain (Fixture *self, gconstpointer data)
{
  static const char *const bad[] = { "ftp://shop.example/",    "file:///etc/passwd",
                                     "javascript:alert(1)",    "http://",
                                     "http://user:pw@shop.ex", "shop.example",
                                     "http://shop.example:0/" };
  GSList *uris = soup_server_get_uris (self->server);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%d/x#y", g_uri_get_port (uris->data));
  g_autofree char *opened = NULL;

  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  opened = open_page (self, url, NULL, NULL);
  g_assert_cmpstr (opened, ==, url);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (open_page (self, bad[i], NULL, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  }
}

static void
test_close (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (GError) error = NULL;

  enter (self, "/");
  session_pages_close (self->pages);
  connection =
    g_socket_client_connect_to_host (client, self->relay + strlen ("http://"), 80, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static void
test_origin (void)
{
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autofree char *replaced = NULL;
  g_autoptr (SessionOrigin) origin =
    session_origin_parse ("HTTPS://[fd00::1]:443?q=%20", NULL, &path, NULL);

  g_assert_nonnull (origin);
  g_assert_cmpstr (path, ==, "/?q=%20");
  text = session_origin_to_string (origin);
  g_assert_cmpstr (text, ==, "https://[fd00::1]");
  replaced =
    session_origin_replace (origin, "a https://[fd00::1]/b https://[fd00::1]:443 c", "http://x");
  g_assert_cmpstr (replaced, ==, "a http://x/b http://x c");
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*test) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/session/pages/page", test_page },
    { "/session/pages/redirect", test_redirect },
    { "/session/pages/strangers", test_strangers },
    { "/session/pages/bodies", test_bodies },
    { "/session/pages/gives-up", test_gives_up },
    { "/session/pages/server-gone", test_server_gone },
    { "/session/pages/plain", test_plain },
    { "/session/pages/close", test_close },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].test, tear_down);
  g_test_add_func ("/session/pages/origin", test_origin);

  return g_test_run ();
}
