/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-status-private.h"

#include "base-json.h"
#include "base-metadata.h"

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
  return base_json_take_object (object);
}

/**
 * practice_status_set:
 * @error: return location
 * @code: of HTTP
 * @reason: (nullable): in one word
 * @message: in a sentence
 * @details: (transfer full) (nullable): more
 *
 * Sets an error that is a Status.
 */
void
practice_status_set (
  GError **error, guint code, const char *reason, const char *message, JsonObject *details)
{
  g_autoptr (JsonNode) status = make_status ("Failure", code, reason, message);

  if (details != NULL)
    json_object_set_object_member (json_node_get_object (status), "details", details);
  if (error == NULL)
    return;
  g_set_error_literal (error, PRACTICE_STATUS_ERROR, (int)code, message);
  practice_status_error_get_private (*error)->status = g_steal_pointer (&status);
}

/**
 * practice_status_make_details:
 * @name: (nullable): of an object
 * @group: (nullable): of its kind
 * @kind: (nullable): its kind, or the plural of it
 *
 * Returns: (transfer full): the details that name it
 */
JsonObject *
practice_status_make_details (const char *name, const char *group, const char *kind)
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

/**
 * practice_status_make_resource_details:
 * @resource: a resource
 * @name: (nullable): of one of its objects
 *
 * Returns: (transfer full): the details that name it
 */
JsonObject *
practice_status_make_resource_details (PracticeResource *resource, const char *name)
{
  return practice_status_make_details (name, resource->group, resource->plural);
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
    practice_status_make_resource_details (resource, base_metadata_get_name (object));

  json_object_set_string_member (details, "uid", base_metadata_get_uid (object));
  json_object_set_object_member (json_node_get_object (status), "details", details);
  return status;
}
