/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh-config.h"

G_BEGIN_DECLS

/* A DestinationRule with the name of its host made whole. */
typedef struct {
  JsonNode *object;
  const char *namespace_; /* in @object */
  char *host;
} PracticeMeshRuleEntry;

struct _PracticeMeshConfig {
  gatomicrefcount references;
  guint minor;
  GPtrArray *virtual_services; /* of PracticeMeshVirtualService */
  GPtrArray *rules;            /* of PracticeMeshRuleEntry */
  GPtrArray *gateways;         /* of JsonNode */
  GPtrArray *entries;          /* of JsonNode */
  GHashTable *regexes;         /* pattern to GRegex, NULL where it is none */
  GHashTable *frozen;          /* (nullable): "RESOURCE NAMESPACE/NAME" to JsonNode */
};

void practice_mesh_rule_entry_free (gpointer data);
void practice_mesh_config_add_rule (PracticeMeshConfig *self, JsonNode *object);

G_END_DECLS
