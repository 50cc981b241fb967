/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-error-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-json.h"

#define MAX_STATUS_CHARS 1000
#define MAX_BODY_CHARS 200

typedef struct {
  guint retry_after; /* seconds, 0: the server named none */
} KubeErrorPrivate;

static void
kube_error_private_init (KubeErrorPrivate *priv)
{
  priv->retry_after = 0;
}

static void
kube_error_private_copy (const KubeErrorPrivate *source, KubeErrorPrivate *target)
{
  *target = *source;
}

static void
kube_error_private_clear (KubeErrorPrivate *priv)
{
}

G_DEFINE_EXTENDED_ERROR (KubeError, kube_error)

/* What comes from outside becomes one line of readable text: control characters, which could
 * drive a terminal, and runs of white space become one space; at most @limit characters. */
static char *
clean_text (const char *text, gsize length, long limit)
{
  g_autofree char *valid = g_utf8_make_valid (text, (gssize)length);
  GString *line = g_string_new (NULL);
  long count = 0;

  for (const char *at = valid; *at != '\0'; at = g_utf8_next_char (at)) {
    gunichar c = g_utf8_get_char (at);

    if (g_unichar_isspace (c) || g_unichar_iscntrl (c)) {
      if (line->len == 0 || line->str[line->len - 1] == ' ')
        continue;
      c = ' ';
    }
    if (count++ == limit) {
      g_string_append (line, "…");
      break;
    }
    g_string_append_unichar (line, c);
  }
  g_strchomp (line->str);
  return g_string_free (line, FALSE);
}

static char *
strip_markup (const char *text, gsize length)
{
  GString *plain = g_string_sized_new (length);
  gboolean inside = FALSE;

  for (gsize i = 0; i < length; i++) {
    if (text[i] == '<')
      inside = TRUE;
    else if (text[i] == '>' && inside)
      inside = FALSE;
    else if (!inside)
      g_string_append_c (plain, text[i]);
    /* "</h1><p>" parts words */
    if (text[i] == '<')
      g_string_append_c (plain, ' ');
  }
  return g_string_free (plain, FALSE);
}

static char *
dup_message_of_body (guint status, const char *body, gsize length)
{
  g_autofree char *plain = NULL;
  g_autofree char *text = NULL;

  while (length > 0 && g_ascii_isspace (*body)) {
    body++;
    length--;
  }
  if (length > 0 && *body == '<') {
    plain = strip_markup (body, length);
    text = clean_text (plain, strlen (plain), MAX_BODY_CHARS);
  } else {
    text = clean_text (length > 0 ? body : "", length, MAX_BODY_CHARS);
  }

  if (*text == '\0')
    /* Translators: %u is an HTTP status such as 502 */
    return g_strdup_printf (_ ("The server answered with status %u and no reason"), status);
  /* Translators: %u is an HTTP status such as 502, %s is what the server wrote with it */
  return g_strdup_printf (_ ("The server answered with status %u: %s"), status, text);
}

static gboolean
has_cause (JsonNode *status, const char *reason)
{
  JsonArray *causes = base_json_get_array (status, "details", "causes", NULL);

  for (guint i = 0; i < base_json_get_length (causes); i++) {
    if (g_strcmp0 (base_json_get_string (json_array_get_element (causes, i), "reason", NULL),
                   reason) == 0)
      return TRUE;
  }
  return FALSE;
}

/* A JSON Patch whose "test" fails is a 422. The API server keeps the patch library's sentence
 * ("testing value ... failed") to itself and answers with one of its own, with no cause, which a
 * failed validation always has (NewGenericServerResponse() in apimachinery). */
static gboolean
is_failed_patch_test (JsonNode *status, const char *message)
{
  if (message == NULL)
    return FALSE;
  if (strstr (message, "esting value") != NULL || strstr (message, "esting path") != NULL)
    return TRUE;
  return g_str_has_prefix (message, "the server rejected our request due to an error") &&
         base_json_get_array (status, "details", "causes", NULL) == NULL;
}

static KubeError
code_of_conflict (JsonNode *status, const char *reason)
{
  return g_strcmp0 (reason, "AlreadyExists") == 0 ? KUBE_ERROR_ALREADY_EXISTS : KUBE_ERROR_CONFLICT;
}

static KubeError
code_of_status (guint status, JsonNode *node)
{
  const char *reason = base_json_get_string (node, "reason", NULL);

  switch (status) {
    case 401:
      return KUBE_ERROR_UNAUTHORIZED;
    case 403:
      return KUBE_ERROR_FORBIDDEN;
    case 404:
      return KUBE_ERROR_NOT_FOUND;
    case 409:
      return code_of_conflict (node, reason);
    case 410:
      return KUBE_ERROR_GONE;
    case 422:
      if (is_failed_patch_test (node, base_json_get_string (node, "message", NULL)))
        return KUBE_ERROR_CONFLICT;
      return KUBE_ERROR_INVALID;
    case 429:
      return KUBE_ERROR_BUSY;
    default:
      break;
  }
  /* The watch cache knows a version that is newer than the store's, after a restore. */
  if (has_cause (node, "ResourceVersionTooLarge"))
    return KUBE_ERROR_GONE;
  if (status >= 500 && status < 600)
    return KUBE_ERROR_SERVER;
  if (status >= 400 && status < 500)
    return KUBE_ERROR_INVALID;
  return KUBE_ERROR_FAILED;
}

/* In-stream errors of old servers have a reason and no code. */
static guint
status_of_reason (const char *reason)
{
  static const struct {
    const char *reason;
    guint status;
  } table[] = {
    { "Unauthorized", 401 },
    { "Forbidden", 403 },
    { "NotFound", 404 },
    { "AlreadyExists", 409 },
    { "Conflict", 409 },
    { "Expired", 410 },
    { "Gone", 410 },
    { "Invalid", 422 },
    { "BadRequest", 400 },
    { "TooManyRequests", 429 },
    { "InternalError", 500 },
    { "ServerTimeout", 500 },
    { "ServiceUnavailable", 503 },
    { "Timeout", 504 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    if (g_strcmp0 (table[i].reason, reason) == 0)
      return table[i].status;
  }
  return 0;
}

static char *
dup_sentence (guint status, KubeError code, const char *message)
{
  g_autofree char *text = NULL;

  if (message != NULL)
    text = clean_text (message, strlen (message), MAX_STATUS_CHARS);

  if (code == KUBE_ERROR_UNAUTHORIZED && (text == NULL || g_str_equal (text, "Unauthorized")))
    return g_strdup (_ ("The cluster does not accept these credentials. Sign in again, or get a "
                        "new kubeconfig."));
  if (text != NULL && *text != '\0')
    return g_steal_pointer (&text);
  return dup_message_of_body (status, "", 0);
}

static GError *
new_from_status_object (guint http_status, JsonNode *node)
{
  const char *message = base_json_get_string (node, "message", NULL);
  gint64 retry = base_json_get_int (node, 0, "details", "retryAfterSeconds", NULL);
  gint64 stated = base_json_get_int (node, 0, "code", NULL);
  guint status = http_status;
  KubeError code;
  g_autofree char *sentence = NULL;
  GError *error;

  if (stated >= 400 && stated < 600)
    status = (guint)stated;
  else if (status < 400)
    status = status_of_reason (base_json_get_string (node, "reason", NULL));

  code = code_of_status (status, node);
  sentence = dup_sentence (status, code, message);
  error = g_error_new_literal (KUBE_ERROR, (int)code, sentence);
  if (retry > 0)
    kube_error_set_retry_after (error, (guint)MIN (retry, G_MAXINT));
  return error;
}

/* In the words of the user's question: is this the right server? */
static const char *
certificate_reason (GTlsCertificateFlags flags)
{
  /* Clusters' authorities mostly have one name, "kubernetes": then it is the signature that is
   * wrong, for which GIO has no flag of its own. */
  if (flags & (G_TLS_CERTIFICATE_UNKNOWN_CA | G_TLS_CERTIFICATE_GENERIC_ERROR))
    return _ ("it is not signed by the certificate authority of the kubeconfig");
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return _ ("it is for another name");
  if (flags & G_TLS_CERTIFICATE_EXPIRED)
    return _ ("it has expired");
  if (flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return _ ("it is not valid yet; is this computer's clock right?");
  if (flags & G_TLS_CERTIFICATE_REVOKED)
    return _ ("it has been revoked");
  if (flags & G_TLS_CERTIFICATE_INSECURE)
    return _ ("it uses an algorithm that is no longer safe");
  return _ ("it cannot be verified");
}

/*
 * kube_error_new_from_certificate:
 * @flags: what is wrong with the certificate
 * @host: the server's name
 *
 * Returns: (transfer full): an error of code %KUBE_ERROR_TLS
 */
GError *
kube_error_new_from_certificate (GTlsCertificateFlags flags, const char *host)
{
  return g_error_new (
    KUBE_ERROR, KUBE_ERROR_TLS,
    /* Translators: the first %s is a host name, the second says what is wrong */
    _ ("The certificate of %s is refused: %s. Get a fresh kubeconfig, or ask who runs the "
       "cluster."),
    host, certificate_reason (flags));
}

static const char *
transport_reason (const GError *error)
{
  if (error->domain == G_RESOLVER_ERROR ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_NOT_FOUND))
    return _ ("its name is not known here");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    return _ ("nothing listens there");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    return _ ("it did not answer in time");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE))
    return _ ("there is no way to it from here");
  return _ ("the connection broke");
}

/*
 * kube_error_new_from_transport:
 * @error: what GIO or libsoup says
 * @host: the server's name
 *
 * Says in one sentence why there is no answer. A cancel stays what it is, and so does an error
 * of this domain.
 *
 * Returns: (transfer full): %KUBE_ERROR_TLS, %KUBE_ERROR_UNREACHABLE, or a copy
 */
GError *
kube_error_new_from_transport (const GError *error, const char *host)
{
  if (error->domain == KUBE_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_error_copy (error);
  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    return kube_error_new_from_certificate (0, host);
  if (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED))
    return g_error_new (KUBE_ERROR, KUBE_ERROR_TLS,
                        _ ("%s asks for a client certificate, and the kubeconfig has none."), host);
  return g_error_new (KUBE_ERROR, KUBE_ERROR_UNREACHABLE,
                      /* Translators: the first %s is a host name, the second a reason such as
                       * "nothing listens there" */
                      _ ("%s cannot be reached: %s."), host, transport_reason (error));
}

/*
 * kube_error_set_retry_after:
 * @error: an error of this domain
 * @seconds: what the server asks to wait
 */
void
kube_error_set_retry_after (GError *error, guint seconds)
{
  kube_error_get_private (error)->retry_after = seconds;
}

/*
 * kube_error_get_retry_after:
 * @error: any error
 *
 * Returns: the seconds that the server asked to wait, 0 where it named none
 */
guint
kube_error_get_retry_after (const GError *error)
{
  return error->domain == KUBE_ERROR ? kube_error_get_private (error)->retry_after : 0;
}

/**
 * kube_error_new_from_status:
 * @status: a Kubernetes `Status` object, as an error's body or a watch's ERROR event has it
 *
 * The code is chosen by the object's own `code`, or by its `reason` where old servers leave the
 * code out. The message is the server's sentence, cleaned of control characters.
 *
 * Returns: (transfer full): an error of the domain %KUBE_ERROR
 */
GError *
kube_error_new_from_status (JsonNode *status)
{
  g_return_val_if_fail (status != NULL, NULL);

  return new_from_status_object (0, status);
}

/**
 * kube_error_new_from_response:
 * @status: the HTTP status
 * @body: (nullable) (array length=length): what came with it
 * @length: its size in bytes
 *
 * For an answer that is not 2xx. The body is read as a `Status` where it is one; a proxy's page
 * or plain text is cut to 200 characters, without its markup.
 *
 * Returns: (transfer full): an error of the domain %KUBE_ERROR
 */
GError *
kube_error_new_from_response (guint status, const char *body, gsize length)
{
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *message = NULL;
  KubeError code;

  g_return_val_if_fail (body != NULL || length == 0, NULL);

  if (length > 0)
    node = base_json_parse (body, (gssize)length, NULL);
  if (g_strcmp0 (base_json_get_string (node, "kind", NULL), "Status") == 0)
    return new_from_status_object (status, node);

  code = code_of_status (status, NULL);
  if (code == KUBE_ERROR_UNAUTHORIZED)
    message = dup_sentence (status, code, NULL);
  else
    message = dup_message_of_body (status, body, length);
  return g_error_new_literal (KUBE_ERROR, (int)code, message);
}
