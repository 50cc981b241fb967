/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-syntax.h"

#include <string.h>

/* The parts of @text that have a colour, in order, separated by "|". */
static char *
dup_colored (const char *text, const char *language)
{
  g_autoptr (PangoAttrList) attributes = lab_syntax_highlight (text, language, FALSE);
  g_autoptr (GString) parts = g_string_new (NULL);
  GSList *list = pango_attr_list_get_attributes (attributes);

  for (GSList *l = list; l != NULL; l = l->next) {
    PangoAttribute *attribute = l->data;

    g_assert_cmpuint (attribute->start_index, <, attribute->end_index);
    g_assert_cmpuint (attribute->end_index, <=, strlen (text));
    if (parts->len > 0)
      g_string_append_c (parts, '|');
    g_string_append_len (parts, text + attribute->start_index,
                         attribute->end_index - attribute->start_index);
  }
  g_slist_free_full (list, (GDestroyNotify)pango_attribute_destroy);

  return g_string_free (g_steal_pointer (&parts), FALSE);
}

static void
assert_colored (const char *text, const char *language, const char *expected)
{
  g_autofree char *colored = dup_colored (text, language);

  g_assert_cmpstr (colored, ==, expected);
}

static void
test_shell (void)
{
  assert_colored ("kubectl get pods -o wide", "bash", "-o");
  assert_colored ("echo \"a $b\" '$c' # why", "bash", "\"a $b\"|'$c'|# why");
  assert_colored ("export PATH=$HOME/bin:${X}", "bash", "export|$HOME|${X}");
  assert_colored ("until nc -z $(host); do sleep 1; done", "bash", "until|-z|do|done");
  assert_colored ("a#b foo-do", "bash", "");
}

static void
test_here_document (void)
{
  assert_colored ("kubectl create -f - <<EOF\nkind: Pod\n  - name: x # no\n# yes\nEOF\nls -l",
                  "bash", "-f|-|kind|name|# yes|EOF|-l");
}

static void
test_yaml (void)
{
  assert_colored ("a: 1\nb-c:\n- d: e:f\ntext", "yaml", "a|b-c|d");
}

static void
test_plain (void)
{
  assert_colored ("NAME: -x $y", NULL, "");
  assert_colored ("NAME: -x $y", "text", "");
}

/* What is cut off or not closed colours to the end, and never reads past it. */
static void
test_broken (void)
{
  const char *const texts[] = { "",           "\"", "'a",    "$",       "${",
                                "\"\\",       "<<", "<<EOF", "<<EOF\n", "-",
                                "<<'EOF'\na", "#",  "a\n#",  "$é \"ü",  "<<EOF\n:" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *shell = dup_colored (texts[i], "bash");
    g_autofree char *yaml = dup_colored (texts[i], "yaml");

    g_assert_nonnull (shell);
    g_assert_nonnull (yaml);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lab/syntax/shell", test_shell);
  g_test_add_func ("/lab/syntax/here-document", test_here_document);
  g_test_add_func ("/lab/syntax/yaml", test_yaml);
  g_test_add_func ("/lab/syntax/plain", test_plain);
  g_test_add_func ("/lab/syntax/broken", test_broken);

  return g_test_run ();
}
