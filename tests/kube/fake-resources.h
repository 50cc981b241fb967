/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "fake-watches.h"

G_BEGIN_DECLS

/* Answers a request for a resource from @store, and tells @watches what it changed. */
void fake_resources_handle (FakeStore *store,
                            FakeWatches *watches,
                            const FakePath *path,
                            GHashTable *query,
                            SoupServerMessage *message);
void fake_resources_answer_status (SoupServerMessage *message,
                                   guint status,
                                   const char *reason,
                                   const char *text);
void fake_resources_answer_json (SoupServerMessage *message, guint status, const char *json);

G_END_DECLS
