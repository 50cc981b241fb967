/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Who opens a connection: a pod, or somebody outside the cluster. */
typedef struct {
  char *address;    /* IPv4 */
  char *namespace_; /* (nullable): of the pod; NULL: not a pod */
  char *pod;        /* (nullable) */
} PracticePeer;

PracticePeer *practice_peer_new (const char *address, const char *namespace_, const char *pod);
PracticePeer *practice_peer_copy (const PracticePeer *self);
void practice_peer_free (PracticePeer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticePeer, practice_peer_free)

/* A whole HTTP request on its way through the cluster. Counted references; a hop that changes
 * something copies first. */
typedef struct _PracticeHttpRequest PracticeHttpRequest;

/* @target: path and query. @body (nullable). The Host header is in the headers. */
PracticeHttpRequest *practice_http_request_new (
  const PracticePeer *peer, const char *method, const char *host, const char *target, GBytes *body);
PracticeHttpRequest *practice_http_request_ref (PracticeHttpRequest *self);
void practice_http_request_unref (PracticeHttpRequest *self);
PracticeHttpRequest *practice_http_request_copy (PracticeHttpRequest *self);
const PracticePeer *practice_http_request_get_peer (PracticeHttpRequest *self);
void practice_http_request_set_peer (PracticeHttpRequest *self, const PracticePeer *peer);
const char *practice_http_request_get_method (PracticeHttpRequest *self);
/* The Host header, with its port where it has one; "" without one. */
const char *practice_http_request_get_host (PracticeHttpRequest *self);
const char *practice_http_request_get_target (PracticeHttpRequest *self);
void practice_http_request_set_target (PracticeHttpRequest *self, const char *target);
char *practice_http_request_dup_path (PracticeHttpRequest *self);
SoupMessageHeaders *practice_http_request_get_headers (PracticeHttpRequest *self);
/* (nullable): the header's first value */
const char *practice_http_request_get_header (PracticeHttpRequest *self, const char *name);
GBytes *practice_http_request_get_body (PracticeHttpRequest *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeHttpRequest, practice_http_request_unref)

typedef struct _PracticeHttpResponse PracticeHttpResponse;

/* @body is UTF-8 text. */
PracticeHttpResponse *
practice_http_response_new (guint status, const char *content_type, const char *body);
PracticeHttpResponse *
practice_http_response_new_bytes (guint status, const char *content_type, GBytes *body);
PracticeHttpResponse *practice_http_response_ref (PracticeHttpResponse *self);
void practice_http_response_unref (PracticeHttpResponse *self);
guint practice_http_response_get_status (PracticeHttpResponse *self);
SoupMessageHeaders *practice_http_response_get_headers (PracticeHttpResponse *self);
GBytes *practice_http_response_get_body (PracticeHttpResponse *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeHttpResponse, practice_http_response_unref)

G_END_DECLS
