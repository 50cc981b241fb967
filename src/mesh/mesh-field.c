/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-field.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "mesh-duration.h"

/* The first Istio that takes the newer conditions for retries
 * (https://github.com/istio/istio/blob/1.8.0/pkg/config/validation/validation.go). */
#define FIRST_WITH_RATE_LIMITED 8

static gboolean
parse_int (const char *text, gint64 *number)
{
  return g_ascii_string_to_signed (text, 10, G_MININT32, G_MAXINT32, number, NULL);
}

/**
 * mesh_field_parse_percentage:
 * @text: as typed; "0.5" in every language
 * @percentage: (out):
 *
 * Returns: whether it is a number
 */
gboolean
mesh_field_parse_percentage (const char *text, double *percentage)
{
  gsize sign = *text == '-' ? 1 : 0;
  char *end = NULL;

  *percentage = 0;
  if (text[sign] == '\0' || strspn (text + sign, "0123456789.") != strlen (text + sign))
    return FALSE;
  errno = 0;
  *percentage = g_ascii_strtod (text, &end);
  return errno == 0 && *end == '\0';
}

/* A name of a header as Envoy compares it
 * (https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPMatchRequest). */
static char *
dup_header_error (const char *text)
{
  if (*text == '\0')
    return g_strdup ("header name cannot be empty");
  for (const char *c = text; *c != '\0'; c++) {
    if (g_ascii_isupper (*c))
      return g_strdup (_ ("Istio reads names of headers in small letters only, such as end-user."));
    if (!g_ascii_islower (*c) && !g_ascii_isdigit (*c) && strchr (":!#$%&'*+-.^_`|~", *c) == NULL)
      return g_strdup (_ ("The name of a header has letters, digits and hyphens only."));
  }
  return NULL;
}

static char *
dup_value_error (const char *text)
{
  for (const char *c = text; *c != '\0'; c++) {
    if (g_ascii_iscntrl (*c))
      return g_strdup (_ ("A header is one line of text."));
  }
  return *text == '\0' ? g_strdup (_ ("Write what the header has to hold.")) : NULL;
}

static char *
dup_percentage_error (const char *text)
{
  double percentage;

  if (!mesh_field_parse_percentage (text, &percentage))
    return g_strdup (_ ("Write a share in percent, such as 100 or 0.5."));
  if (percentage < 0 || percentage > 100 || (percentage > 0 && percentage < 0.0001))
    return g_strdup_printf ("percentage %s is neither 0.0, nor in range [0.0001, 100.0]", text);
  return NULL;
}

/* Istio's check lets 600 pass, its words and Envoy do not. */
static char *
dup_status_error (const char *text)
{
  gint64 status;

  if (!parse_int (text, &status))
    return g_strdup (_ ("Write the number of an HTTP status, such as 500."));
  if (status < 200 || status > 599)
    return g_strdup_printf ("HTTP status %d is not in range 200-599", (int)status);
  return NULL;
}

static char *
dup_attempts_error (const char *text)
{
  gint64 attempts;

  if (!parse_int (text, &attempts))
    return g_strdup (_ ("Write how often to try again, a whole number such as 3."));
  return attempts < 0 ? g_strdup ("attempts cannot be negative") : NULL;
}

static gboolean
is_condition (const char *name, guint minor)
{
  static const char *const conditions[] = {
    "5xx",
    "gateway-error",
    "reset",
    "connect-failure",
    "retriable-4xx",
    "refused-stream",
    "retriable-status-codes",
    "cancelled",
    "deadline-exceeded",
    "internal",
    "resource-exhausted",
    "unavailable",
    NULL,
  };
  static const char *const newer[] = {
    "retriable-headers",
    "envoy-ratelimited",
    "reset-before-request",
    NULL,
  };
  gint64 status;

  if (parse_int (name, &status))
    return status >= 100 && status <= 599;
  return g_strv_contains (conditions, name) ||
         ((minor == 0 || minor >= FIRST_WITH_RATE_LIMITED) && g_strv_contains (newer, name));
}

static char *
dup_retry_on_error (const char *text, guint minor)
{
  g_auto (GStrv) names = g_strsplit (text, ",", -1);

  for (gsize i = 0; names[i] != NULL; i++) {
    if (!is_condition (names[i], minor))
      return g_strdup_printf ("\"%s\" is not a valid retryOn policy", names[i]);
  }
  return NULL;
}

/**
 * mesh_field_dup_error:
 * @field: which
 * @text: what is in it
 * @minor: the minor number of the cluster's Istio (4 in 1.4); 0 where it is not known
 *
 * Says of a field by itself what Istio's webhook would say of the object, in its words where it has
 * plain ones; those are not translated, as they are not where the server says them.
 *
 * Returns: (transfer full) (nullable): what is wrong; %NULL: nothing, or the field is empty and may
 */
char *
mesh_field_dup_error (MeshField field, const char *text, guint minor)
{
  if (field == MESH_FIELD_HEADER)
    return dup_header_error (text);
  if (field == MESH_FIELD_VALUE)
    return dup_value_error (text);
  if (*text == '\0')
    return NULL;
  switch (field) {
    case MESH_FIELD_TIMEOUT:
    case MESH_FIELD_DELAY:
    case MESH_FIELD_PER_TRY_TIMEOUT:
      return mesh_duration_dup_error (text);
    case MESH_FIELD_DELAY_PERCENTAGE:
    case MESH_FIELD_ABORT_PERCENTAGE:
      return dup_percentage_error (text);
    case MESH_FIELD_ABORT_STATUS:
      return dup_status_error (text);
    case MESH_FIELD_ATTEMPTS:
      return dup_attempts_error (text);
    case MESH_FIELD_RETRY_ON:
      return dup_retry_on_error (text, minor);
    case MESH_FIELD_HEADER:
    case MESH_FIELD_VALUE:
    case MESH_N_FIELDS:
    default:
      return NULL;
  }
}

/**
 * mesh_field_dup_regex_error:
 * @text: a regular expression
 *
 * Envoy's expressions are RE2's (https://github.com/google/re2/wiki/Syntax), which are GLib's
 * without what looks around and back.
 *
 * Returns: (transfer full) (nullable): what is wrong with it
 */
char *
mesh_field_dup_regex_error (const char *text)
{
  static const char *const missing = "\\(\\?(?:=|!|<[=!]|>|\\()|(?<!\\\\)(?:\\\\\\\\)*\\\\[1-9]";
  g_autoptr (GRegex) regex = NULL;
  g_autoptr (GError) error = NULL;

  regex = g_regex_new (text, 0, 0, &error);
  if (regex == NULL)
    /* Translators: %s says what is wrong */
    return g_strdup_printf (_ ("This is not a regular expression: %s"), error->message);
  if (g_regex_match_simple (missing, text, 0, 0))
    return g_strdup (_ ("Istio's regular expressions cannot look ahead or back."));
  return NULL;
}
