/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The types of the Kubernetes API that the server keeps: what fields they have, with their numbers
 * in protobuf and their keys of a strategic merge. */
#define PRACTICE_TYPE_SCHEMA (practice_schema_get_type ())
G_DECLARE_FINAL_TYPE (PracticeSchema, practice_schema, PRACTICE, SCHEMA, GObject)

typedef enum {
  PRACTICE_FIELD_STRING,
  PRACTICE_FIELD_INT,
  PRACTICE_FIELD_LONG,
  PRACTICE_FIELD_BOOL,
  PRACTICE_FIELD_BYTES,
  PRACTICE_FIELD_DOUBLE,
  PRACTICE_FIELD_QUANTITY,
  PRACTICE_FIELD_INT_OR_STRING,
  PRACTICE_FIELD_TIME,
  PRACTICE_FIELD_MICRO_TIME,
  PRACTICE_FIELD_ANY,
  PRACTICE_FIELD_TYPE,
} PracticeFieldKind;

typedef enum {
  PRACTICE_SHAPE_ONE,
  PRACTICE_SHAPE_LIST,
  PRACTICE_SHAPE_MAP
} PracticeShape;

typedef struct _PracticeType PracticeType;

typedef struct {
  char *name;
  guint number;
  PracticeFieldKind kind;
  PracticeShape shape;
  gboolean optional;    /* a zero says something, so it is kept */
  gboolean in_place;    /* its fields are this object's own */
  gboolean retain_keys; /* of a strategic merge: other keys go where the patch says so */
  gboolean required;
  char *merge_key;          /* (nullable): of a strategic merge; "-" for plain values */
  GStrv keys;               /* (nullable): of a server-side apply, where it has others */
  char *description;        /* (nullable) */
  const PracticeType *type; /* (nullable) */
} PracticeField;

struct _PracticeType {
  char *name;
  char *definition;  /* its name in OpenAPI: "io.k8s.api.core.v1.Pod" */
  gboolean atomic;   /* of a server-side apply: owned as a whole */
  char *description; /* (nullable) */
  PracticeField *fields;
  guint n_fields;
};

PracticeSchema *practice_schema_new (void);
const PracticeType *practice_schema_get (PracticeSchema *self, const char *name);

const PracticeField *practice_type_find_field (const PracticeType *type, const char *name);

G_END_DECLS
