/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-causes.h"
#include "practice-store.h"
#include "practice-user.h"

G_BEGIN_DECLS

typedef struct {
  const char *name;
  const char *type; /* "string", "integer", "date" */
  const char *format;
  guint priority; /* 0: also in the narrow table */
} PracticeColumn;

/* What the server knows of a kind that is not defined by a CustomResourceDefinition. Functions may
 * be NULL; all work on objects in the storage version. */
typedef struct {
  const char *group;
  const char *plural;
  const char *singular;
  const char *kind;
  const char *versions[5]; /* the preferred first */
  const char *types[5];    /* of the schema, for each version */
  const char *short_names[3];
  const char *categories[2];
  gboolean namespaced;
  gboolean has_status;
  gboolean has_scale;
  gboolean has_generation;
  gboolean checks_name; /* its validation looks at the name, too */
  /* Where it is kept, if not under its own name and its first version. */
  const char *store_name;
  const char *storage_api_version;
  /* (nullable): the group that a real server names where an object is not good, if not its own */
  const char *refusing_group;

  void (*set_defaults) (JsonNode *object);
  /* @old NULL: a creation. */
  void (*prepare) (JsonNode *object, JsonNode *old);
  void (*validate) (JsonNode *object, JsonNode *old, PracticeCauses *causes);
  /* Instead, where what is right, or how it is called, goes by the version that the client spoke.
   */
  void (*validate_version) (JsonNode *object,
                            JsonNode *old,
                            const char *api_version,
                            PracticeCauses *causes);
  /* Notes who creates @object. */
  void (*note_user) (JsonNode *object, const PracticeUser *user);
  /* FALSE with a Status: @object, which is valid, is refused all the same. */
  gboolean (*check_creation) (JsonNode *object, GError **error);
  /* After the status of @object was set by a write of status, or of approval: keeps of @old what
   * that does not change. */
  void (*merge_part) (JsonNode *object, JsonNode *old, gboolean approval);
  JsonNode *(*to_storage) (JsonNode *object);
  JsonNode *(*from_storage) (JsonNode *object);
  /* Instead, where there are several versions that are not the stored one. */
  JsonNode *(*from_storage_to) (JsonNode *object, const char *api_version);

  /* Adds what is not kept, but known when @object is shown. */
  void (*complete) (JsonNode *object);

  const PracticeColumn *columns; /* ends with a NULL name */
  void (*add_cells) (JsonNode *object, JsonArray *cells);
  const char *const *selectable_fields; /* NULL terminated paths "spec.nodeName" */
  const char *const *subresources;      /* NULL terminated, beside status and scale */
  /* Of what is not kept: all there is at the moment (element-type JsonNode), only to be read. */
  GPtrArray *(*list_present) (PracticeStore *store);
  /* Of what is not kept but answered: access reviews. Changes @object. */
  void (*answer) (JsonNode *object, PracticeStore *store, const PracticeUser *user);
} PracticeKind;

G_END_DECLS
