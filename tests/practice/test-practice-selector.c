/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-selector.h"
#include "test-json.h"

#define OBJECT                                                                                     \
  "{'metadata':{'name':'x','namespace':'ns','labels':{'app':'redis','tier':'back','n':'5'}},"      \
  "'spec':{'nodeName':'node-1','unschedulable':true},'status':{'phase':'Running'}}"

static void
test_labels (void)
{
  static const struct {
    const char *text;
    gboolean matches;
  } cases[] = {
    { NULL, TRUE },
    { "", TRUE },
    { "app=redis", TRUE },
    { "app==redis", TRUE },
    { "app = redis , tier != front", TRUE },
    { "app=web", FALSE },
    { "app!=redis", FALSE },
    { "missing!=x", TRUE },
    { "app", TRUE },
    { "missing", FALSE },
    { "!missing", TRUE },
    { "!app", FALSE },
    { "app in (web, redis)", TRUE },
    { "app in (web)", FALSE },
    { "missing in (web)", FALSE },
    { "app notin (web),tier in (back)", TRUE },
    { "app notin (redis)", FALSE },
    { "missing notin (web)", TRUE },
    { "n>4", TRUE },
    { "n<5", FALSE },
    { "app=", FALSE },
    { "missing in ()", FALSE },
    { "app in (redis,)", TRUE },
    { "app=in", FALSE },
  };
  g_autoptr (JsonNode) object = test_json (OBJECT);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (PracticeSelector) selector = practice_selector_parse_labels (cases[i].text, &error);

    g_assert_no_error (error);
    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (practice_selector_matches_labels (selector, object), ==, cases[i].matches);
  }
}

static void
test_bad_labels (void)
{
#define REQUIREMENT "unable to parse requirement: "
  static const struct {
    const char *text;
    const char *message;
  } cases[] = {
    { "=x", "found '=', expected: !, identifier, or 'end of string'" },
    { ",a", "found ',', expected: !, identifier, or 'end of string'" },
    { "(a)", "found '(', expected: !, identifier, or 'end of string'" },
    { "a=b=c", "found '=', expected: ',' or 'end of string'" },
    { "a=b c", "found 'c', expected: ',' or 'end of string'" },
    { "a!=b!=c", "found '!=', expected: ',' or 'end of string'" },
    { "a in (b)c", "found 'c', expected: ',' or 'end of string'" },
    { "a>1>2", "found '>', expected: ',' or 'end of string'" },
    { "!a=b", "found '=', expected: ',' or 'end of string'" },
    { "a=b)", "found ')', expected: ',' or 'end of string'" },
    { "a=b,=c", "found '=', expected: identifier after ','" },
    { "a=b,,c", "found ',', expected: identifier after ','" },
    { "a,", "found '', expected: identifier after ','" },
    { "a b", REQUIREMENT "found 'b', expected: '=', '!=', '==', 'in', notin'" },
    { "a=(b)", REQUIREMENT "found '(', expected: identifier" },
    { "a=!b", REQUIREMENT "found '!', expected: identifier" },
    { "!", REQUIREMENT "found '', expected: identifier" },
    { "a in b", REQUIREMENT "found 'b' expected: '('" },
    { "a in", REQUIREMENT "found '' expected: '('" },
    { "a in (b", REQUIREMENT "found '', expected: ',' or ')'" },
    { "a>b", REQUIREMENT "for 'Gt', 'Lt' operators, the value must be an integer" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;

    g_test_message ("%s", cases[i].text);
    g_assert_null (practice_selector_parse_labels (cases[i].text, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    g_assert_cmpstr (error->message, ==, cases[i].message);
  }
}

static void
test_fields (void)
{
  static const struct {
    const char *text;
    gboolean matches;
  } cases[] = {
    { NULL, TRUE },
    { "metadata.name=x", TRUE },
    { "metadata.name==x,metadata.namespace=ns", TRUE },
    { "metadata.name!=x", FALSE },
    { "status.phase=Running,spec.nodeName!=node-2", TRUE },
    { "spec.nodeName=", FALSE },
    { "spec.missing=", TRUE },
    { "spec.unschedulable=true", TRUE },
  };
  const char *const known[] = { "status.phase", NULL };
  g_autoptr (JsonNode) object = test_json (OBJECT);
  g_autoptr (PracticeSelector) other = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (PracticeSelector) selector = practice_selector_parse_fields (cases[i].text, NULL);

    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (practice_selector_matches_fields (selector, object), ==, cases[i].matches);
  }
  other = practice_selector_parse_fields ("metadata.name=a,status.phase=b,foo=c", NULL);
  g_assert_cmpstr (practice_selector_find_unknown_field (other, known), ==, "foo");
  g_assert_cmpstr (practice_selector_find_unknown_field (other, NULL), ==, "status.phase");
  g_assert_null (practice_selector_parse_fields ("nothing", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
test_object (void)
{
  static const struct {
    const char *selector;
    gboolean matches;
  } cases[] = {
    { "{}", TRUE },
    { "{'matchLabels':{'app':'redis'}}", TRUE },
    { "{'matchLabels':{'app':'web'}}", FALSE },
    { "{'matchExpressions':[{'key':'tier','operator':'In','values':['back','x']}]}", TRUE },
    { "{'matchExpressions':[{'key':'tier','operator':'NotIn','values':['back']}]}", FALSE },
    { "{'matchExpressions':[{'key':'tier','operator':'Exists'}]}", TRUE },
    { "{'matchExpressions':[{'key':'tier','operator':'DoesNotExist'}]}", FALSE },
    { "{'matchExpressions':[{'key':'tier','operator':'Bad'}]}", FALSE },
  };
  g_autoptr (JsonNode) object = test_json (OBJECT);
  g_autoptr (PracticeSelector) none = practice_selector_new_from_object (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonNode) node = test_json (cases[i].selector);
    g_autoptr (PracticeSelector) selector = practice_selector_new_from_object (node);

    g_test_message ("%s", cases[i].selector);
    g_assert_cmpint (practice_selector_matches_labels (selector, object), ==, cases[i].matches);
  }
  g_assert_false (practice_selector_matches_labels (none, object));
  g_assert_false (practice_selector_is_empty (none));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/practice/selector/labels", test_labels);
  g_test_add_func ("/practice/selector/bad-labels", test_bad_labels);
  g_test_add_func ("/practice/selector/fields", test_fields);
  g_test_add_func ("/practice/selector/object", test_object);

  return g_test_run ();
}
