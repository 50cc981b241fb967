/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "course-check-parser.h"
#include "jump-local.h"
#include "session-finding.h"
#include "session-name.h"
#include "test-wait.h"

/* A real name server: the program runs itself in a network of its own, where it is the one that
 * /etc/resolv.conf names, and answers, or does not, as the first word of the name says. */

#define WAIT 30
#define PORT 53
#define HEADER 12

/* RFC 1035, section 4.1.1: what stands in the second byte of flags */
typedef enum {
  ANSWER_NONE = -1,
  ANSWER_FINE = 0,
  ANSWER_SERVER_FAILURE = 2,
  ANSWER_NO_NAME = 3,
  ANSWER_REFUSED = 5,
} Answer;

static const struct {
  const char *word;
  Answer answer;
} words[] = {
  { "known", ANSWER_FINE },      { "nxdomain", ANSWER_NO_NAME },
  { "silent", ANSWER_NONE },     { "servfail", ANSWER_SERVER_FAILURE },
  { "refused", ANSWER_REFUSED },
};

/* @message: a query, whose name begins after its header */
static Answer
get_answer (const guint8 *message)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
    gsize length = strlen (words[i].word);

    if (message[HEADER] == length && memcmp (message + HEADER + 1, words[i].word, length) == 0)
      return words[i].answer;
  }
  return ANSWER_NO_NAME;
}

/* A query has one question; an A record of it is 10.0.0.1, and there is none of another type. */
static gsize
make_answer (guint8 *message, gsize length, Answer answer)
{
  static const guint8 record[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 10, 0, 0, 1 };
  gsize end = HEADER;

  while (end < length && message[end] != 0)
    end += message[end] + 1;
  end += 5;
  message[2] = 0x81;
  message[3] = 0x80 | answer;
  memset (message + 6, 0, 6);
  if (answer == ANSWER_FINE && end <= length && message[end - 3] == 1) {
    message[7] = 1;
    memcpy (message + end, record, sizeof record);
    end += sizeof record;
  }
  return end;
}

static gpointer
serve (gpointer data)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, PORT);
  g_autoptr (GSocket) socket =
    g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, NULL);

  g_assert_true (g_socket_bind (socket, address, TRUE, NULL));
  for (;;) {
    g_autoptr (GSocketAddress) from = NULL;
    guint8 message[512] = { 0 };
    gssize n = g_socket_receive_from (socket, &from, (char *)message, 400, NULL, NULL);
    Answer answer = get_answer (message);

    if (n > HEADER && answer != ANSWER_NONE)
      g_socket_send_to (socket, from, (char *)message, make_answer (message, (gsize)n, answer),
                        NULL, NULL);
  }
  return NULL;
}

static SessionName
look_up (JumpPlace *place, const char *name)
{
  g_autoptr (GAsyncResult) result = NULL;

  session_name_look_up_async (place, name, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, name);
  return session_name_look_up_finish (result);
}

/* What a try from this computer finds. */
static SessionSymptom
try (const char *name)
{
  static const char *const yaml = "- {reach: {service: redis, port: 6379}, says: It is open}\n";
  g_autoptr (GPtrArray) messages = course_messages_new ();
  const CourseReport report = { .messages = messages, .file = "lab.md" };
  g_autoptr (GPtrArray) checks = course_check_parse_list (yaml, 1, 120, &report);
  g_autoptr (GSocketConnectable) address = g_network_address_new (name, 6379);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (SessionFinding) finding = NULL;

  g_socket_client_set_timeout (client, 1);
  g_socket_client_connect_async (client, address, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "an end of the try");
  g_assert_null (g_socket_client_connect_finish (client, result, &error));
  finding = session_finding_new_failure (g_ptr_array_index (checks, 0), error);
  return finding->symptom;
}

static JumpPlace *
connect_place (void)
{
  JumpPlace *place = jump_local_new (NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  jump_place_connect_async (place, NULL, test_wait_keep_result, &result);
  test_wait_for_pointer (&result, WAIT, "the place");
  jump_place_connect_finish (place, result, &error);
  g_assert_no_error (error);
  return place;
}

/* Inside: says what it has seen of each. */
static int
look_inside (void)
{
  g_autoptr (GThread) server = g_thread_new ("server", serve, NULL);
  g_autoptr (JumpPlace) place = connect_place ();

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
    g_autofree char *name = g_strconcat (words[i].word, ".example", NULL);
    SessionName said = look_up (place, name);

    g_print ("%s: %d %d\n", words[i].word, said, try (name));
  }
  return 0;
}

/* (nullable): what was printed inside; NULL where there is no such network */
static char *
run_inside (void)
{
  static const char *const script = "ip link set lo up && ip addr add 10.9.9.9/32 dev lo && mount "
                                    "--bind \"$1\" /etc/resolv.conf && echo begun && "
                                    "exec \"$0\" --inside";
  g_autofree char *nslookup = g_find_program_in_path ("nslookup");
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_dir_make_tmp ("konvoy-name-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "resolv.conf", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  g_autofree char *output = NULL;

  g_file_set_contents (path, "nameserver 127.0.0.1\noptions timeout:5 attempts:1\n", -1, &error);
  g_assert_no_error (error);
  if (nslookup != NULL)
    process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL, "unshare", "-Urnm", "sh",
                                "-c", script, program, path, NULL);
  if (process != NULL)
    g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, NULL);
  g_remove (path);
  g_rmdir (folder);
  if (output == NULL || !g_str_has_prefix (output, "begun\n"))
    return NULL;
  g_assert_true (g_subprocess_get_successful (process));
  return g_steal_pointer (&output);
}

/* @symptom: %SESSION_SYMPTOM_NONE where any will do */
static void
assert_seen (const char *output, const char *word, SessionName said, SessionSymptom symptom)
{
  g_autofree char *line = symptom != SESSION_SYMPTOM_NONE
                            ? g_strdup_printf ("\n%s: %d %d\n", word, said, symptom)
                            : g_strdup_printf ("\n%s: %d ", word, said);

  if (strstr (output, line) == NULL)
    g_error ("not%s but %s", line, output);
}

static void
test_servers (void)
{
  g_autofree char *output = run_inside ();

  if (output == NULL) {
    g_test_skip ("no network of one's own here, or no nslookup");
    return;
  }
  /* there is such a name, and no way to it in that network */
  assert_seen (output, "known", SESSION_NAME_KNOWN, SESSION_SYMPTOM_REFUSED);
  assert_seen (output, "nxdomain", SESSION_NAME_UNKNOWN, SESSION_SYMPTOM_NAMELESS);
  assert_seen (output, "silent", SESSION_NAME_UNANSWERED, SESSION_SYMPTOM_UNRESOLVED);
  assert_seen (output, "servfail", SESSION_NAME_UNANSWERED, SESSION_SYMPTOM_UNRESOLVED);
  /* by which glibc's resolver, as it happens, has an answer of no or has none */
  assert_seen (output, "refused", SESSION_NAME_UNANSWERED, SESSION_SYMPTOM_NONE);
}

/* What is in a file needs no server, and what is no name is not asked for. */
static void
test_words (void)
{
  static const char *const wrong[] = { "",     "-h",  "a b", "$(touch run)", "10.0.0.1",
                                       "a\nb", "::1", "a'b", "a;b",          "-" };
  g_autoptr (JumpPlace) place = connect_place ();

  g_assert_cmpint (look_up (place, "localhost"), ==, SESSION_NAME_KNOWN);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    g_assert_cmpint (look_up (place, wrong[i]), ==, SESSION_NAME_UNTOLD);
}

static void
test_cancel (void)
{
  g_autoptr (JumpPlace) place = connect_place ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;

  session_name_look_up_async (place, "redis.invalid", cancellable, test_wait_keep_result, &result);
  g_cancellable_cancel (cancellable);
  test_wait_for_pointer (&result, WAIT, "the end of a look-up");
  g_assert_cmpint (session_name_look_up_finish (result), ==, SESSION_NAME_UNTOLD);
}

int
main (int argc, char **argv)
{
  if (argc == 2 && g_str_equal (argv[1], "--inside"))
    return look_inside ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/name/words", test_words);
  g_test_add_func ("/session/name/cancel", test_cancel);
  g_test_add_func ("/session/name/servers", test_servers);
  return g_test_run ();
}
