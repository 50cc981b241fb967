/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fake-client.h"

#include <string.h>

#include "test-wait.h"

#define SECONDS 20

KubeClient *
fake_client_new (FakeApiServer *server, const char *cluster, const char *user)
{
  return fake_client_new_dial (server, cluster, user, NULL);
}

KubeClient *
fake_client_new_dial (FakeApiServer *server,
                      const char *cluster,
                      const char *user,
                      GSocketConnectable *dial)
{
  g_autoptr (KubeConfig) config = kube_config_new ();
  g_autofree char *text = fake_api_server_dup_kubeconfig (server, cluster, user);
  g_autoptr (GError) error = NULL;
  g_autoptr (KubeContext) context = NULL;
  KubeClient *client;

  kube_config_add (config, "/nowhere/config", text, -1, &error);
  g_assert_no_error (error);
  context = kube_config_dup_context (config, NULL, &error);
  g_assert_no_error (error);
  client = kube_client_new (context, dial, &error);
  g_assert_no_error (error);
  return client;
}

JsonNode *
fake_client_send (KubeClient *client,
                  const char *method,
                  const char *path,
                  const char *content_type,
                  const char *body,
                  GError **error)
{
  g_autoptr (GBytes) bytes = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;
  g_autoptr (GAsyncResult) result = NULL;

  kube_client_request_async (client, method, path, content_type, bytes, NULL, test_wait_keep_result,
                             &result);
  test_wait_for_pointer (&result, SECONDS, "an answer");
  return kube_client_request_finish (client, result, error);
}

JsonNode *
fake_client_request (KubeClient *client, const char *method, const char *path, GError **error)
{
  return fake_client_send (client, method, path, NULL, NULL, error);
}

GInputStream *
fake_client_open (KubeClient *client, const char *path, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kube_client_open_async (client, path, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, SECONDS, "an open stream");
  return kube_client_open_finish (client, result, error);
}

gboolean
fake_client_discover (KubeClient *client, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kube_client_discover_async (client, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, SECONDS, "discovery");
  return kube_client_discover_finish (client, result, error);
}
