/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-cluster-dns.h"

#include "practice-dns-server.h"
#include "practice-service-names.h"

/**
 * PracticeClusterDns:
 *
 * Answers for whole names only: the search list is the client's business
 * (https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/).
 */
struct _PracticeClusterDns {
  GObject parent_instance;

  PracticeStore *store;
  PracticeDnsServer *server;
};

G_DEFINE_FINAL_TYPE (PracticeClusterDns, practice_cluster_dns, G_TYPE_OBJECT)

static GStrv
look_up (const char *name, gpointer user_data)
{
  PracticeClusterDns *self = user_data;

  return practice_service_names_look_up_whole (self->store, name);
}

static void
practice_cluster_dns_dispose (GObject *object)
{
  PracticeClusterDns *self = PRACTICE_CLUSTER_DNS (object);

  g_clear_object (&self->server);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_cluster_dns_parent_class)->dispose (object);
}

static void
practice_cluster_dns_class_init (PracticeClusterDnsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = practice_cluster_dns_dispose;
}

static void
practice_cluster_dns_init (PracticeClusterDns *self)
{
}

/**
 * practice_cluster_dns_new:
 * @store: the cluster's objects
 * @network: where it answers
 * @error: return location
 *
 * Returns: (transfer full) (nullable): a name server; %NULL where its address is taken
 */
PracticeClusterDns *
practice_cluster_dns_new (PracticeStore *store, PracticeNetwork *network, GError **error)
{
  g_autoptr (PracticeClusterDns) self = NULL;
  g_autoptr (GSocket) datagram = NULL;
  g_autoptr (GSocket) stream = NULL;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);
  g_return_val_if_fail (PRACTICE_IS_NETWORK (network), NULL);

  datagram = practice_network_listen (network, G_SOCKET_TYPE_DATAGRAM, PRACTICE_CLUSTER_DNS_ADDRESS,
                                      PRACTICE_CLUSTER_DNS_PORT, error);
  if (datagram == NULL)
    return NULL;
  stream = practice_network_listen (network, G_SOCKET_TYPE_STREAM, PRACTICE_CLUSTER_DNS_ADDRESS,
                                    PRACTICE_CLUSTER_DNS_PORT, error);
  if (stream == NULL)
    return NULL;
  self = g_object_new (PRACTICE_TYPE_CLUSTER_DNS, NULL);
  self->store = g_object_ref (store);
  self->server = practice_dns_server_new (datagram, stream, look_up, self, error);
  return self->server != NULL ? g_steal_pointer (&self) : NULL;
}
