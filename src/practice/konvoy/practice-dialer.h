/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-fabric.h"
#include "practice-sites.h"

G_BEGIN_DECLS

/* Connections into the practice network for programs that are not in it: over real sockets where
 * this computer lets us have them, and else straight to the programs that answer. */
#define PRACTICE_TYPE_DIALER (practice_dialer_get_type ())
G_DECLARE_FINAL_TYPE (PracticeDialer, practice_dialer, PRACTICE, DIALER, GObject)

/* @network (nullable). @folder: the user's alone, for a socket. */
PracticeDialer *
practice_dialer_new (PracticeNetwork *network, PracticeFabric *fabric, PracticeSites *sites);
/* The same as a pod, where @parent has no network: HTTP goes by its sidecar where it has one. */
PracticeDialer *practice_dialer_new_for_pod (PracticeDialer *parent,
                                             const PracticePeer *peer,
                                             PracticeHttpHandler *outbound);
void practice_dialer_stop (PracticeDialer *self);
void practice_dialer_connect_async (PracticeDialer *self,
                                    const char *address,
                                    guint16 port,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data);
GSocketConnection *
practice_dialer_connect_finish (PracticeDialer *self, GAsyncResult *result, GError **error);

G_END_DECLS
