/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gunixinputstream.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "base-json.h"
#include "practice-api-server.h"
#include "practice-cluster.h"
#include "practice-store.h"

/*
 * practice-api-host STATE KUBECONFIG: serves the API on the state in a file, without any
 * controller, writes the kubeconfig, says "ready" and stays until its standard input closes. For
 * tests with a real kubectl.
 */
static void
create_namespace (PracticeStore *store, const char *name)
{
  g_autofree char *text = g_strdup_printf (
    "{\"kind\":\"Namespace\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"%s\"},\"spec\":"
    "{\"finalizers\":[\"kubernetes\"]},\"status\":{\"phase\":\"Active\"}}",
    name);
  JsonNode *node = base_json_parse (text, -1, NULL);

  if (practice_store_get (store, "/namespaces", NULL, name) == NULL)
    practice_store_create (store, "/namespaces", node, NULL);
  else
    json_node_unref (node);
}

static gboolean
input_cb (GObject *stream, gpointer user_data)
{
  char buffer[64];

  if (g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), buffer,
                                                sizeof buffer, NULL, NULL) > 0)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GSource) source = NULL;
  g_autoptr (PracticeStore) store = NULL;
  g_autoptr (PracticeApiServer) server = NULL;
  g_autoptr (PracticeCluster) cluster = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *kubeconfig = NULL;

  if (argc < 3)
    return 2;
  store = practice_store_new (argv[1], &error);
  if (store != NULL && argc > 3)
    cluster = practice_cluster_new (store, NULL, &error);
  if (error == NULL) {
    create_namespace (store, "default");
    create_namespace (store, "kube-system");
    server = practice_api_server_new (store, &error);
  }
  if (server != NULL) {
    if (cluster != NULL)
      practice_api_server_set_runtime (server, practice_cluster_get_runtime (cluster));
    kubeconfig = practice_api_server_dup_kubeconfig (server);
    g_file_set_contents_full (argv[2], kubeconfig, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                              &error);
  }
  if (error != NULL) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  source = g_pollable_input_stream_create_source (G_POLLABLE_INPUT_STREAM (input), NULL);
  g_source_set_callback (source, G_SOURCE_FUNC (input_cb), loop, NULL);
  g_source_attach (source, NULL);
  g_print ("ready\n");
  g_main_loop_run (loop);
  return 0;
}
