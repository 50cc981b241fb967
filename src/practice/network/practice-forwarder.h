/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-fabric.h"

G_BEGIN_DECLS

/* One listening address of a Service whose connections the fabric carries to its pods. */
#define PRACTICE_TYPE_FORWARDER (practice_forwarder_get_type ())
G_DECLARE_FINAL_TYPE (PracticeForwarder, practice_forwarder, PRACTICE, FORWARDER, GObject)

PracticeForwarder *practice_forwarder_new (PracticeFabric *fabric,
                                           PracticeNetwork *network,
                                           const char *address,
                                           guint16 port,
                                           GError **error);

G_END_DECLS
