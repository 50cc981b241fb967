/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-asker-private.h"

#define DEFAULT_NAMESPACE "default"
#define USER_HEADER "end-user"
#define PAGE_PATH "/productpage"

/* The page itself ends after 9 s at the latest: 3 s for details, and 3 s twice for reviews. */
#define LIMIT_MS 10000

G_DEFINE_FINAL_TYPE (SessionAsker, session_asker, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (SessionAskerTrouble,
                    session_asker_trouble,
                    G_DEFINE_ENUM_VALUE (SESSION_ASKER_FINE, "fine"),
                    G_DEFINE_ENUM_VALUE (SESSION_ASKER_NAMELESS, "nameless"),
                    G_DEFINE_ENUM_VALUE (SESSION_ASKER_REFUSED, "refused"),
                    G_DEFINE_ENUM_VALUE (SESSION_ASKER_BROKEN, "broken"),
                    G_DEFINE_ENUM_VALUE (SESSION_ASKER_SILENT, "silent"),
                    G_DEFINE_ENUM_VALUE (SESSION_ASKER_NO_PAGE, "no-page"),
                    G_DEFINE_ENUM_VALUE (SESSION_ASKER_NOT_SERVED, "not-served"),
                    G_DEFINE_ENUM_VALUE (SESSION_ASKER_NO_SIGN_IN, "no-sign-in"))

enum {
  PROP_0,
  PROP_TROUBLE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

void
session_asker_set_trouble (SessionAsker *self, SessionAskerTrouble trouble)
{
  if (self->trouble == trouble)
    return;
  self->trouble = trouble;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TROUBLE]);
}

SoupMessage *
session_asker_new_message (SessionAsker *self, const char *method, const char *path)
{
  const char *authority = self->target->authority != NULL ? self->target->authority : self->address;
  g_autofree char *uri = NULL;
  SoupMessage *message;

  if (g_hostname_is_ip_address (authority) && strchr (authority, ':') != NULL)
    uri = g_strdup_printf ("http://[%s]%s", authority, path);
  else
    uri = g_strdup_printf ("http://%s%s", authority, path);
  message = soup_message_new (method, uri);
  if (message != NULL)
    soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  return message;
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (SessionAskerCall) call = user_data;
  SessionAsker *self = call->asker;
  SoupMessage *message = soup_session_get_async_result_message (SOUP_SESSION (source), result);
  g_autoptr (GBytes) body = session_asker_call_finish (call, source, result);
  MeshAnswer answer = { .asked_at = call->asked_at };
  gsize length = 0;

  if (!session_asker_call_end (call))
    return;
  answer.latency_ms = (guint)((g_get_monotonic_time () - call->asked_at) / 1000);
  if (body != NULL) {
    const char *text = g_bytes_get_data (body, &length);
    guint status = soup_message_get_status (message);

    if (call->is_page)
      mesh_answer_read_html (&answer, status, text != NULL ? text : "", length);
    else
      mesh_target_read (self->target, &answer, status, text != NULL ? text : "", length,
                        self->pods);
    /* Not every gateway lets the API through: the next is asked for the page, and so in turn. */
    if (self->target->kind == MESH_TARGET_REVIEWS && answer.outcome == MESH_OUTCOME_OTHER &&
        status == SOUP_STATUS_NOT_FOUND)
      self->has_no_api = !call->is_page;
  }
  session_asker_call_take (call, &answer);
}

static void
session_asker_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id) {
    case PROP_TROUBLE:
      g_value_set_enum (value, SESSION_ASKER (object)->trouble);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_asker_dispose (GObject *object)
{
  session_asker_set_way (SESSION_ASKER (object), NULL, NULL);
  G_OBJECT_CLASS (session_asker_parent_class)->dispose (object);
}

static void
session_asker_finalize (GObject *object)
{
  SessionAsker *self = SESSION_ASKER (object);

  session_asker_forget_user (self);
  g_clear_object (&self->history);
  g_clear_pointer (&self->target, mesh_target_free);
  g_clear_pointer (&self->pods, g_hash_table_unref);
  g_clear_pointer (&self->open, g_ptr_array_unref);
  g_clear_pointer (&self->user, g_free);
  G_OBJECT_CLASS (session_asker_parent_class)->finalize (object);
}

static void
session_asker_class_init (SessionAskerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = session_asker_get_property;
  object_class->dispose = session_asker_dispose;
  object_class->finalize = session_asker_finalize;

  properties[PROP_TROUBLE] =
    g_param_spec_enum ("trouble", NULL, NULL, SESSION_TYPE_ASKER_TROUBLE, SESSION_ASKER_FINE,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
session_asker_init (SessionAsker *self)
{
  self->target = mesh_target_new_reviews (DEFAULT_NAMESPACE);
  self->pods = g_hash_table_new (g_str_hash, g_str_equal);
  self->history = mesh_history_new ();
  self->open = g_ptr_array_new_with_free_func (g_object_unref);
  self->limit_ms = LIMIT_MS;
}

/**
 * session_asker_new:
 * @user: (nullable): who signs in at the page; %NULL: nobody does
 *
 * Returns: (transfer full): without a way
 */
SessionAsker *
session_asker_new (const char *user)
{
  SessionAsker *self = g_object_new (SESSION_TYPE_ASKER, NULL);

  self->user = g_strdup (user);
  return self;
}

/**
 * session_asker_get_user:
 *
 * Returns: (nullable) (transfer none)
 */
const char *
session_asker_get_user (SessionAsker *self)
{
  g_return_val_if_fail (SESSION_IS_ASKER (self), NULL);

  return self->user;
}

static void
cancel_one (GCancellable *cancellable, gpointer user_data)
{
  g_cancellable_cancel (cancellable);
}

/* What is under way counts for nothing. */
static void
give_up (SessionAsker *self)
{
  g_autoptr (GPtrArray) open = g_steal_pointer (&self->open);

  self->generation++;
  self->open = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_foreach (open, (GFunc)cancel_one, NULL);
  session_asker_forget_user (self);
  self->is_signing_in = FALSE;
  self->has_no_api = FALSE;
  session_asker_set_trouble (self, SESSION_ASKER_FINE);
}

/**
 * session_asker_set_target:
 * @target: what to ask for from now on; copied. Bookinfo's reviews by default
 *
 * What came for the last one is forgotten.
 */
void
session_asker_set_target (SessionAsker *self, const MeshTarget *target)
{
  g_return_if_fail (SESSION_IS_ASKER (self));
  g_return_if_fail (target != NULL);

  if (mesh_target_equal (self->target, target))
    return;
  mesh_target_free (self->target);
  self->target = mesh_target_copy (target);
  give_up (self);
  mesh_history_clear (self->history);
}

/**
 * session_asker_set_pods:
 * @pods: (element-type utf8 utf8): names of pods that may have answered, and their subsets; kept
 */
void
session_asker_set_pods (SessionAsker *self, GHashTable *pods)
{
  g_return_if_fail (SESSION_IS_ASKER (self));
  g_return_if_fail (pods != NULL);

  g_hash_table_ref (pods);
  g_hash_table_unref (self->pods);
  self->pods = pods;
}

/**
 * session_asker_set_way:
 * @way: (nullable): what leads to the gateway; %NULL: nothing can be asked
 * @address: (nullable): the gateway's address, for the header Host
 *
 * What is under way is given up; it counts for nothing.
 */
void
session_asker_set_way (SessionAsker *self, GSocketConnectable *way, const char *address)
{
  g_return_if_fail (SESSION_IS_ASKER (self));
  g_return_if_fail (way == NULL || address != NULL);

  give_up (self);
  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_clear_pointer (&self->address, g_free);
  if (way == NULL)
    return;
  self->address = g_strdup (address);
  self->session = soup_session_new_with_options ("remote-connectable", way, "proxy-resolver", NULL,
                                                 "max-conns", SESSION_ASKER_AT_ONCE,
                                                 "max-conns-per-host", SESSION_ASKER_AT_ONCE, NULL);
}

/**
 * session_asker_set_limit:
 * @milliseconds: how long an answer is waited for; 10 s by default
 */
void
session_asker_set_limit (SessionAsker *self, guint milliseconds)
{
  g_return_if_fail (SESSION_IS_ASKER (self));
  g_return_if_fail (milliseconds > 0);

  self->limit_ms = milliseconds;
}

/**
 * session_asker_ask:
 *
 * Sends one request, or signs in first. The answer comes to the history.
 *
 * Returns: whether something was sent: nothing is where there is no way, or where too much is under
 * way already
 */
gboolean
session_asker_ask (SessionAsker *self)
{
  g_autoptr (SoupMessage) message = NULL;
  SessionAskerCall *call;

  g_return_val_if_fail (SESSION_IS_ASKER (self), FALSE);

  if (self->session == NULL || self->open->len >= SESSION_ASKER_AT_ONCE)
    return FALSE;
  if (self->user != NULL && self->cookies == NULL && self->target->kind != MESH_TARGET_PATH)
    return session_asker_sign_in (self);
  message = session_asker_new_message (self, SOUP_METHOD_GET,
                                       self->has_no_api ? PAGE_PATH : self->target->path);
  if (message == NULL)
    return FALSE;
  if (self->user != NULL && self->target->kind == MESH_TARGET_PATH)
    soup_message_headers_replace (soup_message_get_request_headers (message), USER_HEADER,
                                  self->user);
  if (self->cookies != NULL)
    soup_cookies_to_request (self->cookies, message);
  call = session_asker_call_new (self);
  call->is_page = self->has_no_api;
  session_asker_call_send (call, message, answered_cb);
  return TRUE;
}

/**
 * session_asker_break:
 *
 * The way is about to be left since it leads nowhere: what is under way gets no answer any more,
 * and that is what is to be seen last.
 */
void
session_asker_break (SessionAsker *self)
{
  MeshAnswer answer = { .outcome = MESH_OUTCOME_NONE };

  g_return_if_fail (SESSION_IS_ASKER (self));

  if (self->open->len == 0)
    return;
  answer.asked_at = self->asked_at;
  answer.latency_ms = (guint)((g_get_monotonic_time () - self->asked_at) / 1000);
  mesh_history_add (self->history, &answer);
}

/**
 * session_asker_get_n_open:
 *
 * Returns: how many requests are under way
 */
guint
session_asker_get_n_open (SessionAsker *self)
{
  g_return_val_if_fail (SESSION_IS_ASKER (self), 0);

  return self->open->len;
}

/**
 * session_asker_get_history:
 *
 * Returns: (transfer none): the answers
 */
MeshHistory *
session_asker_get_history (SessionAsker *self)
{
  g_return_val_if_fail (SESSION_IS_ASKER (self), NULL);

  return self->history;
}

SessionAskerTrouble
session_asker_get_trouble (SessionAsker *self)
{
  g_return_val_if_fail (SESSION_IS_ASKER (self), SESSION_ASKER_FINE);

  return self->trouble;
}
