/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "mesh-history.h"
#include "mesh-target.h"

G_BEGIN_DECLS

/* So many at once; more are not asked for. */
#define SESSION_ASKER_AT_ONCE 16

typedef enum {
  SESSION_ASKER_FINE,       /* or nothing is known yet */
  SESSION_ASKER_NAMELESS,   /* nobody knows the address by its name */
  SESSION_ASKER_REFUSED,    /* nobody listens */
  SESSION_ASKER_BROKEN,     /* the connection breaks, or cannot be made */
  SESSION_ASKER_SILENT,     /* no answer in time */
  SESSION_ASKER_NO_PAGE,    /* the gateway knows no such page */
  SESSION_ASKER_NOT_SERVED, /* somebody else than the page answers, with an error */
  SESSION_ASKER_NO_SIGN_IN, /* the page does not take the user */
} SessionAskerTrouble;

GType session_asker_trouble_get_type (void);
#define SESSION_TYPE_ASKER_TROUBLE (session_asker_trouble_get_type ())

/* Asks Bookinfo's page for reviews as one user, or for something else, one request for each
 * session_asker_ask(). Property
 * "trouble": what is wrong with the last answer, other than what the page itself says. */
#define SESSION_TYPE_ASKER (session_asker_get_type ())
G_DECLARE_FINAL_TYPE (SessionAsker, session_asker, SESSION, ASKER, GObject)

SessionAsker *session_asker_new (const char *user);
void session_asker_set_target (SessionAsker *self, const MeshTarget *target);
void session_asker_set_pods (SessionAsker *self, GHashTable *pods);
const char *session_asker_get_user (SessionAsker *self);
void session_asker_set_way (SessionAsker *self, GSocketConnectable *way, const char *address);
void session_asker_set_limit (SessionAsker *self, guint milliseconds);
gboolean session_asker_ask (SessionAsker *self);
void session_asker_break (SessionAsker *self);
guint session_asker_get_n_open (SessionAsker *self);
MeshHistory *session_asker_get_history (SessionAsker *self);
SessionAskerTrouble session_asker_get_trouble (SessionAsker *self);

G_END_DECLS
