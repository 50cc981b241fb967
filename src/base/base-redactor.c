/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-redactor.h"

#include <string.h>

#define MASK "\342\200\242\342\200\242\342\200\242"

/**
 * BaseRedactor:
 *
 * Takes credentials out of text that is about to be shown, logged or saved: those that it was told
 * about, also in base64 as a kubeconfig or a Secret has them, and what looks like one.
 */
struct _BaseRedactor {
  GObject parent_instance;

  GPtrArray *secrets; /* (element-type utf8), the longest first */
};

G_DEFINE_FINAL_TYPE (BaseRedactor, base_redactor, G_TYPE_OBJECT)

/* What looks like a credential. The first group, if any, stays. */
static const char *const patterns[] = {
  /* private keys, also one that is cut off */
  "()-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|\\z|-)",
  /* RFC 6750 and RFC 7617 */
  "(?i)(\\b(?:bearer|basic)[ \\t]+)[A-Za-z0-9._~+/-]{8,}=*",
  /* RFC 7519: a header and a payload that are JSON objects, and a signature */
  "()\\beyJ[A-Za-z0-9_-]+\\.eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*",
  /* members of a kubeconfig and of an exec credential, in YAML or JSON */
  "(?i)(\\b(?:token|password|id-token|refresh-token|client-secret|client-key-data|clientKeyData)"
  "[\"']?[ \\t]*[:=][ \\t]*[\"']?)[^\\s\"',}]+",
  /* https://user:password@host */
  "(://[^/\\s:@]+:)[^/\\s@]+(?=@)",
};

static int
compare_length (gconstpointer a, gconstpointer b)
{
  gsize a_length = strlen (*(const char *const *)a);
  gsize b_length = strlen (*(const char *const *)b);

  return (a_length < b_length) - (a_length > b_length);
}

/* Text that could not be searched is not shown at all. */
static char *
replace_pattern (const char *pattern, const char *text)
{
  g_autoptr (GRegex) regex = g_regex_new (pattern, G_REGEX_OPTIMIZE, 0, NULL);
  char *replaced = NULL;

  g_assert (regex != NULL);
  replaced = g_regex_replace (regex, text, -1, 0, "\\1" MASK, 0, NULL);

  return replaced != NULL ? replaced : g_strdup (MASK);
}

static void
base_redactor_finalize (GObject *object)
{
  BaseRedactor *self = BASE_REDACTOR (object);

  g_ptr_array_unref (self->secrets);

  G_OBJECT_CLASS (base_redactor_parent_class)->finalize (object);
}

static void
base_redactor_class_init (BaseRedactorClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = base_redactor_finalize;
}

static void
base_redactor_init (BaseRedactor *self)
{
  self->secrets = g_ptr_array_new_with_free_func (g_free);
}

/**
 * base_redactor_new:
 *
 * Returns: (transfer full): a redactor that knows no secret yet
 */
BaseRedactor *
base_redactor_new (void)
{
  return g_object_new (BASE_TYPE_REDACTOR, NULL);
}

/**
 * base_redactor_add_secret:
 * @self: a redactor
 * @secret: (nullable): a credential; %NULL and what is only white space are ignored
 *
 * Remembers @secret, without white space around it, as it is and in base64.
 */
void
base_redactor_add_secret (BaseRedactor *self, const char *secret)
{
  g_autofree char *trimmed = NULL;

  g_return_if_fail (BASE_IS_REDACTOR (self));

  trimmed = g_strstrip (g_strdup (secret != NULL ? secret : ""));
  if (*trimmed == '\0' ||
      g_ptr_array_find_with_equal_func (self->secrets, trimmed, (GEqualFunc)g_str_equal, NULL))
    return;

  g_ptr_array_add (self->secrets, g_base64_encode ((const guchar *)trimmed, strlen (trimmed)));
  g_ptr_array_add (self->secrets, g_steal_pointer (&trimmed));
  g_ptr_array_sort (self->secrets, compare_length);
}

/**
 * base_redactor_redact:
 * @self: a redactor
 * @text: (nullable): any text; what of it is not UTF-8 is made so
 *
 * Returns: (transfer full) (nullable): @text with "•••" in place of every secret; %NULL for %NULL
 */
char *
base_redactor_redact (BaseRedactor *self, const char *text)
{
  g_autoptr (GString) result = NULL;
  char *redacted;

  g_return_val_if_fail (BASE_IS_REDACTOR (self), NULL);

  if (text == NULL)
    return NULL;

  /* the secrets first, while the text still has them byte for byte */
  result = g_string_new (text);
  for (guint i = 0; i < self->secrets->len; i++)
    g_string_replace (result, self->secrets->pdata[i], MASK, 0);

  redacted = g_utf8_make_valid (result->str, -1);
  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++) {
    char *replaced = replace_pattern (patterns[i], redacted);

    g_free (redacted);
    redacted = replaced;
  }

  return redacted;
}
