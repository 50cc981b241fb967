/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "practice-cluster-dns.h"
#include "test-mesh-store.h"
#include "test-wait.h"

#define ID 0x4b4c
#define RCODE_NAME_ERROR 3

typedef struct {
  TestMesh mesh;
  PracticeNetwork *network;
  PracticeClusterDns *dns;
  GSocket *client;
  guint8 answer[512];
  gssize length;
} Fixture;

static gboolean
set_up (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  self->network = practice_network_new (&error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED)) {
    g_test_skip (error->message);
    return FALSE;
  }
  g_assert_no_error (error);
  test_mesh_set_up (&self->mesh, NULL);
  self->dns = practice_cluster_dns_new (self->mesh.store, self->network, &error);
  g_assert_no_error (error);
  self->client = practice_network_listen (self->network, G_SOCKET_TYPE_DATAGRAM,
                                          PRACTICE_NETWORK_OWN_ADDRESS, 0, &error);
  g_assert_no_error (error);
  g_socket_set_blocking (self->client, FALSE);
  return TRUE;
}

static void
tear_down (Fixture *self)
{
  g_clear_object (&self->client);
  test_wait_finalize (g_steal_pointer (&self->dns), 30);
  test_wait_finalize (g_steal_pointer (&self->network), 30);
  test_mesh_tear_down (&self->mesh, NULL);
}

static gboolean
has_answer (gpointer data)
{
  Fixture *self = data;

  self->length =
    g_socket_receive (self->client, (char *)self->answer, sizeof self->answer, NULL, NULL);
  return self->length > 0;
}

/* A query for the A record of @name, RFC 1035 section 4.1. */
static void
ask (Fixture *self, const char *name)
{
  static const guint8 header[] = { ID >> 8, ID & 0xff, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
  static const guint8 end[] = { 0, 0, 1, 0, 1 };
  g_autoptr (GByteArray) query = g_byte_array_new ();
  g_autoptr (GSocketAddress) server =
    g_inet_socket_address_new_from_string (PRACTICE_CLUSTER_DNS_ADDRESS, PRACTICE_CLUSTER_DNS_PORT);
  g_auto (GStrv) labels = g_strsplit (name, ".", -1);
  g_autoptr (GError) error = NULL;

  g_byte_array_append (query, header, sizeof header);
  for (guint i = 0; labels[i] != NULL; i++) {
    guint8 length = strlen (labels[i]);

    g_byte_array_append (query, &length, 1);
    g_byte_array_append (query, (const guint8 *)labels[i], length);
  }
  g_byte_array_append (query, end, sizeof end);
  g_socket_send_to (self->client, server, (const char *)query->data, query->len, NULL, &error);
  g_assert_no_error (error);
  test_wait_until (has_answer, self, 30, "an answer of the name server");
  g_assert_cmpint (self->length, >=, 12);
  g_assert_cmpint (self->answer[0] << 8 | self->answer[1], ==, ID);
}

static void
assert_address (Fixture *self, const char *name, const guint8 *address)
{
  ask (self, name);
  g_assert_cmpint (self->answer[3] & 0xf, ==, 0);
  g_assert_cmpint (self->answer[7], ==, 1);
  g_assert_cmpmem (self->answer + self->length - 4, 4, address, 4);
}

static void
test_names (void)
{
  static const guint8 reviews[] = { 10, 0, 0, 1 };
  Fixture self = { 0 };

  if (!set_up (&self))
    return;
  assert_address (&self, "reviews.default.svc.cluster.local", reviews);
  assert_address (&self, "Reviews.Default.SVC.cluster.local", reviews);
  ask (&self, "reviews");
  g_assert_cmpint (self.answer[3] & 0xf, ==, RCODE_NAME_ERROR);
  test_mesh_delete (&self.mesh, "Service", "reviews");
  ask (&self, "reviews.default.svc.cluster.local");
  g_assert_cmpint (self.answer[3] & 0xf, ==, RCODE_NAME_ERROR);
  tear_down (&self);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice-cluster-dns/names", test_names);

  return g_test_run ();
}
