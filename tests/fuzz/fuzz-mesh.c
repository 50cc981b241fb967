/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "fuzz-target.h"
#include "fuzz-words.h"
#include "practice-mesh-decision.h"
#include "test-mesh-store.h"

/* Replaces an object of the mesh by one with the spec @text; FALSE: it is no object. */
static gboolean
put (PracticeStore *store, const char *resource, const char *name, const char *text)
{
  g_autoptr (JsonNode) spec = base_json_parse (text, -1, NULL);
  g_autofree char *metadata =
    g_strdup_printf ("{\"metadata\":{\"name\":\"%s\",\"namespace\":\"default\"}}", name);
  g_autoptr (JsonNode) object = base_json_parse (metadata, -1, NULL);

  if (spec == NULL || !JSON_NODE_HOLDS_OBJECT (spec))
    return FALSE;
  json_object_set_member (json_node_get_object (object), "spec", g_steal_pointer (&spec));
  if (practice_store_get (store, resource, "default", name) != NULL)
    practice_store_update (store, resource, g_steal_pointer (&object), NULL, NULL);
  else
    practice_store_create (store, resource, g_steal_pointer (&object), NULL);
  return TRUE;
}

/* A request ("METHOD TARGET HEADER=VALUE ..."), the spec of a VirtualService and that of a
 * DestinationRule, a line each. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static TestMesh mesh;
  g_auto (GStrv) lines = fuzz_words_new (data, size, 3);
  g_auto (GStrv) words = g_strsplit (lines[0], " ", 8);
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_REQUEST);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autoptr (PracticeMeshConfig) config = NULL;
  g_autoptr (PracticeMeshDecision) decision = NULL;
  PracticeMeshQuery query = {
    .namespace_ = "default",
    .host = "reviews.default.svc.cluster.local",
    .authority = "reviews:9080",
    .port = 9080,
    .scheme = "http",
    .method = "GET",
    .target = "/",
    .headers = headers,
  };

  if (mesh.store == NULL)
    test_mesh_set_up (&mesh, NULL);
  if (!put (mesh.store, "networking.istio.io/virtualservices", "reviews", lines[1]) ||
      !put (mesh.store, "networking.istio.io/destinationrules", "reviews", lines[2]))
    return 0;
  if (words[0] != NULL && words[1] != NULL) {
    query.method = words[0];
    query.target = words[1];
    for (guint i = 2; words[i] != NULL; i++) {
      char *equals = strchr (words[i], '=');

      if (equals == NULL || equals == words[i])
        continue;
      *equals = '\0';
      /* What has come over HTTP is none of these. */
      if (strpbrk (words[i], " \t\r\n:") != NULL || strpbrk (equals + 1, "\r\n") != NULL)
        continue;
      soup_message_headers_append (headers, words[i], equals + 1);
    }
  }
  config = practice_mesh_config_new (mesh.store, 3);
  decision = practice_mesh_decide (config, mesh.store, &query, random);
  g_assert_nonnull (decision);
  if (decision->status == 0)
    practice_mesh_decision_change_headers (decision, "request", headers);
  return 0;
}
