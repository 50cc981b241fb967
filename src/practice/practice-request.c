/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-request.h"

#include <string.h>

/* The parts of a path, from after the version on; more is no request for a resource. */
#define MAX_PARTS 16

#define MAX_PARAMETERS 100

/* Bytes of the name of a field manager. */
#define MAX_MANAGER 128

/* (nullable): NULL for what is not well escaped. */
static char *
decode_word (const char *text, gssize length)
{
  g_autofree char *plain = length < 0 ? g_strdup (text) : g_strndup (text, (gsize)length);

  return g_uri_unescape_string (g_strdelimit (plain, "+", ' '), NULL);
}

/* As Go reads it: a name may come without a value, what is bad is passed over. */
static GHashTable *
parse_query (const char *text)
{
  GHashTable *query = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (GStrv) pairs = g_strsplit (text != NULL ? text : "", "&", MAX_PARAMETERS);

  for (guint i = 0; pairs[i] != NULL; i++) {
    const char *equals = strchr (pairs[i], '=');
    g_autofree char *name = decode_word (pairs[i], equals != NULL ? equals - pairs[i] : -1);
    g_autofree char *value = decode_word (equals != NULL ? equals + 1 : "", -1);

    if (name != NULL && value != NULL && !g_hash_table_contains (query, name))
      g_hash_table_insert (query, g_steal_pointer (&name), g_steal_pointer (&value));
  }
  return query;
}

/* One range of an Accept header, "application/json;as=Table;v=v1;g=meta.k8s.io": whether we
 * can answer so. */
static gboolean
parse_range (PracticeRequest *self, const char *range)
{
  g_auto (GStrv) parts = g_strsplit (range, ";", 8);
  const char *form = NULL;
  const char *version = "v1";

  for (guint i = 0; parts[i] != NULL; i++) {
    char *part = g_strstrip (parts[i]);

    if (i == 0) {
      if (!g_str_equal (part, "application/json") && !g_str_equal (part, "*/*") &&
          !g_str_equal (part, "application/*"))
        return FALSE;
    } else if (g_str_has_prefix (part, "as=")) {
      form = part + strlen ("as=");
    } else if (g_str_has_prefix (part, "v=")) {
      version = part + strlen ("v=");
    }
  }
  if (form == NULL)
    return TRUE;
  if (g_str_equal (form, "Table"))
    self->form = PRACTICE_FORM_TABLE;
  else if (g_str_equal (form, "PartialObjectMetadata") ||
           g_str_equal (form, "PartialObjectMetadataList"))
    self->form = PRACTICE_FORM_METADATA;
  else
    return FALSE;
  self->form_version = g_str_equal (version, "v1beta1") ? "v1beta1" : "v1";
  return TRUE;
}

/* Where nothing that is accepted can be had the answer is plain JSON: kubectl takes it, though it
 * names only protobuf at times. */
static void
parse_accept (PracticeRequest *self, const char *accept)
{
  g_auto (GStrv) ranges = g_strsplit (accept != NULL ? accept : "", ",", 16);

  self->form = PRACTICE_FORM_OBJECT;
  self->form_version = "v1";
  for (guint i = 0; ranges[i] != NULL; i++) {
    if (parse_range (self, g_strstrip (ranges[i])))
      return;
  }
}

static char *
dup_part (const char *part)
{
  return g_uri_unescape_string (part, NULL);
}

/* [namespaces/NAMESPACE/]PLURAL[/NAME[/SUBRESOURCE]] */
static gboolean
parse_resource (PracticeRequest *self, char **parts)
{
  guint length = g_strv_length (parts);

  /* A namespace is itself a resource: namespaces/NAME, namespaces/NAME/status. */
  if (length > 2 && g_str_equal (parts[0], "namespaces") && !g_str_equal (parts[2], "status") &&
      !g_str_equal (parts[2], "finalize")) {
    self->namespace_ = dup_part (parts[1]);
    if (self->namespace_ == NULL || *self->namespace_ == '\0')
      return FALSE;
    parts += 2;
    length -= 2;
  }
  /* What follows "proxy" is not ours. */
  if (length > 3 && g_str_equal (parts[2], "proxy"))
    length = 3;
  if (length < 1 || length > 3)
    return FALSE;
  self->plural = dup_part (parts[0]);
  self->name = length > 1 ? dup_part (parts[1]) : NULL;
  self->subresource = length > 2 ? dup_part (parts[2]) : NULL;
  return self->plural != NULL && *self->plural != '\0' && (length < 2 || self->name != NULL) &&
         (length < 3 || self->subresource != NULL);
}

/* /api/VERSION/... or /apis/GROUP/VERSION/... */
static gboolean
parse_path (PracticeRequest *self, const char *path)
{
  g_auto (GStrv) parts = NULL;
  guint length, skip;

  if (*path != '/')
    return FALSE;
  parts = g_strsplit (path + 1, "/", MAX_PARTS);
  length = g_strv_length (parts);
  if (length > 0 && *parts[length - 1] == '\0')
    g_clear_pointer (&parts[--length], g_free);
  if (length < 3)
    return FALSE;
  if (g_str_equal (parts[0], "api")) {
    self->group = g_strdup ("");
    skip = 2;
  } else if (g_str_equal (parts[0], "apis") && length > 3) {
    self->group = g_strdup (parts[1]);
    skip = 3;
  } else {
    return FALSE;
  }
  self->version = g_strdup (parts[skip - 1]);
  return parse_resource (self, parts + skip);
}

static gboolean
parse_method (PracticeRequest *self, const char *method)
{
  static const struct {
    const char *method;
    PracticeVerb one;
    PracticeVerb all;
    gboolean has_all;
    gboolean has_one;
  } verbs[] = {
    { "GET", PRACTICE_VERB_GET, PRACTICE_VERB_LIST, TRUE, TRUE },
    /* One with a name is of a subresource. */
    { "POST", PRACTICE_VERB_CREATE, PRACTICE_VERB_CREATE, TRUE, TRUE },
    { "PUT", PRACTICE_VERB_UPDATE, PRACTICE_VERB_UPDATE, FALSE, TRUE },
    { "PATCH", PRACTICE_VERB_PATCH, PRACTICE_VERB_PATCH, FALSE, TRUE },
    { "DELETE", PRACTICE_VERB_DELETE, PRACTICE_VERB_DELETE_COLLECTION, TRUE, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (verbs); i++) {
    if (!g_str_equal (method, verbs[i].method))
      continue;
    self->verb = self->name != NULL ? verbs[i].one : verbs[i].all;
    if (self->verb == PRACTICE_VERB_LIST && practice_request_get_boolean (self, "watch"))
      self->verb = PRACTICE_VERB_WATCH;
    return self->name != NULL ? verbs[i].has_one : verbs[i].has_all;
  }
  return FALSE;
}

/**
 * practice_request_new:
 * @method: of HTTP
 * @path: as sent, escaped
 * @query: (nullable): as sent, escaped
 * @accept: (nullable): the Accept header
 * @content_type: (nullable): the Content-Type header
 *
 * Reads what is asked of a resource
 * (https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-uris).
 *
 * Returns: (transfer full) (nullable): the request, or %NULL where it is none for a resource
 */
PracticeRequest *
practice_request_new (const char *method,
                      const char *path,
                      const char *query,
                      const char *accept,
                      const char *content_type)
{
  g_autoptr (PracticeRequest) self = g_new0 (PracticeRequest, 1);

  self->query = parse_query (query);
  parse_accept (self, accept);
  if (content_type != NULL) {
    self->content_type = g_strndup (content_type, strcspn (content_type, ";"));
    g_strstrip (self->content_type);
  }
  if (!parse_path (self, path) || !parse_method (self, method))
    return NULL;
  return g_steal_pointer (&self);
}

/**
 * practice_request_free:
 * @self: (transfer full): a request
 *
 * Frees @self.
 */
void
practice_request_free (PracticeRequest *self)
{
  g_free (self->group);
  g_free (self->version);
  g_free (self->plural);
  g_free (self->namespace_);
  g_free (self->name);
  g_free (self->subresource);
  g_free (self->content_type);
  g_free (self->agent);
  g_clear_pointer (&self->user, practice_user_free);
  g_hash_table_unref (self->query);
  g_free (self);
}

/**
 * practice_request_get:
 * @self: a request
 * @parameter: name of a parameter of the query
 *
 * Returns: (transfer none) (nullable): its first value
 */
const char *
practice_request_get (PracticeRequest *self, const char *parameter)
{
  return g_hash_table_lookup (self->query, parameter);
}

/**
 * practice_request_get_boolean:
 * @self: a request
 * @parameter: name of a parameter of the query
 *
 * Returns: whether it is set
 */
gboolean
practice_request_get_boolean (PracticeRequest *self, const char *parameter)
{
  const char *value = practice_request_get (self, parameter);

  /* As Go's strconv.ParseBool, and a parameter without a value is true. */
  return value != NULL &&
         (*value == '\0' || g_str_equal (value, "1") || g_ascii_strcasecmp (value, "true") == 0 ||
          g_ascii_strcasecmp (value, "t") == 0);
}

/**
 * practice_request_get_int:
 * @self: a request
 * @parameter: name of a parameter of the query
 * @fallback: what else
 *
 * Returns: its value, or @fallback where it is missing, negative or no number
 */
gint64
practice_request_get_int (PracticeRequest *self, const char *parameter, gint64 fallback)
{
  const char *value = practice_request_get (self, parameter);
  guint64 number;

  if (value == NULL || !g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT64, &number, NULL))
    return fallback;
  return (gint64)number;
}

/**
 * practice_request_dup_manager:
 * @self: a request
 *
 * Returns: (transfer full): the name under which what is written is owned: the fieldManager that
 *   the request names, else the program's
 */
char *
practice_request_dup_manager (PracticeRequest *self)
{
  const char *manager = practice_request_get (self, "fieldManager");
  const char *agent = self->agent != NULL ? self->agent : "";

  if (manager != NULL && *manager != '\0')
    return g_strndup (manager, MAX_MANAGER);
  if (*agent == '\0' || *agent == '/')
    return g_strdup ("unknown");
  return g_strndup (agent, MIN (strcspn (agent, "/"), MAX_MANAGER));
}

/**
 * practice_request_get_verb_name:
 * @self: a request
 *
 * Returns: (transfer none): the verb as Kubernetes names it
 */
const char *
practice_request_get_verb_name (PracticeRequest *self)
{
  static const char *const names[] = { "get",    "list",  "watch",  "create",
                                       "update", "patch", "delete", "deletecollection" };

  return names[self->verb];
}
