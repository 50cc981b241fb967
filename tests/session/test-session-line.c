/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-line.h"

typedef struct {
  const char *text;
  const char *commands; /* "[ ]": of one command; "~" after a word: it is open; "!" after a command:
                         * its status is not that of the whole */
} Case;

static const Case CASES[] = {
  { "", "" },
  { " \t\r ", "" },
  { "ls", "[ls]" },
  { "ls -l  \t x ", "[ls -l x]" },
  { "echo 'a b' \"c d\" e\\ f", "[echo a b c d e f]" },
  { "# ls", "" },
  { "ls # all", "[ls]" },
  { "ls a#b", "[ls a#b]" },
  { "ls | wc -l", "[ls][wc -l]" },
  { "a && b", "[a][b]" },
  { "a; b", "[a]![b]" },
  { "a;", "[a]" },
  { "a\nb", "[a]![b]" },
  { "a || b", "[a]![b]" },
  { "a && b &", "[a]![b]!" },
  { "A=1 B=2 ls", "[ls]" },
  { "A=1", "" },
  { "1=2", "[1=2]" },
  { "timeout 5 telnet a", "[telnet a]" },
  { "sudo -n env A=1 ls", "[ls]" },
  { "sudo -u root kubectl get pods", "[kubectl get pods]" },
  { "sudo -nu root -g wheel kubectl get pods", "[kubectl get pods]" },
  { "sudo -uroot -k kubectl get pods", "[kubectl get pods]" },
  { "sudo --user root kubectl get pods", "[kubectl get pods]" },
  { "sudo --user=root kubectl get pods", "[kubectl get pods]" },
  { "timeout -s KILL 5 kubectl get pods", "[kubectl get pods]" },
  { "timeout -k 1 --signal KILL 5 kubectl get pods", "[kubectl get pods]" },
  { "timeout --foreground -sKILL 5 kubectl get pods", "[kubectl get pods]" },
  { "env -u HOME A=1 sudo ls -l", "[ls -l]" },
  { "sudo -u", "" },
  { "sudo -", "" },
  { "timeout", "" },
  { "! ls", "[ls]" },
  { "(cd x && ls)", "[cd x][ls]" },
  { "ls > out 2>&1", "[ls]" },
  { "ls 2> out a", "[ls a]" },
  { "ls >", "[ls]" },
  { "cat < in", "[cat]" },
  { "cat <<< text", "[cat]" },
  { "cat <<EOF\nls\nEOF\nwc", "[cat]![wc]" },
  { "cat <<-'EOF' | wc\n> ls\n> EOF", "[cat][wc]" },
  { "cat <<EOF", "[cat]" },
  { "cat <<EOF\nls", "[cat]" },
  { "echo $(cat a b) ${X} $Y '$Z' $", "[echo ~ ${X}~ $Y~ $Z $]" },
  { "echo \"$(cat \"$(b)\")\" c", "[echo ~ c]" },
  { "for i in 1 2; do ls; done | sort", "[for i in 1 2]![ls]![done][sort]" },
  { "for i in 1\n> do\n> ls\n> done", "[for i in 1]![ls]![done]" },
  { "ls \\\n> -l", "[ls -l]" },
  { "ls \\\n  -l", "[ls -l]" },
  { "echo \"a", "[echo a]" },
  { "echo $(", "[echo ~]" },
  { "echo \\", "[echo \\]" },
};

static char *
describe (const char *text)
{
  g_autoptr (GPtrArray) commands = session_line_read (text);
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < commands->len; i++) {
    const SessionLineCommand *command = g_ptr_array_index (commands, i);

    for (guint j = 0; j < command->words->len; j++) {
      const SessionLineWord *word = g_ptr_array_index (command->words, j);

      g_string_append_printf (all, "%s%s%s", j == 0 ? "[" : " ", word->text,
                              word->is_open ? "~" : "");
    }
    g_string_append (all, command->tells_status ? "]" : "]!");
  }
  return g_string_free (all, FALSE);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *commands = describe (c->text);

  g_assert_cmpstr (commands, ==, c->commands);
}

static void
test_program (void)
{
  g_autoptr (GPtrArray) commands = session_line_read ("./bin/konvoy up\nk apply -f - <<E\n");
  const SessionLineCommand *first = g_ptr_array_index (commands, 0);
  const SessionLineCommand *second = g_ptr_array_index (commands, 1);

  g_assert_cmpstr (session_line_command_get_program (first), ==, "konvoy");
  g_assert_cmpuint (first->line, ==, 0);
  g_assert_false (first->has_document);
  g_assert_cmpstr (session_line_command_get_program (second), ==, "kubectl");
  g_assert_cmpuint (second->line, ==, 1);
  g_assert_true (second->has_document);
}

static char *
repeat (const char *text, guint times)
{
  GString *all = g_string_new (NULL);

  for (guint i = 0; i < times; i++)
    g_string_append (all, text);
  return g_string_free (all, FALSE);
}

/* Where each command or word meant a look at all the others, these would take minutes. */
static void
test_length (void)
{
  g_autofree char *many = repeat ("a;", 1 << 18);
  g_autofree char *stripped = repeat ("! ", 1 << 18);
  g_autoptr (GPtrArray) commands = session_line_read (many);
  g_autoptr (GPtrArray) nothing = session_line_read (stripped);
  const SessionLineCommand *last = g_ptr_array_index (commands, commands->len - 1);

  g_assert_cmpuint (commands->len, ==, 1 << 18);
  g_assert_true (last->tells_status);
  last = g_ptr_array_index (commands, commands->len - 2);
  g_assert_false (last->tells_status);
  g_assert_cmpuint (nothing->len, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (CASES); i++) {
    g_autofree char *path = g_strdup_printf ("/session-line/%02u", (guint)i + 1);

    g_test_add_data_func (path, &CASES[i], test_case);
  }
  g_test_add_func ("/session-line/program", test_program);
  g_test_add_func ("/session-line/length", test_length);
  return g_test_run ();
}
