/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The jumpserver's own address there. */
#define PRACTICE_NETWORK_OWN_ADDRESS "10.0.192.10"

/* The sandbox's network: a child that holds a user and network namespace (10.0.0.0/8 local, ports
 * from 0 free for all) and hands back sockets made in it, so that everything that answers there
 * lives in this process's main loop. */
#define PRACTICE_TYPE_NETWORK (practice_network_get_type ())
G_DECLARE_FINAL_TYPE (PracticeNetwork, practice_network, PRACTICE, NETWORK, GObject)

/* G_IO_ERROR_NOT_SUPPORTED where user namespaces are refused. */
PracticeNetwork *practice_network_new (GError **error);
/* The same for a machine with an address of its own, a pod, with folders that its containers share:
 * @volumes (nullable) (element-type utf8) has for each the path of one here, or NULL for an empty
 * one in memory. */
PracticeNetwork *
practice_network_new_at (const char *own_address, GPtrArray *volumes, GError **error);
/* (transfer full) (nullable): path of such a folder for who has entered, or of what is at @part
 * (nullable) in it. */
char *
practice_network_dup_volume (PracticeNetwork *self, guint number, const char *part, GError **error);
/* A bound (and, for streams, listening) socket in that network. Quick: a round trip to the holder.
 */
GSocket *practice_network_listen (
  PracticeNetwork *self, GSocketType type, const char *address, guint16 port, GError **error);
/* Has a listening socket answer only connections from @sources (nullable) (element-type utf8), IPv4
 * addresses; NULL: from all. For others it is as if there were nothing. */
gboolean practice_network_set_sources (PracticeNetwork *self,
                                       GSocket *socket,
                                       GPtrArray *sources,
                                       GError **error);
/* A connected stream from inside that network. Names are not looked up here. */
void practice_network_connect_async (PracticeNetwork *self,
                                     const char *address,
                                     guint16 port,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
/* The same from @source, an IPv4 address of 10.0.0.0/8; NULL: the jumpserver's. */
void practice_network_connect_from_async (PracticeNetwork *self,
                                          const char *source,
                                          const char *address,
                                          guint16 port,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
GSocketConnection *
practice_network_connect_finish (PracticeNetwork *self, GAsyncResult *result, GError **error);
/* A callback for these that hands the result on to a task, which it takes. */
void practice_network_return_connection (GObject *source, GAsyncResult *result, gpointer task);
/* Signal "listening" (GSocket *socket, const char *address, guint port): a stream socket has begun
 * to. */

/* In a child between fork and exec: joins its namespaces. Only system calls; 0 or an errno. */
int practice_network_enter (PracticeNetwork *self);

G_END_DECLS
