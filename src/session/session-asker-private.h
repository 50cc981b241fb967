/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "session-asker.h"

G_BEGIN_DECLS

struct _SessionAsker {
  GObject parent_instance;

  char *user; /* (nullable) */
  MeshTarget *target;
  GHashTable *pods; /* (element-type utf8 utf8): names, and which subsets they are of */
  MeshHistory *history;
  SoupSession *session; /* (nullable): with a way */
  char *address;        /* (nullable) */
  guint limit_ms;
  GSList *cookies;     /* of SoupCookie: of who is signed in */
  gint64 signed_in_at; /* when it was tried last; 0: never */
  gboolean is_signing_in;
  gboolean has_no_api; /* the page itself is to be read */
  GPtrArray *open;     /* of GCancellable: of all that is under way */
  guint generation;    /* of the way */
  gint64 asked_at;     /* the last one */
  SessionAskerTrouble trouble;
};

/* One request. It outlives the way that it was sent on. */
typedef struct {
  SessionAsker *asker;
  GCancellable *cancellable;
  guint generation;
  guint timer;
  gint64 asked_at;
  gboolean is_late;
  SessionAskerTrouble failure; /* where no answer came in time */
  gboolean is_page;            /* HTML */
} SessionAskerCall;

SessionAskerCall *session_asker_call_new (SessionAsker *self);
void session_asker_call_free (SessionAskerCall *call);
/* @callback gets @call, and frees it. */
void session_asker_call_send (SessionAskerCall *call,
                              SoupMessage *message,
                              GAsyncReadyCallback callback);
GBytes *session_asker_call_finish (SessionAskerCall *call, GObject *source, GAsyncResult *result);
gboolean session_asker_call_end (SessionAskerCall *call);
void session_asker_call_take (SessionAskerCall *call, const MeshAnswer *answer);

void session_asker_set_trouble (SessionAsker *self, SessionAskerTrouble trouble);
SoupMessage *session_asker_new_message (SessionAsker *self, const char *method, const char *path);
gboolean session_asker_sign_in (SessionAsker *self);
void session_asker_forget_user (SessionAsker *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SessionAskerCall, session_asker_call_free)

G_END_DECLS
