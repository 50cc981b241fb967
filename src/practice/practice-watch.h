/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "practice-objects.h"
#include "practice-request.h"

G_BEGIN_DECLS

/* One watch: sends the events of a resource as lines of a chunked answer until its time is over or
 * its client goes. Owned by its message. */
#define PRACTICE_TYPE_WATCH (practice_watch_get_type ())
G_DECLARE_FINAL_TYPE (PracticeWatch, practice_watch, PRACTICE, WATCH, GObject)

/* FALSE with a Status, for an ordinary answer. */
gboolean practice_watch_start (PracticeObjects *objects,
                               PracticeRequest *request,
                               SoupServerMessage *message,
                               GError **error);

G_END_DECLS
