/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-pages.h"

#include <glib/gi18n-lib.h>

#include "session-origin.h"
#include "session-page-relay.h"

#define MAX_RELAYS 32
/* What the laptop does not reach by then is asked for through the jumpserver. */
#define DIRECT_TIMEOUT_S 3

/**
 * SessionPages:
 *
 * Turns the address of a page, as the place knows it, into one that a browser of this computer can
 * open. What this computer reaches itself stays as it is; to all else leads a
 * [class@SessionPageRelay], which lives as long as the place is worked at.
 */
struct _SessionPages {
  GObject parent_instance;

  JumpPlace *place;
  GPtrArray *relays; /* of SessionPageRelay, the oldest first */
};

G_DEFINE_FINAL_TYPE (SessionPages, session_pages, G_TYPE_OBJECT)

typedef struct {
  char *url;
  SessionOrigin *origin;
  char *path;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *self = data;

  g_free (self->url);
  g_clear_pointer (&self->origin, session_origin_free);
  g_free (self->path);
  g_free (self);
}

static gboolean
is_practice (SessionPages *self)
{
  return g_str_has_prefix (jump_place_get_id (self->place), "practice");
}

static gboolean
is_this_computer (SessionPages *self)
{
  return g_str_equal (jump_place_get_id (self->place), "local");
}

/* The practice cluster plays some sites of the Internet for its jumpserver; a link to the true one
 * is for the true one. */
static gboolean
is_in_practice (const char *host)
{
  static const char *const suffixes[] = { ".elb.amazonaws.com", ".svc", ".cluster.local",
                                          ".internal", ".local" };

  if (g_hostname_is_ip_address (host) || strchr (host, '.') == NULL)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (g_str_has_suffix (host, suffixes[i]))
      return TRUE;
  return FALSE;
}

static void
close_relay (gpointer relay)
{
  g_autoptr (SessionPageRelay) closed = relay;

  session_page_relay_close (closed);
}

/* (nullable) */
static SessionPageRelay *
find_relay (SessionPages *self, const SessionOrigin *origin)
{
  for (guint i = 0; i < self->relays->len; i++) {
    SessionPageRelay *relay = g_ptr_array_index (self->relays, i);

    if (session_origin_equal (session_page_relay_get_origin (relay), origin))
      return relay;
  }
  return NULL;
}

static void
return_page (GTask *task, SessionPageRelay *relay)
{
  Opening *opening = g_task_get_task_data (task);

  g_task_return_pointer (task, session_page_relay_dup_url (relay, opening->path), g_free);
}

static void
make_relay (GTask *task, GSocketConnectable *way)
{
  SessionPages *self = g_task_get_source_object (task);
  Opening *opening = g_task_get_task_data (task);
  SessionPageRelay *relay = find_relay (self, opening->origin);
  GError *error = NULL;

  if (relay == NULL) {
    relay = session_page_relay_new (self, opening->origin, way, is_practice (self), &error);
    if (relay == NULL) {
      g_task_return_error (task, error);
      return;
    }
    if (self->relays->len >= MAX_RELAYS)
      g_ptr_array_remove_index (self->relays, 0);
    g_ptr_array_add (self->relays, relay);
  }
  return_page (task, relay);
}

static void
reached_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GSocketConnectable) way =
    jump_place_reach_finish (JUMP_PLACE (source), result, &error);

  if (way == NULL)
    g_task_return_error (task, error);
  else
    make_relay (task, way);
}

/* Each time anew: it also finds out whether anything answers, which a browser would not say. */
static void
reach (GTask *task)
{
  SessionPages *self = g_task_get_source_object (task);
  Opening *opening = g_task_get_task_data (task);

  jump_place_reach_async (self->place, JUMP_TARGET_SERVICE,
                          session_origin_get_target (opening->origin), opening->origin->port,
                          g_task_get_cancellable (task), reached_cb, g_object_ref (task));
}

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Opening *opening = g_task_get_task_data (task);
  g_autoptr (GSocketConnection) connection =
    g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, NULL);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (connection == NULL)
    reach (task);
  else
    g_task_return_pointer (task, g_strdup (opening->url), g_free);
}

static void
try_directly (GTask *task)
{
  Opening *opening = g_task_get_task_data (task);
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  g_socket_client_set_timeout (client, DIRECT_TIMEOUT_S);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_to_host_async (client, opening->origin->host, opening->origin->port,
                                         g_task_get_cancellable (task), connected_cb,
                                         g_object_ref (task));
}

static void
session_pages_dispose (GObject *object)
{
  session_pages_close (SESSION_PAGES (object));

  G_OBJECT_CLASS (session_pages_parent_class)->dispose (object);
}

static void
session_pages_finalize (GObject *object)
{
  SessionPages *self = SESSION_PAGES (object);

  g_clear_object (&self->place);
  g_clear_pointer (&self->relays, g_ptr_array_unref);
  G_OBJECT_CLASS (session_pages_parent_class)->finalize (object);
}

static void
session_pages_class_init (SessionPagesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = session_pages_dispose;
  object_class->finalize = session_pages_finalize;
}

static void
session_pages_init (SessionPages *self)
{
  self->relays = g_ptr_array_new_with_free_func (close_relay);
}

/**
 * session_pages_new:
 * @place: whose pages
 *
 * Returns: (transfer full): no page is open yet
 */
SessionPages *
session_pages_new (JumpPlace *place)
{
  SessionPages *self = g_object_new (SESSION_TYPE_PAGES, NULL);

  self->place = g_object_ref (place);
  return self;
}

/**
 * session_pages_open_async:
 * @url: a page's address as the place knows it; a fragment is not kept where a relay leads to it
 * @via: (nullable): the address that serves the page where the host of @url is only what it is
 * asked for, as the host of an Ingress
 */
void
session_pages_open_async (SessionPages *self,
                          const char *url,
                          const char *via,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Opening *opening;

  g_return_if_fail (SESSION_IS_PAGES (self));
  g_return_if_fail (url != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  opening = g_new0 (Opening, 1);
  g_task_set_source_tag (task, session_pages_open_async);
  g_task_set_task_data (task, opening, opening_free);
  opening->url = g_strdup (url);
  opening->origin = session_origin_parse (url, via, &opening->path, &error);
  if (opening->origin == NULL) {
    g_task_return_error (task, error);
    return;
  }
  if (via != NULL)
    reach (task);
  else if (is_practice (self) && is_in_practice (opening->origin->host))
    reach (task);
  else if (is_practice (self) || is_this_computer (self))
    g_task_return_pointer (task, g_strdup (url), g_free);
  else
    try_directly (task);
}

/**
 * session_pages_open_finish:
 * @error: a #JumpError where nothing answers there, %G_IO_ERROR_NOT_SUPPORTED where the URL is none
 *   of a web page
 *
 * Returns: (transfer full): what to hand to the browser, at once and only once
 */
char *
session_pages_open_finish (SessionPages *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * session_pages_close:
 *
 * Ends all relays: the place is left.
 */
void
session_pages_close (SessionPages *self)
{
  g_return_if_fail (SESSION_IS_PAGES (self));

  g_ptr_array_set_size (self->relays, 0);
}
