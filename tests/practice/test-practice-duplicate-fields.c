/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "practice-duplicate-fields.h"

static void
test_find (void)
{
  static const struct {
    const char *json;
    const char *found;
  } cases[] = {
    { "{'a':1,'b':{'a':2}}", "" },
    { "{'a':1,'a':2}", "a" },
    { "{'spec':{'x':[{'n':1},{'n':1,'n':2}],'y':'}','y':{}}}", "spec.x[1].n spec.y" },
    { "{'a':[1,[2,{'b':null,'b':true}]] , 'a' : -1.5e3 }", "a[1][1].b a" },
    { "{'a':'\\'','a':'{'}", "a" },
    /* What is not whole ends somehow. */
    { "{'a':1,'a'", "a" },
    { "{'a", "" },
    { "{'a\\", "" },
    { "[", "" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);
    g_autofree char *json = g_strdelimit (g_strdup (cases[i].json), "'", '"');
    g_autofree char *list = NULL;

    practice_duplicate_fields_find (json, strlen (json), found);
    g_ptr_array_add (found, NULL);
    list = g_strjoinv (" ", (char **)found->pdata);
    g_assert_cmpstr (list, ==, cases[i].found);
  }
}

static void
test_deep (void)
{
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < 100000; i++)
    g_string_append (json, "[");
  practice_duplicate_fields_find (json->str, json->len, found);
  g_assert_cmpuint (found->len, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/practice/duplicate-fields/find", test_find);
  g_test_add_func ("/practice/duplicate-fields/deep", test_deep);
  return g_test_run ();
}
