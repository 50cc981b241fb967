/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-json.h"
#include "fuzz-target.h"
#include "practice-protobuf.h"
#include "practice-schema.h"

/* A byte that chooses a type, and an object of it in protobuf. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const types[] = {
    "Pod", "Deployment", "Service", "ConfigMap", "DeleteOptions", "Node", "NetworkPolicy", "Secret",
  };
  static PracticeSchema *schema;
  g_autoptr (GBytes) body = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;

  if (schema == NULL)
    schema = practice_schema_new ();
  if (size == 0)
    return 0;
  body = g_bytes_new (data + 1, size - 1);
  node = practice_protobuf_decode (
    practice_schema_get (schema, types[data[0] % G_N_ELEMENTS (types)]), body, NULL);
  if (node != NULL)
    text = base_json_write (node, FALSE);
  return 0;
}
