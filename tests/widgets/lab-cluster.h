/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "fake-api-server.h"
#include "lab-fixture.h"

G_BEGIN_DECLS

/* The fixture's lab reaches @server. */
static inline void
lab_cluster_connect (LabFixture *fixture, FakeApiServer *server)
{
  g_autofree char *path = lab_fixture_dup_path (fixture, "kubeconfig");
  g_autofree char *kubeconfig = fake_api_server_dup_kubeconfig (server, NULL, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, kubeconfig, -1, &error);
  g_assert_no_error (error);
  session_lab_connect_async (fixture->lab, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, 20, "the connection");
  session_lab_connect_finish (fixture->lab, result, &error);
  g_assert_no_error (error);
}

G_END_DECLS
