/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-traefik-rule.h"

typedef struct {
  const char *rule;
  const char *host;
  const char *path;
  const char *rewritten; /* NULL: does not match */
  const char *prefix;
} Case;

static const Case cases[] = {
  { "Host:a.com", "a.com", "/x", "/x", NULL },
  { "Host:a.com", "b.com", "/x", NULL, NULL },
  { "Host:a.com", "xa.com", "/x", NULL, NULL },
  { "Host:A.com", "a.com", "/x", "/x", NULL },
  { "Host:a.com,b.com", "b.com", "/x", "/x", NULL },
  { "HostRegexp:{subdomain:[A-Za-z0-9-_]+}.a.com", "x.a.com", "/", "/", NULL },
  { "HostRegexp:{subdomain:[A-Za-z0-9-_]+}.a.com", "x.y.a.com", "/", NULL, NULL },
  { "HostRegexp:{subdomain:[A-Za-z0-9-_]+}.a.com", "a.com", "/", NULL, NULL },
  { "PathPrefix:/", "a.com", "/anything", "/anything", NULL },
  { "PathPrefix:/a", "a.com", "/a/b", "/a/b", NULL },
  { "PathPrefix:/a", "a.com", "/ab", "/ab", NULL },
  { "PathPrefix:/a", "a.com", "/b", NULL, NULL },
  { "PathPrefix:/a.c", "a.com", "/abc", NULL, NULL },
  { "Path:/a", "a.com", "/a", "/a", NULL },
  { "Path:/a", "a.com", "/a/", NULL, NULL },
  { "Path:/{id:[0-9]+}", "a.com", "/12", "/12", NULL },
  { "Path:/{id:[0-9]+}", "a.com", "/x", NULL, NULL },
  { "PathPrefixStrip:/a", "a.com", "/a/b", "/b", "/a" },
  { "PathPrefixStrip:/a", "a.com", "/a", "/", "/a" },
  { "PathStrip:/a", "a.com", "/a", "/", "/a" },
  { "PathPrefix:/a;ReplacePathRegex: ^/a(.*) /b$1", "a.com", "/a/c", "/b/c", NULL },
  { "PathPrefix:/a;ReplacePathRegex: ^/a(.*) $1", "a.com", "/a/c", "/c", NULL },
  { "PathPrefix:/;AddPrefix:/x", "a.com", "/y", "/x/y", NULL },
  { "PathPrefix:/;ReplacePath:/z", "a.com", "/y", "/z", NULL },
};

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (PracticeTraefikRule) rule = practice_traefik_rule_parse (test->rule);
  g_autofree char *prefix = NULL;
  g_autofree char *rewritten = NULL;

  g_assert_nonnull (rule);
  g_assert_cmpstr (practice_traefik_rule_get_text (rule), ==, test->rule);
  g_assert_cmpint (practice_traefik_rule_matches (rule, test->host, test->path), ==,
                   test->rewritten != NULL);
  if (test->rewritten == NULL)
    return;
  rewritten = practice_traefik_rule_rewrite (rule, test->path, &prefix);
  g_assert_cmpstr (rewritten, ==, test->rewritten);
  g_assert_cmpstr (prefix, ==, test->prefix);
}

static void
test_unreadable (void)
{
  static const char *const rules[] = { "",
                                       "Host",
                                       "Nonsense:x",
                                       "HostRegexp:{a:[}",
                                       "ReplacePathRegex: ^/a",
                                       "ReplacePathRegex: ( /b",
                                       "Path:/{a:(}" };

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    g_assert_null (practice_traefik_rule_parse (rules[i]));
}

static void
test_replacement (void)
{
  static const char *const pairs[][2] = {
    { "$1", "\\g<1>" }, { "/a${2}b", "/a\\g<2>b" }, { "a\\b", "a\\\\b" }, { "$", "$" },
    { "$x", "$x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_autofree char *converted = practice_traefik_rule_convert_replacement (pairs[i][0]);

    g_assert_cmpstr (converted, ==, pairs[i][1]);
  }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/practice-traefik-rule/case-%02u", i + 1);

    g_test_add_data_func (path, &cases[i], test_case);
  }
  g_test_add_func ("/practice-traefik-rule/unreadable", test_unreadable);
  g_test_add_func ("/practice-traefik-rule/replacement", test_replacement);

  return g_test_run ();
}
