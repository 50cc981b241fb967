/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-status.h"

#include "base-json.h"

/*
 * The words are those of k8s.io/apimachinery/pkg/api/errors: kubectl prints some as they are and
 * looks at reason and details of others.
 */
typedef struct {
  JsonNode *status;
} PracticeStatusErrorPrivate;

static void
practice_status_error_private_init (PracticeStatusErrorPrivate *private)
{
  private->status = NULL;
}

static void
practice_status_error_private_copy (const PracticeStatusErrorPrivate *source,
                                    PracticeStatusErrorPrivate *copy)
{
  copy->status = source->status != NULL ? json_node_ref (source->status) : NULL;
}

static void
practice_status_error_private_clear (PracticeStatusErrorPrivate *private)
{
  g_clear_pointer (&private->status, json_node_unref);
}

G_DEFINE_EXTENDED_ERROR (PracticeStatusError, practice_status_error)

static JsonNode *
make_status (const char *status, guint code, const char *reason, const char *message)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "kind", "Status");
  json_object_set_string_member (object, "apiVersion", "v1");
  json_object_set_object_member (object, "metadata", json_object_new ());
  json_object_set_string_member (object, "status", status);
  if (message != NULL)
    json_object_set_string_member (object, "message", message);
  if (reason != NULL)
    json_object_set_string_member (object, "reason", reason);
  if (code != 0)
    json_object_set_int_member (object, "code", code);
  json_node_take_object (node, object);
  return node;
}

/* Takes @details (nullable). */
static void
set_error (GError **error, guint code, const char *reason, const char *message, JsonObject *details)
{
  g_autoptr (JsonNode) status = make_status ("Failure", code, reason, message);

  if (details != NULL)
    json_object_set_object_member (json_node_get_object (status), "details", details);
  if (error == NULL)
    return;
  g_set_error_literal (error, PRACTICE_STATUS_ERROR, (int)code, message);
  practice_status_error_get_private (*error)->status = g_steal_pointer (&status);
}

static JsonObject *
make_details (const char *name, const char *group, const char *kind)
{
  JsonObject *details = json_object_new ();

  if (name != NULL && *name != '\0')
    json_object_set_string_member (details, "name", name);
  if (group != NULL && *group != '\0')
    json_object_set_string_member (details, "group", group);
  if (kind != NULL && *kind != '\0')
    json_object_set_string_member (details, "kind", kind);
  return details;
}

static JsonObject *
make_resource_details (PracticeResource *resource, const char *name)
{
  return make_details (name, resource->group, resource->plural);
}

JsonNode *
practice_status_dup_node (const GError *error)
{
  if (error->domain == PRACTICE_STATUS_ERROR)
    return json_node_ref (practice_status_error_get_private (error)->status);
  return make_status ("Failure", 500, "InternalError", error->message);
}

guint
practice_status_get_code (const GError *error)
{
  return error->domain == PRACTICE_STATUS_ERROR ? (guint)error->code : 500;
}

JsonNode *
practice_status_new_deleted (PracticeResource *resource, JsonNode *object)
{
  JsonNode *status = make_status ("Success", 0, NULL, NULL);
  JsonObject *details =
    make_resource_details (resource, base_json_get_string (object, "metadata", "name", NULL));

  json_object_set_string_member (details, "uid",
                                 base_json_get_string (object, "metadata", "uid", NULL));
  json_object_set_object_member (json_node_get_object (status), "details", details);
  return status;
}

void
practice_status_set_bad_request (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  set_error (error, 400, "BadRequest", message, NULL);
}

void
practice_status_set_unauthorized (GError **error)
{
  set_error (error, 401, "Unauthorized", "Unauthorized", NULL);
}

void
practice_status_set_forbidden (GError **error,
                               PracticeResource *resource,
                               const char *name,
                               const char *why)
{
  g_autofree char *qualified = practice_resource_dup_qualified (resource);
  g_autofree char *message = g_strdup_printf ("%s \"%s\" is forbidden: %s", qualified, name, why);

  set_error (error, 403, "Forbidden", message, make_resource_details (resource, name));
}

void
practice_status_set_no_such_resource (GError **error)
{
  set_error (error, 404, "NotFound", "the server could not find the requested resource",
             json_object_new ());
}

static void
set_named (GError **error,
           PracticeResource *resource,
           const char *name,
           guint code,
           const char *reason,
           const char *what)
{
  g_autofree char *qualified = practice_resource_dup_qualified (resource);
  g_autofree char *message = g_strdup_printf ("%s \"%s\" %s", qualified, name, what);

  set_error (error, code, reason, message, make_resource_details (resource, name));
}

void
practice_status_set_not_found (GError **error, PracticeResource *resource, const char *name)
{
  set_named (error, resource, name, 404, "NotFound", "not found");
}

void
practice_status_set_namespace_not_found (GError **error, const char *name)
{
  g_autofree char *message = g_strdup_printf ("namespaces \"%s\" not found", name);

  set_error (error, 404, "NotFound", message, make_details (name, NULL, "namespaces"));
}

void
practice_status_set_method_not_allowed (GError **error,
                                        PracticeResource *resource,
                                        const char *verb)
{
  g_autofree char *qualified = practice_resource_dup_qualified (resource);
  g_autofree char *message =
    g_strdup_printf ("%s is not supported on resources of kind \"%s\"", verb, qualified);

  set_error (error, 405, "MethodNotAllowed", message, make_resource_details (resource, NULL));
}

void
practice_status_set_exists (GError **error, PracticeResource *resource, const char *name)
{
  set_named (error, resource, name, 409, "AlreadyExists", "already exists");
}

/**
 * practice_status_set_conflict:
 * @error: return location
 * @resource: the resource
 * @name: the object's name
 * @why: (nullable): %NULL where the object has been modified
 */
void
practice_status_set_conflict (GError **error,
                              PracticeResource *resource,
                              const char *name,
                              const char *why)
{
  g_autofree char *qualified = practice_resource_dup_qualified (resource);
  g_autofree char *message = NULL;

  if (why == NULL)
    why = "the object has been modified; please apply your changes to the latest version and try "
          "again";
  message =
    g_strdup_printf ("Operation cannot be fulfilled on %s \"%s\": %s", qualified, name, why);
  set_error (error, 409, "Conflict", message, make_resource_details (resource, name));
}

void
practice_status_set_expired (GError **error, guint64 asked, guint64 oldest)
{
  g_autofree char *message = g_strdup_printf (
    "too old resource version: %" G_GUINT64_FORMAT " (%" G_GUINT64_FORMAT ")", asked, oldest);

  set_error (error, 410, "Expired", message, NULL);
}

void
practice_status_set_continue_expired (GError **error)
{
  set_error (error, 410, "Expired",
             "The provided continue parameter is too old to display a consistent list result. You "
             "must start a new list without the continue parameter.",
             NULL);
}

void
practice_status_set_too_large_version (GError **error, guint64 asked, guint64 present)
{
  g_autofree char *message = g_strdup_printf ("Too large resource version: %" G_GUINT64_FORMAT
                                              ", current: %" G_GUINT64_FORMAT,
                                              asked, present);
  g_autofree char *whole = g_strconcat ("Timeout: ", message, NULL);
  JsonObject *details = json_object_new ();
  JsonObject *cause = json_object_new ();
  JsonArray *causes = json_array_new ();

  json_object_set_string_member (cause, "reason", "ResourceVersionTooLarge");
  json_object_set_string_member (cause, "message", "Too large resource version");
  json_array_add_object_element (causes, cause);
  json_object_set_array_member (details, "causes", causes);
  json_object_set_int_member (details, "retryAfterSeconds", 1);
  set_error (error, 504, "Timeout", whole, details);
}

void
practice_status_set_too_large (GError **error, gsize limit)
{
  g_autofree char *message =
    g_strdup_printf ("Request entity too large: limit is %" G_GSIZE_FORMAT, limit);

  set_error (error, 413, "RequestEntityTooLarge", message, NULL);
}

void
practice_status_set_media_type (GError **error, const char *const *accepted)
{
  g_autofree char *list = g_strjoinv (", ", (GStrv)accepted);
  g_autofree char *message = g_strconcat (
    "the body of the request was in an unknown format - accepted media types include: ", list,
    NULL);

  set_error (error, 415, "UnsupportedMediaType", message, NULL);
}

void
practice_status_set_invalid (GError **error,
                             PracticeResource *resource,
                             const char *name,
                             PracticeCauses *causes)
{
  g_autofree char *qualified = practice_resource_dup_qualified_kind (resource);
  g_autofree char *what = practice_causes_dup_message (causes);
  g_autofree char *message =
    g_strdup_printf ("%s \"%s\" is invalid: %s", qualified, name != NULL ? name : "", what);
  JsonObject *details = make_details (name, resource->group, resource->kind);

  json_object_set_member (details, "causes", practice_causes_dup_list (causes));
  set_error (error, 422, "Invalid", message, details);
}

/* What a failed JSON patch gets. */
void
practice_status_set_unprocessable (GError **error)
{
  set_error (error, 422, "Invalid",
             "the server rejected our request due to an error in our request", json_object_new ());
}

void
practice_status_set_not_implemented (GError **error, const char *message)
{
  set_error (error, 501, "NotImplemented", message, NULL);
}

void
practice_status_set_internal (GError **error, const char *message)
{
  g_autofree char *whole = g_strconcat ("Internal error occurred: ", message, NULL);

  set_error (error, 500, "InternalError", whole, NULL);
}
