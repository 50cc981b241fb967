/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-status.h"

#include <string.h>

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

/**
 * practice_status_dup_node:
 * @error: an error
 *
 * Returns: (transfer full): the Status of @error; one of an internal error for another domain
 */
JsonNode *
practice_status_dup_node (const GError *error)
{
  if (error->domain == PRACTICE_STATUS_ERROR)
    return json_node_ref (practice_status_error_get_private (error)->status);
  return make_status ("Failure", 500, "InternalError", error->message);
}

/**
 * practice_status_get_code:
 * @error: an error
 *
 * Returns: the code of HTTP
 */
guint
practice_status_get_code (const GError *error)
{
  return error->domain == PRACTICE_STATUS_ERROR ? (guint)error->code : 500;
}

/**
 * practice_status_new_success:
 *
 * Returns: (transfer full): the Status of what was done and has nothing to show
 */
JsonNode *
practice_status_new_success (void)
{
  return make_status ("Success", 201, NULL, NULL);
}

/**
 * practice_status_new_deleted:
 * @resource: the resource
 * @object: what is gone
 *
 * Returns: (transfer full): the Status that a DELETE answers
 */
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

/**
 * practice_status_set_bad_request:
 * @error: return location
 * @format: what is wrong, printf-like
 * @...: its arguments
 *
 * 400: the request cannot be understood.
 */
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

/**
 * practice_status_set_unauthorized:
 * @error: return location
 *
 * 401: there is no token, or a wrong one.
 */
void
practice_status_set_unauthorized (GError **error)
{
  set_error (error, 401, "Unauthorized", "Unauthorized", NULL);
}

/**
 * practice_status_set_forbidden:
 * @error: return location
 * @resource: the resource
 * @name: the object's name
 * @why: why
 *
 * 403: it may not be done.
 */
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

/**
 * practice_status_set_stored_forbidden:
 * @error: return location
 * @store_name: the resource as the store names it
 * @name: the object's name
 * @why: why
 *
 * 403: it may not be done.
 */
void
practice_status_set_stored_forbidden (GError **error,
                                      const char *store_name,
                                      const char *name,
                                      const char *why)
{
  const char *plural = strchr (store_name, '/') + 1;
  g_autofree char *group = g_strndup (store_name, (gsize)(plural - 1 - store_name));
  g_autofree char *message = g_strdup_printf ("%s%s%s \"%s\" is forbidden: %s", plural,
                                              *group != '\0' ? "." : "", group, name, why);

  set_error (error, 403, "Forbidden", message, make_details (name, group, plural));
}

/**
 * practice_status_set_no_such_resource:
 * @error: return location
 *
 * 404: nothing is served there.
 */
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

/**
 * practice_status_set_not_found:
 * @error: return location
 * @resource: the resource
 * @name: the object's name
 *
 * 404: there is no such object.
 */
void
practice_status_set_not_found (GError **error, PracticeResource *resource, const char *name)
{
  set_named (error, resource, name, 404, "NotFound", "not found");
}

/**
 * practice_status_set_namespace_not_found:
 * @error: return location
 * @name: its name
 *
 * 404: there is no such namespace.
 */
void
practice_status_set_namespace_not_found (GError **error, const char *name)
{
  g_autofree char *message = g_strdup_printf ("namespaces \"%s\" not found", name);

  set_error (error, 404, "NotFound", message, make_details (name, NULL, "namespaces"));
}

/**
 * practice_status_set_method_not_allowed:
 * @error: return location
 * @resource: the resource
 * @verb: what was to be done
 *
 * 405: it cannot be done to this resource.
 */
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

/**
 * practice_status_set_exists:
 * @error: return location
 * @resource: the resource
 * @name: the object's name
 *
 * 409: there is one already.
 */
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

/**
 * practice_status_set_expired:
 * @error: return location
 * @asked: the version
 * @oldest: the oldest that would do
 *
 * 410: the events after a version are no longer kept.
 */
void
practice_status_set_expired (GError **error, guint64 asked, guint64 oldest)
{
  g_autofree char *message = g_strdup_printf (
    "too old resource version: %" G_GUINT64_FORMAT " (%" G_GUINT64_FORMAT ")", asked, oldest);

  set_error (error, 410, "Expired", message, NULL);
}

/**
 * practice_status_set_continue_expired:
 * @error: return location
 *
 * 410: a list cannot be continued.
 */
void
practice_status_set_continue_expired (GError **error)
{
  set_error (error, 410, "Expired",
             "The provided continue parameter is too old to display a consistent list result. You "
             "must start a new list without the continue parameter.",
             NULL);
}

/**
 * practice_status_set_too_large_version:
 * @error: return location
 * @asked: the version
 * @present: that of the store
 *
 * 504: a version is not reached yet.
 */
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

/**
 * practice_status_set_too_large:
 * @error: return location
 * @limit: the limit in bytes
 *
 * 413: the body is too large.
 */
void
practice_status_set_too_large (GError **error, gsize limit)
{
  g_autofree char *message =
    g_strdup_printf ("Request entity too large: limit is %" G_GSIZE_FORMAT, limit);

  set_error (error, 413, "RequestEntityTooLarge", message, NULL);
}

/**
 * practice_status_set_media_type:
 * @error: return location
 * @accepted: (array zero-terminated=1): those that can
 *
 * 415: the body is of a kind that cannot be read here.
 */
void
practice_status_set_media_type (GError **error, const char *const *accepted)
{
  g_autofree char *list = g_strjoinv (", ", (GStrv)accepted);
  g_autofree char *message = g_strconcat (
    "the body of the request was in an unknown format - accepted media types include: ", list,
    NULL);

  set_error (error, 415, "UnsupportedMediaType", message, NULL);
}

/**
 * practice_status_set_invalid:
 * @error: return location
 * @resource: the resource
 * @name: (nullable): its name
 * @causes: what is wrong with it
 *
 * 422: the object is not good.
 */
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

/**
 * practice_status_set_invalid_options:
 * @error: return location
 * @kind: "PatchOptions"
 * @causes: what is wrong with them
 *
 * 422: the parameters of the request are not good.
 */
void
practice_status_set_invalid_options (GError **error, const char *kind, PracticeCauses *causes)
{
  g_autofree char *what = practice_causes_dup_message (causes);
  g_autofree char *message = g_strdup_printf ("%s.meta.k8s.io \"\" is invalid: %s", kind, what);
  JsonObject *details = make_details (NULL, "meta.k8s.io", kind);

  json_object_set_member (details, "causes", practice_causes_dup_list (causes));
  set_error (error, 422, "Invalid", message, details);
}

/**
 * practice_status_set_denied:
 * @error: return location
 * @message: the whole message
 *
 * Of an admission webhook that says no more than a message
 * (k8s.io/apiserver/pkg/admission/plugin/webhook/errors).
 */
void
practice_status_set_denied (GError **error, const char *message)
{
  set_error (error, 400, NULL, message, NULL);
}

/**
 * practice_status_set_named_not_found:
 * @error: return location
 * @plural: a resource of the core group
 * @name: what is not there
 */
void
practice_status_set_named_not_found (GError **error, const char *plural, const char *name)
{
  g_autofree char *message = g_strdup_printf ("%s \"%s\" not found", plural, name);

  set_error (error, 404, "NotFound", message, make_details (name, NULL, plural));
}

/**
 * practice_status_set_too_many:
 * @error: return location
 * @message: what is not done
 * @reason: why, in one word
 * @cause: why
 *
 * 429: it may be done later.
 */
void
practice_status_set_too_many (GError **error,
                              const char *message,
                              const char *reason,
                              const char *cause)
{
  JsonObject *details = json_object_new ();
  JsonObject *entry = json_object_new ();
  JsonArray *causes = json_array_new ();

  json_object_set_string_member (entry, "reason", reason);
  json_object_set_string_member (entry, "message", cause);
  json_array_add_object_element (causes, entry);
  json_object_set_array_member (details, "causes", causes);
  set_error (error, 429, "TooManyRequests", message, details);
}

/**
 * practice_status_set_unavailable:
 * @error: return location
 * @format: why, printf-like
 * @...: for @format
 */
void
practice_status_set_unavailable (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  set_error (error, 503, "ServiceUnavailable", message, NULL);
}

/**
 * practice_status_set_unprocessable:
 * @error: return location
 *
 * 422: a JSON patch does not fit the object. A real server does not say why either.
 */
void
practice_status_set_unprocessable (GError **error)
{
  set_error (error, 422, "Invalid",
             "the server rejected our request due to an error in our request", json_object_new ());
}

/**
 * practice_status_set_internal:
 * @error: return location
 * @message: what
 *
 * 500: something went wrong in the server.
 */
void
practice_status_set_internal (GError **error, const char *message)
{
  g_autofree char *whole = g_strconcat ("Internal error occurred: ", message, NULL);

  set_error (error, 500, "InternalError", whole, NULL);
}

/**
 * practice_status_set_unknown:
 * @error: return location
 * @message: what went wrong
 *
 * Sets an error that has no reason of its own.
 */
void
practice_status_set_unknown (GError **error, const char *message)
{
  set_error (error, 500, NULL, message, NULL);
}

/**
 * practice_status_set_apply_conflict:
 * @error: return location
 * @message: who owns what
 * @causes: (transfer full): the same, field by field
 *
 * Sets the error of a server-side apply that would take fields away from others.
 */
void
practice_status_set_apply_conflict (GError **error, const char *message, JsonArray *causes)
{
  JsonObject *details = json_object_new ();

  json_object_set_array_member (details, "causes", causes);
  set_error (error, 409, "Conflict", message, details);
}

/**
 * practice_status_set_access_denied:
 * @error: return location
 * @user: who asked
 * @access: what for
 *
 * 403: no role allows it.
 */
void
practice_status_set_access_denied (GError **error,
                                   const PracticeUser *user,
                                   const PracticeAccess *access)
{
  gboolean named = access->name != NULL && *access->name != '\0';
  g_autofree char *why = practice_authorizer_dup_refusal (user, access);
  g_autofree char *message = NULL;

  if (access->group == NULL) {
    message = g_strconcat ("forbidden: ", why, NULL);
    set_error (error, 403, "Forbidden", message, json_object_new ());
    return;
  }
  message = g_strdup_printf ("%s%s%s%s%s%s is forbidden: %s", access->resource,
                             *access->group != '\0' ? "." : "", access->group, named ? " \"" : "",
                             named ? access->name : "", named ? "\"" : "", why);
  set_error (error, 403, "Forbidden", message,
             make_details (access->name, access->group, access->resource));
}
