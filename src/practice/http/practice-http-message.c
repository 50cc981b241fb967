/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-http-message.h"

#include <string.h>

struct _PracticeHttpRequest {
  PracticePeer *peer;
  char *method;
  char *target;
  SoupMessageHeaders *headers;
  GBytes *body; /* (nullable) */
};

struct _PracticeHttpResponse {
  guint status;
  SoupMessageHeaders *headers;
  GBytes *body;
};

/**
 * practice_peer_new:
 * @address: its IPv4 address
 * @namespace_: (nullable): namespace of the pod; %NULL: not a pod
 * @pod: (nullable): name of the pod
 *
 * Returns: (transfer full): who opens a connection
 */
PracticePeer *
practice_peer_new (const char *address, const char *namespace_, const char *pod)
{
  PracticePeer *self;

  g_return_val_if_fail (address != NULL, NULL);

  self = g_new (PracticePeer, 1);
  self->address = g_strdup (address);
  self->namespace_ = g_strdup (namespace_);
  self->pod = g_strdup (pod);

  return self;
}

/**
 * practice_peer_copy:
 * @self: a peer
 *
 * Returns: (transfer full): the same
 */
PracticePeer *
practice_peer_copy (const PracticePeer *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return practice_peer_new (self->address, self->namespace_, self->pod);
}

/**
 * practice_peer_free:
 * @self: (transfer full): a peer
 */
void
practice_peer_free (PracticePeer *self)
{
  g_free (self->address);
  g_free (self->namespace_);
  g_free (self->pod);
  g_free (self);
}

static void
request_clear (gpointer data)
{
  PracticeHttpRequest *self = data;

  practice_peer_free (self->peer);
  g_free (self->method);
  g_free (self->target);
  soup_message_headers_unref (self->headers);
  g_clear_pointer (&self->body, g_bytes_unref);
}

/**
 * practice_http_request_new:
 * @peer: who sends it
 * @method: "GET"
 * @host: the Host header, with the port where it has one
 * @target: path and query, as on the request line
 * @body: (nullable): its body
 *
 * Returns: (transfer full): a request with no other header
 */
PracticeHttpRequest *
practice_http_request_new (
  const PracticePeer *peer, const char *method, const char *host, const char *target, GBytes *body)
{
  PracticeHttpRequest *self;

  g_return_val_if_fail (peer != NULL, NULL);
  g_return_val_if_fail (method != NULL, NULL);
  g_return_val_if_fail (host != NULL, NULL);
  g_return_val_if_fail (target != NULL, NULL);

  self = g_rc_box_new (PracticeHttpRequest);
  self->peer = practice_peer_copy (peer);
  self->method = g_strdup (method);
  self->target = g_strdup (target);
  self->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  soup_message_headers_replace (self->headers, "Host", host);
  self->body = body != NULL ? g_bytes_ref (body) : NULL;

  return self;
}

/**
 * practice_http_request_ref:
 * @self: a request
 *
 * Returns: (transfer full): @self
 */
PracticeHttpRequest *
practice_http_request_ref (PracticeHttpRequest *self)
{
  return g_rc_box_acquire (self);
}

/**
 * practice_http_request_unref:
 * @self: (transfer full): a request
 */
void
practice_http_request_unref (PracticeHttpRequest *self)
{
  g_rc_box_release_full (self, request_clear);
}

static void
append_header_cb (const char *name, const char *value, gpointer user_data)
{
  soup_message_headers_append (user_data, name, value);
}

/**
 * practice_http_request_copy:
 * @self: a request
 *
 * Returns: (transfer full): one like it, to be changed on its way
 */
PracticeHttpRequest *
practice_http_request_copy (PracticeHttpRequest *self)
{
  PracticeHttpRequest *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = practice_http_request_new (self->peer, self->method, "", self->target, self->body);
  soup_message_headers_clear (copy->headers);
  soup_message_headers_foreach (self->headers, append_header_cb, copy->headers);

  return copy;
}

/**
 * practice_http_request_get_peer:
 * @self: a request
 *
 * Returns: (transfer none): who sends it
 */
const PracticePeer *
practice_http_request_get_peer (PracticeHttpRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->peer;
}

/**
 * practice_http_request_set_peer:
 * @self: a request of one's own
 * @peer: who sends it on
 *
 * For a proxy, which opens the next connection itself.
 */
void
practice_http_request_set_peer (PracticeHttpRequest *self, const PracticePeer *peer)
{
  PracticePeer *copy;

  g_return_if_fail (self != NULL);
  g_return_if_fail (peer != NULL);

  copy = practice_peer_copy (peer);
  practice_peer_free (self->peer);
  self->peer = copy;
}

/**
 * practice_http_request_get_method:
 * @self: a request
 *
 * Returns: (transfer none): such as "GET"
 */
const char *
practice_http_request_get_method (PracticeHttpRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->method;
}

/**
 * practice_http_request_get_host:
 * @self: a request
 *
 * Returns: (transfer none): the Host header, with its port where it has one; "" without one
 */
const char *
practice_http_request_get_host (PracticeHttpRequest *self)
{
  const char *host;

  g_return_val_if_fail (self != NULL, NULL);

  host = soup_message_headers_get_one (self->headers, "Host");

  return host != NULL ? host : "";
}

/**
 * practice_http_request_get_target:
 * @self: a request
 *
 * Returns: (transfer none): path and query, not decoded
 */
const char *
practice_http_request_get_target (PracticeHttpRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->target;
}

/**
 * practice_http_request_set_target:
 * @self: a request of one's own
 * @target: path and query
 *
 * For a proxy that rewrites.
 */
void
practice_http_request_set_target (PracticeHttpRequest *self, const char *target)
{
  char *copy;

  g_return_if_fail (self != NULL);
  g_return_if_fail (target != NULL);

  copy = g_strdup (target);
  g_free (self->target);
  self->target = copy;
}

/**
 * practice_http_request_dup_path:
 * @self: a request
 *
 * Returns: (transfer full): the target up to its query, not decoded
 */
char *
practice_http_request_dup_path (PracticeHttpRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return g_strndup (self->target, strcspn (self->target, "?"));
}

/**
 * practice_http_request_get_headers:
 * @self: a request
 *
 * Returns: (transfer none): its headers, Host among them; only to be changed in a request of
 *   one's own
 */
SoupMessageHeaders *
practice_http_request_get_headers (PracticeHttpRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->headers;
}

/**
 * practice_http_request_get_header:
 * @self: a request
 * @name: a header's name
 *
 * Returns: (transfer none) (nullable): its value, the first where there are several
 */
const char *
practice_http_request_get_header (PracticeHttpRequest *self, const char *name)
{
  g_return_val_if_fail (self != NULL, NULL);

  return soup_message_headers_get_one (self->headers, name);
}

/**
 * practice_http_request_get_body:
 * @self: a request
 *
 * Returns: (transfer none) (nullable): its body
 */
GBytes *
practice_http_request_get_body (PracticeHttpRequest *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->body;
}

static void
response_clear (gpointer data)
{
  PracticeHttpResponse *self = data;

  soup_message_headers_unref (self->headers);
  g_bytes_unref (self->body);
}

/**
 * practice_http_response_new:
 * @status: HTTP status
 * @content_type: (nullable): such as "application/json"
 * @body: UTF-8 text
 *
 * Returns: (transfer full): a response
 */
PracticeHttpResponse *
practice_http_response_new (guint status, const char *content_type, const char *body)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (body != NULL, NULL);

  bytes = g_bytes_new (body, strlen (body));

  return practice_http_response_new_bytes (status, content_type, bytes);
}

/**
 * practice_http_response_new_bytes:
 * @status: HTTP status
 * @content_type: (nullable): such as "image/png"
 * @body: its body
 *
 * Returns: (transfer full): a response
 */
PracticeHttpResponse *
practice_http_response_new_bytes (guint status, const char *content_type, GBytes *body)
{
  PracticeHttpResponse *self;

  g_return_val_if_fail (body != NULL, NULL);

  self = g_rc_box_new (PracticeHttpResponse);
  self->status = status;
  self->headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  if (content_type != NULL)
    soup_message_headers_replace (self->headers, "Content-Type", content_type);
  self->body = g_bytes_ref (body);

  return self;
}

/**
 * practice_http_response_ref:
 * @self: a response
 *
 * Returns: (transfer full): @self
 */
PracticeHttpResponse *
practice_http_response_ref (PracticeHttpResponse *self)
{
  return g_rc_box_acquire (self);
}

/**
 * practice_http_response_unref:
 * @self: (transfer full): a response
 */
void
practice_http_response_unref (PracticeHttpResponse *self)
{
  g_rc_box_release_full (self, response_clear);
}

/**
 * practice_http_response_get_status:
 * @self: a response
 *
 * Returns: its HTTP status
 */
guint
practice_http_response_get_status (PracticeHttpResponse *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->status;
}

/**
 * practice_http_response_get_headers:
 * @self: a response
 *
 * Returns: (transfer none): its headers; a proxy may add to them
 */
SoupMessageHeaders *
practice_http_response_get_headers (PracticeHttpResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->headers;
}

/**
 * practice_http_response_get_body:
 * @self: a response
 *
 * Returns: (transfer none): its body, maybe of no bytes
 */
GBytes *
practice_http_response_get_body (PracticeHttpResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->body;
}
