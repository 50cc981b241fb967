/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "practice-network.h"

G_BEGIN_DECLS

/* One listening address whose connections are carried to one of several targets in turn. */
#define PRACTICE_TYPE_FORWARDER (practice_forwarder_get_type ())
G_DECLARE_FINAL_TYPE (PracticeForwarder, practice_forwarder, PRACTICE, FORWARDER, GObject)

PracticeForwarder *practice_forwarder_new (PracticeNetwork *network,
                                           const char *address,
                                           guint16 port,
                                           GError **error);
/* (element-type PracticeEndpoint): none: connections are closed at once */
void practice_forwarder_set_targets (PracticeForwarder *self, GPtrArray *targets);

G_END_DECLS
