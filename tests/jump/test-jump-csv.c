/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "jump-csv.h"
#include "jump-place.h"

/* "fields|of|a row@line" joined by newlines */
static char *
dup_rows (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = jump_csv_parse (text, "class.csv", &error);
  GString *joined = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < rows->len; i++) {
    const JumpCsvRow *row = g_ptr_array_index (rows, i);
    g_autofree char *fields = g_strjoinv ("|", row->fields);

    g_string_append_printf (joined, "%s@%u;", fields, row->line);
  }
  return g_string_free (joined, FALSE);
}

static void
test_rows (void)
{
  static const struct {
    const char *text, *rows;
  } cases[] = {
    { "", "" },
    { "\n\r\n  \n", "" },
    { "name,host\nAnn,10.0.0.1\n", "name|host@1;Ann|10.0.0.1@2;" },
    { "name,host\r\nAnn,10.0.0.1", "name|host@1;Ann|10.0.0.1@2;" },
    { "\xef\xbb\xbfname,host\n,\nAnn , 10.0.0.1 ,\n", "name|host@1;Ann|10.0.0.1|@3;" },
    { "name\thost\nAnn, B\t1\n", "name|host@1;Ann, B|1@2;" },
    { "name;host\nAnn;a,b\n", "name|host@1;Ann|a,b@2;" },
    { "\"name;a\",host\n\"O\"\"Neil, \"\"Shaq\"\"\" ,x\n", "name;a|host@1;O\"Neil, \"Shaq\"|x@2;" },
    { "name,host\n\"two\nlines\",x\nb,y\n", "name|host@1;two\nlines|x@2;b|y@4;" },
    { "name,host\na b\"c,\n", "name|host@1;a b\"c|@2;" },
    { "one\ntwo\n", "one@1;two@2;" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *rows = dup_rows (cases[i].text);

    g_assert_cmpstr (rows, ==, cases[i].rows);
  }
}

static void
assert_fails (const char *text, const char *start)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (jump_csv_parse (text, "class.csv", &error));
  g_assert_error (error, JUMP_ERROR, JUMP_ERROR_FAILED);
  g_assert_true (g_str_has_prefix (error->message, start));
}

static void
test_bad (void)
{
  g_autoptr (GString) wide = g_string_new ("a");
  g_autoptr (GString) high = g_string_new ("a\n");
  g_autofree char *field = g_strnfill (1025, 'x');

  assert_fails ("name,host\n\"Ann,1\nb,2\n", "class.csv:2: a quotation mark");
  assert_fails ("name,host\n\"Ann\"x,1\n", "class.csv:2: text follows");
  assert_fails (field, "class.csv:1: a field");
  for (guint i = 0; i < 64; i++)
    g_string_append (wide, ",a");
  assert_fails (wide->str, "class.csv:1: a row");
  for (guint i = 0; i < 10000; i++)
    g_string_append (high, "a\n");
  assert_fails (high->str, "class.csv:10001: there are more");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/jump/csv/rows", test_rows);
  g_test_add_func ("/jump/csv/bad", test_bad);

  return g_test_run ();
}
