/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "practice-channel.h"
#include "test-wait.h"

/* A channel and the bare socket of its other side. */
typedef struct {
  PracticeChannel *channel;
  int peer;
  GPtrArray *messages;
  guint n_fds;
  guint n_closed;
} Fixture;

static void
message_cb (PracticeChannel *channel, GVariant *message, GUnixFDList *fds, Fixture *self)
{
  g_ptr_array_add (self->messages, g_variant_ref (message));
  self->n_fds += g_unix_fd_list_get_length (fds);
}

static void
closed_cb (PracticeChannel *channel, Fixture *self)
{
  self->n_closed++;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocket) socket = NULL;
  int sockets[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), ==, 0);
  socket = g_socket_new_from_fd (sockets[0], NULL);
  self->peer = sockets[1];
  self->channel = practice_channel_new (socket);
  self->messages = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  g_signal_connect (self->channel, "message", G_CALLBACK (message_cb), self);
  g_signal_connect (self->channel, "closed", G_CALLBACK (closed_cb), self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_finalize_object (self->channel);
  g_ptr_array_unref (self->messages);
  if (self->peer >= 0)
    close (self->peer);
}

static gboolean
is_closed (gpointer data)
{
  return ((Fixture *)data)->n_closed > 0;
}

static gboolean
has_message (gpointer data)
{
  return ((Fixture *)data)->messages->len > 0;
}

static void
test_echo (Fixture *self, gconstpointer data)
{
  g_autoptr (GUnixFDList) fds = g_unix_fd_list_new ();
  char buffer[512];
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE (sizeof (int))];
  } control = { 0 };
  struct iovec vector = { buffer, sizeof buffer };
  struct msghdr message = {
    .msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
  };
  gssize length;

  g_unix_fd_list_append (fds, STDERR_FILENO, NULL);
  practice_channel_send (self->channel, g_variant_new_parsed ("{'op': <'run'>, 'id': <%u>}", 7u),
                         fds);
  length = recvmsg (self->peer, &message, MSG_CMSG_CLOEXEC);
  g_assert_cmpint (length, >, 0);
  g_assert_cmpint (control.header.cmsg_type, ==, SCM_RIGHTS);

  vector.iov_len = length;
  g_assert_cmpint (sendmsg (self->peer, &message, 0), ==, length);
  close (*(int *)CMSG_DATA (&control.header));
  test_wait_until (has_message, self, 30, "the message");
  {
    g_autofree char *text = g_variant_print (g_ptr_array_index (self->messages, 0), FALSE);

    g_assert_cmpstr (text, ==, "{'op': <'run'>, 'id': <uint32 7>}");
  }
  g_assert_cmpuint (self->n_fds, ==, 1);
}

/* More than the socket takes at once arrives whole and in order. */
static void
test_queue (Fixture *self, gconstpointer data)
{
  g_autofree char *padding = g_strnfill (100 * 1024, 'x');
  g_autofree char *buffer = g_malloc (PRACTICE_CHANNEL_LIMIT);

  for (guint i = 0; i < 20; i++)
    practice_channel_send (self->channel,
                           g_variant_new_parsed ("{'n': <%u>, 'text': <%s>}", i, padding), NULL);
  practice_channel_finish (self->channel);
  practice_channel_send (self->channel, g_variant_new_parsed ("{'n': <99>}"), NULL);
  for (guint i = 0; i < 20; i++) {
    g_autoptr (GVariant) message = NULL;
    g_autoptr (GBytes) bytes = NULL;
    gssize length;
    guint n;

    while ((length = recv (self->peer, buffer, PRACTICE_CHANNEL_LIMIT, MSG_DONTWAIT)) < 0)
      g_main_context_iteration (NULL, TRUE);
    bytes = g_bytes_new (buffer, length);
    message = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_VARDICT, bytes, FALSE));
    g_assert_true (g_variant_lookup (message, "n", "u", &n));
    g_assert_cmpuint (n, ==, i);
  }
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (recv (self->peer, buffer, PRACTICE_CHANNEL_LIMIT, 0), ==, 0);
  g_assert_true (practice_channel_is_open (self->channel));
}

static void
test_peer_gone (Fixture *self, gconstpointer data)
{
  g_autoptr (GVariant) message = g_variant_ref_sink (g_variant_new_parsed ("{'op': <'last'>}"));

  g_assert_cmpint (send (self->peer, g_variant_get_data (message), g_variant_get_size (message), 0),
                   ==, g_variant_get_size (message));
  close (self->peer);
  self->peer = -1;
  practice_channel_send (self->channel, g_variant_new_parsed ("{'op': <'lost'>}"), NULL);
  test_wait_until (is_closed, self, 30, "the end of the channel");
  g_assert_cmpuint (self->n_closed, ==, 1);
  g_assert_cmpuint (self->messages->len, ==, 1);
  g_assert_false (practice_channel_is_open (self->channel));
  practice_channel_send (self->channel, g_variant_new_parsed ("{'op': <'lost'>}"), NULL);
  practice_channel_close (self->channel);
}

static void
test_garbage (Fixture *self, gconstpointer data)
{
  const char *garbage = data;

  g_assert_cmpint (send (self->peer, garbage, strlen (garbage), 0), ==, strlen (garbage));
  test_wait_until (is_closed, self, 30, "the end of the channel");
  g_assert_cmpuint (self->messages->len, ==, 0);
}

static void
test_too_long (Fixture *self, gconstpointer data)
{
  g_autofree char *text = g_strnfill (PRACTICE_CHANNEL_LIMIT, 'x');
  char byte;

  practice_channel_send (self->channel, g_variant_new_parsed ("{'text': <%s>}", text), NULL);
  g_assert_cmpuint (self->n_closed, ==, 1);
  g_assert_cmpint (recv (self->peer, &byte, 1, MSG_DONTWAIT), ==, -1);
  practice_channel_close (self->channel);
  g_assert_cmpint (recv (self->peer, &byte, 1, 0), ==, 0);
}

static void
test_too_long_in (Fixture *self, gconstpointer data)
{
  g_autofree char *text = g_malloc0 (PRACTICE_CHANNEL_LIMIT + 1);

  g_assert_cmpint (send (self->peer, text, PRACTICE_CHANNEL_LIMIT + 1, 0), >, 0);
  test_wait_until (is_closed, self, 30, "the end of the channel");
  g_assert_cmpuint (self->messages->len, ==, 0);
}

static void
test_close (Fixture *self, gconstpointer data)
{
  char byte;

  practice_channel_close (self->channel);
  practice_channel_close (self->channel);
  g_assert_cmpuint (self->n_closed, ==, 0);
  g_assert_cmpint (recv (self->peer, &byte, 1, 0), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, data, func)                                                                      \
  g_test_add ("/practice-channel/" path, Fixture, data, set_up, func, tear_down)
  ADD ("echo", NULL, test_echo);
  ADD ("queue", NULL, test_queue);
  ADD ("peer-gone", NULL, test_peer_gone);
  ADD ("garbage/text", "GET / HTTP/1.1\r\n\r\n", test_garbage);
  ADD ("garbage/byte", "\xff", test_garbage);
  ADD ("too-long", NULL, test_too_long);
  ADD ("too-long-in", NULL, test_too_long_in);
  ADD ("close", NULL, test_close);
#undef ADD

  return g_test_run ();
}
