/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "practice-status-private.h"

/*
 * Errors that are about one object.
 */
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

  practice_status_set (error, code, reason, message,
                       practice_status_make_resource_details (resource, name));
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

  practice_status_set (error, 403, "Forbidden", message,
                       practice_status_make_resource_details (resource, name));
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

  practice_status_set (error, 403, "Forbidden", message,
                       practice_status_make_details (name, group, plural));
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
    practice_status_set (error, 403, "Forbidden", message, json_object_new ());
    return;
  }
  message = g_strdup_printf ("%s%s%s%s%s%s is forbidden: %s", access->resource,
                             *access->group != '\0' ? "." : "", access->group, named ? " \"" : "",
                             named ? access->name : "", named ? "\"" : "", why);
  practice_status_set (
    error, 403, "Forbidden", message,
    practice_status_make_details (access->name, access->group, access->resource));
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
 * practice_status_set_scale_not_found:
 * @error: return location
 * @resource: the resource
 * @name: the object's name
 *
 * 404: there is no object to scale, as the oldest kinds that have a scale say it; a
 * ReplicationController names the group that the scale is of.
 */
void
practice_status_set_scale_not_found (GError **error, PracticeResource *resource, const char *name)
{
  const char *group = *resource->group != '\0' ? resource->group : "autoscaling";
  g_autofree char *kind = g_strconcat (resource->plural, "/scale", NULL);
  g_autofree char *message = g_strdup_printf ("%s.%s \"%s\" not found", kind, group, name);

  practice_status_set (error, 404, "NotFound", message,
                       practice_status_make_details (name, group, kind));
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

  practice_status_set (error, 404, "NotFound", message,
                       practice_status_make_details (name, NULL, "namespaces"));
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

  practice_status_set (error, 404, "NotFound", message,
                       practice_status_make_details (name, NULL, plural));
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

  practice_status_set (error, 405, "MethodNotAllowed", message,
                       practice_status_make_resource_details (resource, NULL));
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
  practice_status_set (error, 409, "Conflict", message,
                       practice_status_make_resource_details (resource, name));
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
  practice_status_set (error, 409, "Conflict", message, details);
}

static const char *
get_refusing_group (PracticeResource *resource)
{
  const PracticeKind *kind = resource->kind_class;

  return kind != NULL && kind->refusing_group != NULL ? kind->refusing_group : resource->group;
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
  const char *group = get_refusing_group (resource);
  g_autofree char *what = practice_causes_dup_message (causes);
  g_autofree char *message =
    g_strdup_printf ("%s%s%s \"%s\" is invalid: %s", resource->kind, *group != '\0' ? "." : "",
                     group, name != NULL ? name : "", what);
  JsonObject *details = practice_status_make_details (name, group, resource->kind);

  json_object_set_member (details, "causes", practice_causes_dup_list (causes));
  practice_status_set (error, 422, "Invalid", message, details);
}
