/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-redactor.h"

#include <string.h>

#define MASK "\342\200\242\342\200\242\342\200\242"

static void
assert_redacts (BaseRedactor *self, const char *text, const char *expected)
{
  g_autofree char *redacted = base_redactor_redact (self, text);

  g_assert_cmpstr (redacted, ==, expected);
}

static void
test_secrets (void)
{
  g_autoptr (BaseRedactor) self = base_redactor_new ();

  base_redactor_add_secret (self, "swordfish");
  base_redactor_add_secret (self, "fish");
  base_redactor_add_secret (self, "  spaced\n");
  base_redactor_add_secret (self, "fish");
  base_redactor_add_secret (self, "");
  base_redactor_add_secret (self, " \n");
  base_redactor_add_secret (self, NULL);

  assert_redacts (self, "a swordfish, a fish, swordfishfish", "a " MASK ", a " MASK ", " MASK MASK);
  assert_redacts (self, "spaced out", MASK " out");
  /* in base64, as in a Secret */
  assert_redacts (self, "data: c3dvcmRmaXNo", "data: " MASK);
  assert_redacts (self, "nothing here", "nothing here");
  assert_redacts (self, "", "");
  g_assert_null (base_redactor_redact (self, NULL));

  g_assert_finalize_object (g_steal_pointer (&self));
}

static void
test_patterns (void)
{
  static const struct {
    const char *text;
    const char *redacted;
  } cases[] = {
    { "Authorization: Bearer abcdef.123456-7_8==\nnext", "Authorization: Bearer " MASK "\nnext" },
    { "authorization: basic YWRtaW46c2VjcmV0", "authorization: basic " MASK },
    { "the bearer of news", "the bearer of news" },
    { "x eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJrdWIifQ.c2ln y", "x " MASK " y" },
    { "    token: abc123\n    user: x", "    token: " MASK "\n    user: x" },
    { "{\"token\":\"abc123\",\"user\":\"x\"}", "{\"token\":\"" MASK "\",\"user\":\"x\"}" },
    { "password = 'hunter2' ok", "password = '" MASK "' ok" },
    { "client-key-data: LS0tLS1CRUdJTg==", "client-key-data: " MASK },
    { "--token=abc", "--token=" MASK },
    { "https://me:hunter2@example.com/a:b@c", "https://me:" MASK "@example.com/a:b@c" },
    { "http://127.0.0.1:8080/a@b", "http://127.0.0.1:8080/a@b" },
    { "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIB\nAAAA\n-----END RSA PRIVATE KEY-----\nb",
      "a\n" MASK "\nb" },
    { "-----BEGIN PRIVATE KEY-----\nMIIB\nAA", MASK },
    { "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
      "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----" },
    { "tokens are used", "tokens are used" },
  };
  g_autoptr (BaseRedactor) self = base_redactor_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_redacts (self, cases[i].text, cases[i].redacted);
}

static void
test_invalid_text (void)
{
  g_autoptr (BaseRedactor) self = base_redactor_new ();
  g_autofree char *redacted = NULL;

  base_redactor_add_secret (self, "s\xff"
                                  "cret");
  redacted = base_redactor_redact (self, "a \xfe s\xff"
                                         "cret");

  g_assert_true (g_utf8_validate (redacted, -1, NULL));
  g_assert_null (strstr (redacted, "cret"));
}

/* A text made to exhaust the search must not get through. */
static void
test_long_text (void)
{
  g_autoptr (BaseRedactor) self = base_redactor_new ();
  g_autofree char *filler = g_strnfill (2 * 1024 * 1024, 'a');
  g_autofree char *text = g_strconcat ("-----BEGIN PRIVATE KEY-----", filler, "\nBearer ", filler,
                                       "\ntoken: needle", NULL);
  g_autofree char *redacted = base_redactor_redact (self, text);

  g_assert_null (strstr (redacted, "needle"));
  g_assert_null (strstr (redacted, "aaaa"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/redactor/secrets", test_secrets);
  g_test_add_func ("/base/redactor/patterns", test_patterns);
  g_test_add_func ("/base/redactor/invalid-text", test_invalid_text);
  g_test_add_func ("/base/redactor/long-text", test_long_text);

  return g_test_run ();
}
