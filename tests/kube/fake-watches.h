/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "fake-path.h"
#include "fake-store.h"

G_BEGIN_DECLS

/* The watches that are open at the fake server. */
typedef struct _FakeWatches FakeWatches;

FakeWatches *fake_watches_new (void);
void fake_watches_free (FakeWatches *self);
/* Answers @message with a watch that stays open. */
void fake_watches_open (FakeWatches *self,
                        SoupServerMessage *message,
                        const FakePath *path,
                        gboolean bookmarks,
                        GPtrArray *events);
/* @plural NULL: of all resources */
guint fake_watches_count (FakeWatches *self, const char *plural);
void fake_watches_send_event (FakeWatches *self, const FakeEvent *event);
void fake_watches_send_bookmark (FakeWatches *self, guint64 version);
void fake_watches_send_text (FakeWatches *self, const char *plural, const char *text, gsize length);
void fake_watches_end (FakeWatches *self, const char *plural);  /* as a server's time-out does */
void fake_watches_drop (FakeWatches *self, const char *plural); /* the connection breaks */

G_END_DECLS
