/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-schema.h"

#include <gio/gio.h>
#include <string.h>

#include "practice-resources.h"

#define TYPES_PATH "/io/github/konvoylab/practice/kubernetes-types.txt"

struct _PracticeSchema {
  GObject parent_instance;
  GHashTable *types; /* (element-type utf8 PracticeType) */
};

G_DEFINE_FINAL_TYPE (PracticeSchema, practice_schema, G_TYPE_OBJECT)

static const struct {
  const char *name;
  PracticeFieldKind kind;
} kinds[] = {
  { "string", PRACTICE_FIELD_STRING },     { "int", PRACTICE_FIELD_INT },
  { "long", PRACTICE_FIELD_LONG },         { "bool", PRACTICE_FIELD_BOOL },
  { "bytes", PRACTICE_FIELD_BYTES },       { "double", PRACTICE_FIELD_DOUBLE },
  { "quantity", PRACTICE_FIELD_QUANTITY }, { "intstr", PRACTICE_FIELD_INT_OR_STRING },
  { "time", PRACTICE_FIELD_TIME },         { "microtime", PRACTICE_FIELD_MICRO_TIME },
  { "any", PRACTICE_FIELD_ANY },
};

static void
clear_field (PracticeField *field)
{
  g_free (field->name);
  g_free (field->merge_key);
  g_free (field->description);
  g_strfreev (field->keys);
}

static void
type_free (PracticeType *type)
{
  for (guint i = 0; i < type->n_fields; i++)
    clear_field (&type->fields[i]);
  g_free (type->fields);
  g_free (type->name);
  g_free (type->definition);
  g_free (type->description);
  g_free (type);
}

static PracticeType *
ensure_type (PracticeSchema *self, const char *name)
{
  PracticeType *type = g_hash_table_lookup (self->types, name);

  if (type == NULL) {
    type = g_new0 (PracticeType, 1);
    type->name = g_strdup (name);
    g_hash_table_insert (self->types, type->name, type);
  }
  return type;
}

static void
parse_field_type (PracticeSchema *self, PracticeField *field, const char *text)
{
  if (g_str_has_prefix (text, "[]") || g_str_has_prefix (text, "{}")) {
    field->shape = *text == '[' ? PRACTICE_SHAPE_LIST : PRACTICE_SHAPE_MAP;
    text += 2;
  }
  field->optional = *text == '*';
  if (field->optional)
    text++;
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (g_str_equal (text, kinds[i].name)) {
      field->kind = kinds[i].kind;
      return;
    }
  }
  field->kind = PRACTICE_FIELD_TYPE;
  field->type = ensure_type (self, text);
}

/* Cuts " # TEXT" off the end of @line. (nullable): TEXT */
static char *
take_description (char *line)
{
  char *mark = strstr (line, " # ");

  if (mark == NULL)
    return NULL;
  *mark = '\0';
  return g_strdup (mark + strlen (" # "));
}

/* "  NAME NUMBER TYPE [merge=KEY] [keys=KEY,KEY] [retain-keys] [required] [# DESCRIPTION]" */
static void
parse_field (PracticeSchema *self, GArray *fields, char *line)
{
  g_autofree char *description = take_description (line);
  g_auto (GStrv) words = g_strsplit (line + strspn (line, " "), " ", -1);
  PracticeField field = { NULL };

  g_assert (g_strv_length (words) >= 3);
  field.name = g_strdup (words[0]);
  field.number = (guint)g_ascii_strtoull (words[1], NULL, 10);
  field.in_place = g_str_equal (words[0], "-");
  parse_field_type (self, &field, words[2]);
  for (guint i = 3; words[i] != NULL; i++) {
    if (g_str_has_prefix (words[i], "merge="))
      field.merge_key = g_strdup (words[i] + strlen ("merge="));
    else if (g_str_has_prefix (words[i], "keys="))
      field.keys = g_strsplit (words[i] + strlen ("keys="), ",", -1);
    else if (g_str_equal (words[i], "retain-keys"))
      field.retain_keys = TRUE;
    else if (g_str_equal (words[i], "required"))
      field.required = TRUE;
  }
  field.description = g_steal_pointer (&description);
  g_array_append_val (fields, field);
}

/* "TYPE DEFINITION [atomic] [# DESCRIPTION]" */
static PracticeType *
parse_type (PracticeSchema *self, char *line)
{
  g_autofree char *description = take_description (line);
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  PracticeType *type = ensure_type (self, words[0]);

  g_assert (g_strv_length (words) >= 2);
  /* Each type stands there once. */
  g_assert (type->definition == NULL);
  type->definition = g_strdup (words[1]);
  type->atomic = g_strcmp0 (words[2], "atomic") == 0;
  type->description = g_steal_pointer (&description);
  return type;
}

static void
end_type (PracticeType *type, GArray *fields)
{
  if (type == NULL)
    return;
  type->n_fields = fields->len;
  type->fields = g_memdup2 (fields->data, fields->len * sizeof (PracticeField));
  g_array_set_size (fields, 0);
}

static void
parse_types (PracticeSchema *self, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GArray) fields = g_array_new (FALSE, FALSE, sizeof (PracticeField));
  PracticeType *type = NULL;

  for (guint i = 0; lines[i] != NULL; i++) {
    char *line = lines[i];

    if (*line == '\0' || *line == '#')
      continue;
    if (*line == ' ') {
      parse_field (self, fields, line);
      continue;
    }
    end_type (type, fields);
    type = parse_type (self, line);
  }
  end_type (type, fields);
}

static void
practice_schema_finalize (GObject *object)
{
  PracticeSchema *self = PRACTICE_SCHEMA (object);

  g_hash_table_unref (self->types);

  G_OBJECT_CLASS (practice_schema_parent_class)->finalize (object);
}

static void
practice_schema_class_init (PracticeSchemaClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_schema_finalize;
}

static void
practice_schema_init (PracticeSchema *self)
{
  g_autoptr (GBytes) text = NULL;

  self->types = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)type_free);
  text = g_resource_lookup_data (practice_get_resource (), TYPES_PATH, G_RESOURCE_LOOKUP_FLAGS_NONE,
                                 NULL);
  /* The resource is part of the program. */
  g_assert (text != NULL);
  parse_types (self, g_bytes_get_data (text, NULL));
}

/**
 * practice_schema_new:
 *
 * Returns: (transfer full): the types, read from the program's own data
 */
PracticeSchema *
practice_schema_new (void)
{
  return g_object_new (PRACTICE_TYPE_SCHEMA, NULL);
}

/**
 * practice_schema_get:
 * @self: the schema
 * @name: name of a type, "PodSpec"
 *
 * Returns: (transfer none) (nullable): the type, as long as @self lives
 */
const PracticeType *
practice_schema_get (PracticeSchema *self, const char *name)
{
  g_return_val_if_fail (PRACTICE_IS_SCHEMA (self), NULL);

  return g_hash_table_lookup (self->types, name);
}

/**
 * practice_type_find_field:
 * @type: a type
 * @name: the field's name in JSON
 *
 * Returns: (transfer none) (nullable): the field, also one of a type that is held in place
 */
const PracticeField *
practice_type_find_field (const PracticeType *type, const char *name)
{
  for (guint i = 0; i < type->n_fields; i++) {
    const PracticeField *field = &type->fields[i];

    if (field->in_place) {
      const PracticeField *found = practice_type_find_field (field->type, name);

      if (found != NULL)
        return found;
    } else if (g_str_equal (field->name, name)) {
      return field;
    }
  }
  return NULL;
}
