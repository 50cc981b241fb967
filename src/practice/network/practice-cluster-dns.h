/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-network.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* Where pods ask for names, as their /etc/resolv.conf says. */
#define PRACTICE_CLUSTER_DNS_ADDRESS "10.0.0.10"
#define PRACTICE_CLUSTER_DNS_PORT 53

/* The name server of the cluster, at that address in a network of real sockets. */
#define PRACTICE_TYPE_CLUSTER_DNS (practice_cluster_dns_get_type ())
G_DECLARE_FINAL_TYPE (PracticeClusterDns, practice_cluster_dns, PRACTICE, CLUSTER_DNS, GObject)

PracticeClusterDns *
practice_cluster_dns_new (PracticeStore *store, PracticeNetwork *network, GError **error);

G_END_DECLS
