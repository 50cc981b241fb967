/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-status-private.h"

/*
 * Errors that are about a request as a whole, or the server.
 */
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
  practice_status_set (error, 400, "BadRequest", message, NULL);
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
  practice_status_set (error, 401, "Unauthorized", "Unauthorized", NULL);
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
  practice_status_set (error, 404, "NotFound", "the server could not find the requested resource",
                       json_object_new ());
}

/**
 * practice_status_set_no_such_method:
 * @error: return location
 *
 * 405: what is served there cannot be written.
 */
void
practice_status_set_no_such_method (GError **error)
{
  practice_status_set (error, 405, "MethodNotAllowed",
                       "the server does not allow this method on the requested resource", NULL);
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

  practice_status_set (error, 410, "Expired", message, NULL);
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
  practice_status_set (
    error, 410, "Expired",
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
  practice_status_set (error, 504, "Timeout", whole, details);
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

  practice_status_set (error, 413, "RequestEntityTooLarge", message, NULL);
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

  practice_status_set (error, 415, "UnsupportedMediaType", message, NULL);
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
  JsonObject *details = practice_status_make_details (NULL, "meta.k8s.io", kind);

  json_object_set_member (details, "causes", practice_causes_dup_list (causes));
  practice_status_set (error, 422, "Invalid", message, details);
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
  practice_status_set (error, 400, NULL, message, NULL);
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
  practice_status_set (error, 429, "TooManyRequests", message, details);
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
  practice_status_set (error, 503, "ServiceUnavailable", message, NULL);
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
  practice_status_set (error, 422, "Invalid",
                       "the server rejected our request due to an error in our request",
                       json_object_new ());
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

  practice_status_set (error, 500, "InternalError", whole, NULL);
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
  practice_status_set (error, 500, NULL, message, NULL);
}
