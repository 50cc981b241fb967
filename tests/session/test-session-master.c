/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-master.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "test-wait.h"

#define WAIT 10
#define MUCH (1024 * 1024)

typedef struct {
  SessionMaster *master; /* (nullable) */
  int slave;
  GString *output;
  gsize n_read; /* of the slave */
} Fixture;

static void
output_cb (SessionMaster *master, GBytes *bytes, Fixture *self)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  g_string_append_len (self->output, data, length);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  int fd = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  struct termios raw;

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (grantpt (fd), ==, 0);
  g_assert_cmpint (unlockpt (fd), ==, 0);
  self->slave = open (ptsname (fd), O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
  g_assert_cmpint (self->slave, >=, 0);
  g_assert_cmpint (tcgetattr (self->slave, &raw), ==, 0);
  cfmakeraw (&raw);
  g_assert_cmpint (tcsetattr (self->slave, TCSANOW, &raw), ==, 0);
  self->output = g_string_new (NULL);
  self->master = session_master_new (fd);
  g_signal_connect (self->master, "output", G_CALLBACK (output_cb), self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->master != NULL)
    g_assert_finalize_object (self->master);
  close (self->slave);
  g_string_free (self->output, TRUE);
}

static void
print (Fixture *self, const char *text)
{
  g_assert_cmpint (write (self->slave, text, strlen (text)), ==, strlen (text));
}

static gboolean
is_there (gpointer data)
{
  Fixture *self = data;

  return g_str_equal (self->output->str, "hello");
}

static void
test_output (Fixture *self, gconstpointer data)
{
  session_master_set_reading (self->master, TRUE);
  print (self, "hello");
  test_wait_until (is_there, self, WAIT, "what was printed");
}

/* Without a main loop, and no more than what is there. */
static void
test_read (Fixture *self, gconstpointer data)
{
  print (self, "hello");
  session_master_read (self->master);
  g_assert_cmpstr (self->output->str, ==, "hello");
  session_master_read (self->master);
  g_assert_cmpstr (self->output->str, ==, "hello");
}

static gboolean
all_is_read (gpointer data)
{
  Fixture *self = data;
  char buffer[4096];
  gssize n;

  while ((n = read (self->slave, buffer, sizeof buffer)) > 0)
    self->n_read += n;
  return self->n_read == MUCH;
}

/* What the terminal does not take yet waits. */
static void
test_input (Fixture *self, gconstpointer data)
{
  g_autofree char *much = g_strnfill (MUCH, 'x');

  g_assert_true (session_master_write (self->master, much, MUCH));
  test_wait_until (all_is_read, self, WAIT, "all that was typed");
}

static void
test_too_much (Fixture *self, gconstpointer data)
{
  gsize length = 9 * MUCH;
  g_autofree char *much = g_strnfill (length, 'x');

  g_assert_false (session_master_write (self->master, much, length));
  g_assert_true (session_master_write (self->master, much, MUCH));
  test_wait_until (all_is_read, self, WAIT, "what was not too much");
}

static void
test_size (Fixture *self, gconstpointer data)
{
  struct winsize size;

  session_master_set_size (self->master, 132, 43);
  g_assert_cmpint (ioctl (self->slave, TIOCGWINSZ, &size), ==, 0);
  g_assert_cmpint (size.ws_col, ==, 132);
  g_assert_cmpint (size.ws_row, ==, 43);
}

static void
leave_cb (SessionMaster *master, GBytes *bytes, Fixture *self)
{
  session_master_close (self->master);
  g_clear_object (&self->master);
}

static gboolean
is_left (gpointer data)
{
  return ((Fixture *)data)->master == NULL;
}

/* Who hears of the output may let go of it. */
static void
test_leave (Fixture *self, gconstpointer data)
{
  g_signal_connect (self->master, "output", G_CALLBACK (leave_cb), self);
  session_master_set_reading (self->master, TRUE);
  print (self, "hello");
  test_wait_until (is_left, self, WAIT, "the terminal to be left");
  g_assert_cmpstr (self->output->str, ==, "hello");
}

static void
test_closed (Fixture *self, gconstpointer data)
{
  print (self, "hello");
  session_master_close (self->master);
  session_master_read (self->master);
  session_master_set_reading (self->master, TRUE);
  session_master_set_size (self->master, 80, 25);
  g_assert_cmpstr (self->output->str, ==, "");
  g_assert_false (session_master_write (self->master, "x", 1));
  g_assert_cmpint (session_master_get_foreground_group (self->master), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function)                                                                        \
  g_test_add ("/session/master/" name, Fixture, NULL, set_up, function, tear_down)
  ADD ("output", test_output);
  ADD ("read", test_read);
  ADD ("input", test_input);
  ADD ("too-much", test_too_much);
  ADD ("size", test_size);
  ADD ("leave", test_leave);
  ADD ("closed", test_closed);
#undef ADD

  return g_test_run ();
}
