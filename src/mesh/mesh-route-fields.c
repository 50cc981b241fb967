/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-route-fields.h"

#include "base-json.h"

static const struct {
  MeshMatchKind kind;
  const char *name;
} kinds[] = {
  { MESH_MATCH_EXACT, "exact" },
  { MESH_MATCH_PREFIX, "prefix" },
  { MESH_MATCH_REGEX, "regex" },
};

/* The only member of an object; NULL where it has none or several. */
static const char *
get_only_member (JsonObject *object, JsonNode **value)
{
  JsonObjectIter iter;
  const char *name = NULL;

  if (object == NULL || json_object_get_size (object) != 1)
    return NULL;
  json_object_iter_init (&iter, object);
  json_object_iter_next (&iter, &name, value);
  return name;
}

/* One condition, on one header: that is what the fields hold. */
static MeshMatchKind
read_match (JsonNode *route, char **header, char **text)
{
  JsonArray *items = base_json_get_array (route, "match", NULL);
  JsonNode *headers = NULL;
  JsonNode *condition = NULL;
  JsonNode *value = NULL;
  const char *name = NULL;
  const char *kind = NULL;

  if (base_json_get_length (items) == 0)
    return base_json_get (route, "match", NULL) == NULL || items != NULL ? MESH_MATCH_NONE
                                                                         : MESH_MATCH_OTHER;
  if (json_array_get_length (items) != 1 ||
      g_strcmp0 (
        get_only_member (base_json_get_object (json_array_get_element (items, 0), NULL), &headers),
        "headers") != 0)
    return MESH_MATCH_OTHER;
  name = get_only_member (base_json_get_object (headers, NULL), &condition);
  kind = name != NULL ? get_only_member (base_json_get_object (condition, NULL), &value) : NULL;
  for (gsize i = 0; kind != NULL && i < G_N_ELEMENTS (kinds); i++) {
    if (g_str_equal (kind, kinds[i].name) && base_json_get_string (value, NULL) != NULL) {
      *header = g_strdup (name);
      *text = g_strdup (base_json_get_string (value, NULL));
      return kinds[i].kind;
    }
  }
  return MESH_MATCH_OTHER;
}

static char *
dup_number (JsonNode *node)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node))
    return NULL;
  if (json_node_get_value_type (node) != G_TYPE_INT64 &&
      json_node_get_value_type (node) != G_TYPE_DOUBLE)
    return NULL;
  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.10g", json_node_get_double (node)));
}

/* Of a delay or an abort: percentage, which came later, counts before percent; none is 0
 * (https://github.com/istio/istio/blob/1.4.0/pilot/pkg/networking/core/v1alpha3/route/route.go). */
static char *
dup_percentage (JsonNode *fault)
{
  JsonNode *value = base_json_get (fault, "percentage", NULL) != NULL
                      ? base_json_get (fault, "percentage", "value", NULL)
                      : base_json_get (fault, "percent", NULL);
  char *text = dup_number (value);

  return text != NULL ? text : g_strdup ("0");
}

/**
 * mesh_route_fields_read:
 * @route: an HTTP route
 * @texts: (out): of the fields; each to be freed
 *
 * Returns: for whom the route is
 */
MeshMatchKind
mesh_route_fields_read (JsonNode *route, char *texts[MESH_N_FIELDS])
{
  JsonNode *delay = base_json_get (route, "fault", "delay", NULL);
  JsonNode *abort_ = base_json_get (route, "fault", "abort", NULL);
  JsonNode *retries = base_json_get (route, "retries", NULL);
  MeshMatchKind kind;

  for (gsize i = 0; i < MESH_N_FIELDS; i++)
    texts[i] = NULL;
  kind = read_match (route, &texts[MESH_FIELD_HEADER], &texts[MESH_FIELD_VALUE]);
  texts[MESH_FIELD_TIMEOUT] = g_strdup (base_json_get_string (route, "timeout", NULL));
  texts[MESH_FIELD_DELAY] = g_strdup (base_json_get_string (delay, "fixedDelay", NULL));
  if (texts[MESH_FIELD_DELAY] != NULL)
    texts[MESH_FIELD_DELAY_PERCENTAGE] = dup_percentage (delay);
  texts[MESH_FIELD_ABORT_STATUS] = dup_number (base_json_get (abort_, "httpStatus", NULL));
  if (texts[MESH_FIELD_ABORT_STATUS] != NULL)
    texts[MESH_FIELD_ABORT_PERCENTAGE] = dup_percentage (abort_);
  texts[MESH_FIELD_ATTEMPTS] = dup_number (base_json_get (retries, "attempts", NULL));
  if (retries != NULL && texts[MESH_FIELD_ATTEMPTS] == NULL)
    texts[MESH_FIELD_ATTEMPTS] = g_strdup ("0");
  texts[MESH_FIELD_PER_TRY_TIMEOUT] =
    g_strdup (base_json_get_string (retries, "perTryTimeout", NULL));
  texts[MESH_FIELD_RETRY_ON] = g_strdup (base_json_get_string (retries, "retryOn", NULL));
  for (gsize i = 0; i < MESH_N_FIELDS; i++) {
    if (texts[i] == NULL)
      texts[i] = g_strdup ("");
  }
  return kind;
}

/**
 * mesh_route_fields_differ:
 * @first: the first field that is compared
 * @last: the last one
 *
 * Returns: whether one of them is another text in @old than in @texts
 */
gboolean
mesh_route_fields_differ (char *const old[MESH_N_FIELDS],
                          char *const texts[MESH_N_FIELDS],
                          MeshField first,
                          MeshField last)
{
  for (guint i = first; i <= last; i++) {
    if (!g_str_equal (old[i], texts[i]))
      return TRUE;
  }
  return FALSE;
}

/* The object that is a member; made where it is missing. */
static JsonObject *
ensure_object (JsonObject *parent, const char *member)
{
  JsonNode *node = json_object_get_member (parent, member);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    json_object_set_object_member (parent, member, json_object_new ());
  return json_object_get_object_member (parent, member);
}

static void
set_text (JsonObject *object, const char *member, const char *text)
{
  if (*text != '\0')
    json_object_set_string_member (object, member, text);
  else
    json_object_remove_member (object, member);
}

static void
remove_if_empty (JsonObject *object, const char *member)
{
  JsonObject *child =
    json_object_has_member (object, member) ? json_object_get_object_member (object, member) : NULL;

  if (child != NULL && json_object_get_size (child) == 0)
    json_object_remove_member (object, member);
}

static void
set_number (JsonObject *object, const char *member, double number)
{
  if (number == (double)(gint64)number)
    json_object_set_int_member (object, member, (gint64)number);
  else
    json_object_set_double_member (object, member, number);
}

/* An empty field next to a fault stands for all requests. */
static void
set_percentage (JsonObject *fault, const char *text)
{
  double percentage = 100;

  if (*text != '\0')
    mesh_field_parse_percentage (text, &percentage);
  json_object_remove_member (fault, "percent");
  set_number (ensure_object (fault, "percentage"), "value", percentage);
}

/* @name: "delay" or "abort"; @member: what of it @text is, empty for none. Where only the share is
 * another, or only the rest, the other stays as it was written. */
static void
write_fault (JsonObject *route,
             const char *name,
             const char *member,
             gboolean is_number,
             const char *old,
             const char *text,
             gboolean share_differs,
             const char *share)
{
  JsonObject *faults = ensure_object (route, "fault");
  JsonObject *fault = NULL;

  if (*text == '\0') {
    json_object_remove_member (faults, name);
    remove_if_empty (route, "fault");
    return;
  }
  /* of another kind: the two do not go together */
  if (*old == '\0')
    json_object_remove_member (faults, name);
  fault = ensure_object (faults, name);
  if (!g_str_equal (old, text) && is_number)
    json_object_set_int_member (fault, member, g_ascii_strtoll (text, NULL, 10));
  else if (!g_str_equal (old, text))
    json_object_set_string_member (fault, member, text);
  if (share_differs || *old == '\0')
    set_percentage (fault, share);
}

static void
write_retries (JsonObject *route, char *const texts[MESH_N_FIELDS])
{
  JsonObject *retries = NULL;

  if (*texts[MESH_FIELD_ATTEMPTS] == '\0') {
    json_object_remove_member (route, "retries");
    return;
  }
  retries = ensure_object (route, "retries");
  json_object_set_int_member (retries, "attempts",
                              g_ascii_strtoll (texts[MESH_FIELD_ATTEMPTS], NULL, 10));
  set_text (retries, "perTryTimeout", texts[MESH_FIELD_PER_TRY_TIMEOUT]);
  set_text (retries, "retryOn", texts[MESH_FIELD_RETRY_ON]);
}

/**
 * mesh_route_fields_write_match:
 * @kind: MESH_MATCH_OTHER leaves the match as it is
 */
void
mesh_route_fields_write_match (JsonObject *route,
                               MeshMatchKind kind,
                               char *const texts[MESH_N_FIELDS])
{
  g_autoptr (JsonArray) items = NULL;
  JsonObject *item = NULL;
  JsonObject *condition = NULL;

  if (kind == MESH_MATCH_OTHER)
    return;
  if (kind == MESH_MATCH_NONE) {
    json_object_remove_member (route, "match");
    return;
  }
  items = json_array_new ();
  item = json_object_new ();
  json_array_add_object_element (items, item);
  condition = ensure_object (ensure_object (item, "headers"), texts[MESH_FIELD_HEADER]);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (kinds[i].kind == kind)
      json_object_set_string_member (condition, kinds[i].name, texts[MESH_FIELD_VALUE]);
  }
  json_object_set_array_member (route, "match", g_steal_pointer (&items));
}

/**
 * mesh_route_fields_write:
 * @old: what the fields were when they were read
 * @texts: what is in them; valid
 *
 * Writes what is another now, but the match.
 */
void
mesh_route_fields_write (JsonObject *route,
                         char *const old[MESH_N_FIELDS],
                         char *const texts[MESH_N_FIELDS])
{
  if (mesh_route_fields_differ (old, texts, MESH_FIELD_TIMEOUT, MESH_FIELD_TIMEOUT))
    set_text (route, "timeout", texts[MESH_FIELD_TIMEOUT]);
  if (mesh_route_fields_differ (old, texts, MESH_FIELD_DELAY, MESH_FIELD_DELAY_PERCENTAGE))
    write_fault (route, "delay", "fixedDelay", FALSE, old[MESH_FIELD_DELAY],
                 texts[MESH_FIELD_DELAY],
                 mesh_route_fields_differ (old, texts, MESH_FIELD_DELAY_PERCENTAGE,
                                           MESH_FIELD_DELAY_PERCENTAGE),
                 texts[MESH_FIELD_DELAY_PERCENTAGE]);
  if (mesh_route_fields_differ (old, texts, MESH_FIELD_ABORT_STATUS, MESH_FIELD_ABORT_PERCENTAGE))
    write_fault (route, "abort", "httpStatus", TRUE, old[MESH_FIELD_ABORT_STATUS],
                 texts[MESH_FIELD_ABORT_STATUS],
                 mesh_route_fields_differ (old, texts, MESH_FIELD_ABORT_PERCENTAGE,
                                           MESH_FIELD_ABORT_PERCENTAGE),
                 texts[MESH_FIELD_ABORT_PERCENTAGE]);
  if (mesh_route_fields_differ (old, texts, MESH_FIELD_ATTEMPTS, MESH_FIELD_RETRY_ON))
    write_retries (route, texts);
}

/**
 * mesh_route_fields_conflict:
 * @old: what the fields were when they were read
 * @texts: what is in them
 * @route: the route as it is by now
 *
 * Returns: whether somebody else has written to another value meanwhile what is written here
 */
gboolean
mesh_route_fields_conflict (char *const old[MESH_N_FIELDS],
                            char *const texts[MESH_N_FIELDS],
                            JsonObject *route)
{
  /* fields that are written together */
  static const MeshField groups[][2] = {
    { MESH_FIELD_TIMEOUT, MESH_FIELD_TIMEOUT },
    { MESH_FIELD_DELAY, MESH_FIELD_DELAY_PERCENTAGE },
    { MESH_FIELD_ABORT_STATUS, MESH_FIELD_ABORT_PERCENTAGE },
    { MESH_FIELD_ATTEMPTS, MESH_FIELD_RETRY_ON },
  };
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), route);
  char *now[MESH_N_FIELDS];
  gboolean found = FALSE;

  mesh_route_fields_read (node, now);
  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++) {
    MeshField first = groups[i][0];
    MeshField last = groups[i][1];

    found = found || (mesh_route_fields_differ (old, texts, first, last) &&
                      mesh_route_fields_differ (old, now, first, last) &&
                      mesh_route_fields_differ (texts, now, first, last));
  }
  for (gsize i = 0; i < MESH_N_FIELDS; i++)
    g_free (now[i]);
  return found;
}
