/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-network.h"

G_BEGIN_DECLS

/* Where this process listens in a network, beside the programs that really run in it. */
#define PRACTICE_TYPE_LISTENERS (practice_listeners_get_type ())
G_DECLARE_FINAL_TYPE (PracticeListeners, practice_listeners, PRACTICE, LISTENERS, GObject)

/* Of what begins to listen from now on. */
PracticeListeners *practice_listeners_new (PracticeNetwork *network);
PracticeNetwork *practice_listeners_get_network (PracticeListeners *self);
gboolean practice_listeners_has (PracticeListeners *self, const char *address, guint16 port);

G_END_DECLS
