/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-causes.h"

#include "base-json.h"

/* Enough for any mistake of a person, and an end to the answer for a hostile object. */
#define MAX_CAUSES 100

typedef struct {
  const char *reason;
  char *field;
  char *message;
} Cause;

struct _PracticeCauses {
  GPtrArray *list;
};

static void
cause_free (Cause *cause)
{
  g_free (cause->field);
  g_free (cause->message);
  g_free (cause);
}

/* Takes @message. */
static void
add (PracticeCauses *self, const char *reason, const char *field, char *message)
{
  Cause *cause;

  if (self->list->len >= MAX_CAUSES) {
    g_free (message);
    return;
  }
  cause = g_new0 (Cause, 1);
  cause->reason = reason;
  cause->field = g_strdup (field);
  cause->message = message;
  g_ptr_array_add (self->list, cause);
}

static char *
quote (const char *value)
{
  g_autofree char *escaped = g_strescape (value, "\x7f\x80\x81\x82\x83");

  return g_strdup_printf ("\"%s\"", escaped);
}

/**
 * practice_causes_new:
 *
 * Returns: (transfer full): an empty list of causes
 */
PracticeCauses *
practice_causes_new (void)
{
  PracticeCauses *self = g_new0 (PracticeCauses, 1);

  self->list = g_ptr_array_new_with_free_func ((GDestroyNotify)cause_free);
  return self;
}

/**
 * practice_causes_free:
 * @self: (transfer full): the causes
 *
 * Frees @self.
 */
void
practice_causes_free (PracticeCauses *self)
{
  g_ptr_array_unref (self->list);
  g_free (self);
}

/**
 * practice_causes_get_length:
 * @self: the causes
 *
 * Returns: how many there are
 */
guint
practice_causes_get_length (PracticeCauses *self)
{
  return self->list->len;
}

/**
 * practice_causes_dup_message:
 * @self: the causes
 *
 * Returns: (transfer full): all causes as one text, as Kubernetes joins them
 *   (k8s.io/apimachinery/pkg/util/errors, aggregate)
 */
char *
practice_causes_dup_message (PracticeCauses *self)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->list->len; i++) {
    Cause *cause = self->list->pdata[i];
    char *line = g_strdup_printf ("%s: %s", cause->field, cause->message);

    if (g_hash_table_contains (seen, line)) {
      g_free (line);
      continue;
    }
    if (text->len > 0)
      g_string_append (text, ", ");
    g_string_append (text, line);
    g_hash_table_add (seen, line);
  }
  if (g_hash_table_size (seen) > 1) {
    g_string_prepend_c (text, '[');
    g_string_append_c (text, ']');
  }
  return g_string_free (text, FALSE);
}

/**
 * practice_causes_dup_list:
 * @self: the causes
 *
 * Returns: (transfer full): the causes as the details of a Status have them
 */
JsonNode *
practice_causes_dup_list (PracticeCauses *self)
{
  g_autoptr (JsonArray) array = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  for (guint i = 0; i < self->list->len; i++) {
    Cause *cause = self->list->pdata[i];
    JsonObject *object = json_object_new ();

    json_object_set_string_member (object, "reason", cause->reason);
    json_object_set_string_member (object, "message", cause->message);
    json_object_set_string_member (object, "field", cause->field);
    json_array_add_object_element (array, object);
  }
  json_node_set_array (node, array);
  return node;
}

/**
 * practice_causes_required:
 * @self: the causes
 * @field: path of the field, "spec.containers[0].name"
 * @detail: (nullable): more words
 */
void
practice_causes_required (PracticeCauses *self, const char *field, const char *detail)
{
  add (self, "FieldValueRequired", field,
       detail != NULL && *detail != '\0' ? g_strconcat ("Required value: ", detail, NULL)
                                         : g_strdup ("Required value"));
}

static void
add_invalid (PracticeCauses *self, const char *field, const char *value, const char *detail)
{
  add (self, "FieldValueInvalid", field,
       detail != NULL && *detail != '\0' ? g_strdup_printf ("Invalid value: %s: %s", value, detail)
                                         : g_strdup_printf ("Invalid value: %s", value));
}

/**
 * practice_causes_invalid:
 * @self: the causes
 * @field: path of the field, as "spec.ports[0].port"
 * @value: (nullable): what it is
 * @detail: (nullable): what is wrong with it
 *
 * Notes a string that is not good.
 */
void
practice_causes_invalid (PracticeCauses *self,
                         const char *field,
                         const char *value,
                         const char *detail)
{
  g_autofree char *quoted = quote (value != NULL ? value : "");

  add_invalid (self, field, quoted, detail);
}

/**
 * practice_causes_invalid_int:
 * @self: the causes
 * @field: path of the field, as "spec.ports[0].port"
 * @value: what it is
 * @detail: (nullable): what is wrong with it
 *
 * Notes a number that is not good.
 */
void
practice_causes_invalid_int (PracticeCauses *self,
                             const char *field,
                             gint64 value,
                             const char *detail)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  add_invalid (self, field, text, detail);
}

/**
 * practice_causes_invalid_literal:
 * @self: the causes
 * @field: path of the field
 * @literal: the value as a server in Go prints it
 * @detail: what is wrong with it
 */
void
practice_causes_invalid_literal (PracticeCauses *self,
                                 const char *field,
                                 const char *literal,
                                 const char *detail)
{
  add_invalid (self, field, literal, detail);
}

/**
 * practice_causes_invalid_node:
 * @self: the causes
 * @field: path of the field
 * @value: (nullable): the value, printed as JSON
 * @detail: what is wrong with it
 */
void
practice_causes_invalid_node (PracticeCauses *self,
                              const char *field,
                              JsonNode *value,
                              const char *detail)
{
  g_autofree char *text = value != NULL ? base_json_write (value, FALSE) : g_strdup ("null");

  add_invalid (self, field, text, detail);
}

/**
 * practice_causes_unsupported:
 * @self: the causes
 * @field: path of the field, as "spec.ports[0].port"
 * @value: (nullable): what it is
 * @supported: (array zero-terminated=1): what it could be
 *
 * Notes a value that is none of those there are.
 */
void
practice_causes_unsupported (PracticeCauses *self,
                             const char *field,
                             const char *value,
                             const char *const *supported)
{
  g_autofree char *quoted = quote (value != NULL ? value : "");

  practice_causes_unsupported_literal (self, field, quoted, supported);
}

/**
 * practice_causes_unsupported_literal:
 * @self: the causes
 * @field: path of the field
 * @literal: the value as a server in Go prints it
 * @supported: (array zero-terminated=1): what it could be
 *
 * Notes a value that is none of those there are.
 */
void
practice_causes_unsupported_literal (PracticeCauses *self,
                                     const char *field,
                                     const char *literal,
                                     const char *const *supported)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_printf (text, "Unsupported value: %s: supported values: ", literal);
  for (guint i = 0; supported[i] != NULL; i++)
    g_string_append_printf (text, "%s\"%s\"", i > 0 ? ", " : "", supported[i]);
  add (self, "FieldValueNotSupported", field, g_strdup (text->str));
}

/**
 * practice_causes_duplicate:
 * @self: the causes
 * @field: path of the field, as "spec.ports[0].port"
 * @value: what it is
 *
 * Notes a value that is there already.
 */
void
practice_causes_duplicate (PracticeCauses *self, const char *field, const char *value)
{
  g_autofree char *quoted = quote (value);

  add (self, "FieldValueDuplicate", field, g_strconcat ("Duplicate value: ", quoted, NULL));
}

/**
 * practice_causes_duplicate_int:
 * @self: the causes
 * @field: path of the field, as "spec.ports[0].port"
 * @value: what it is
 *
 * Notes a number that is there already.
 */
void
practice_causes_duplicate_int (PracticeCauses *self, const char *field, gint64 value)
{
  add (self, "FieldValueDuplicate", field,
       g_strdup_printf ("Duplicate value: %" G_GINT64_FORMAT, value));
}

/**
 * practice_causes_duplicate_literal:
 * @self: the causes
 * @field: path of the field, as "spec.ports[0].port"
 * @literal: the value as a server in Go prints it
 *
 * Notes a value that is there already.
 */
void
practice_causes_duplicate_literal (PracticeCauses *self, const char *field, const char *literal)
{
  add (self, "FieldValueDuplicate", field, g_strconcat ("Duplicate value: ", literal, NULL));
}

/**
 * practice_causes_forbidden:
 * @self: the causes
 * @field: path of the field, as "spec.ports[0].port"
 * @detail: why
 *
 * Notes a field that may not be set, or changed.
 */
void
practice_causes_forbidden (PracticeCauses *self, const char *field, const char *detail)
{
  add (self, "FieldValueForbidden", field, g_strconcat ("Forbidden: ", detail, NULL));
}

/**
 * practice_causes_too_long:
 * @self: the causes
 * @field: path of the field, as "spec.ports[0].port"
 * @max_bytes: how long it may be
 *
 * Notes a value that is too long.
 */
void
practice_causes_too_long (PracticeCauses *self, const char *field, guint max_bytes)
{
  add (self, "FieldValueTooLong", field,
       g_strdup_printf ("Too long: must have at most %u bytes", max_bytes));
}

/**
 * practice_causes_not_found:
 * @self: the causes
 * @field: path of the field, as "spec.ports[0].port"
 * @value: the name
 *
 * Notes a name of something that is not there.
 */
void
practice_causes_not_found (PracticeCauses *self, const char *field, const char *value)
{
  g_autofree char *quoted = quote (value);

  add (self, "FieldValueNotFound", field, g_strconcat ("Not found: ", quoted, NULL));
}
