/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-master.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base-source.h"

#define READ_SIZE (64 * 1024)
/* Below GTK's redraw (G_PRIORITY_HIGH_IDLE + 20), so that a flood of output leaves frames. */
#define READ_PRIORITY (G_PRIORITY_HIGH_IDLE + 50)
/* A program that reads nothing must not make us hoard what is typed to it. */
#define MAX_QUEUED (8 * 1024 * 1024)

struct _SessionMaster {
  GObject parent_instance;

  int fd;             /* -1: closed */
  GByteArray *queued; /* not written yet */
  GSource *read_source;
  GSource *write_source;
};

G_DEFINE_FINAL_TYPE (SessionMaster, session_master, G_TYPE_OBJECT)

enum {
  OUTPUT,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Reads what is there, at most READ_SIZE. Returns FALSE where nothing will come any more. */
static gboolean
read_some (SessionMaster *self)
{
  g_autofree char *buffer = g_malloc (READ_SIZE);
  g_autoptr (GBytes) bytes = NULL;
  gsize length = 0;
  gboolean more = FALSE;

  /* The line discipline hands out a page at a time. */
  while (length < READ_SIZE) {
    gssize n = read (self->fd, buffer + length, READ_SIZE - length);

    /* EIO: no process has the other side open. */
    more = n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
    if (n > 0)
      length += n;
    else if (n == 0 || errno != EINTR)
      break;
  }
  if (length > 0) {
    bytes = g_bytes_new_take (g_realloc (g_steal_pointer (&buffer), length), length);
    g_signal_emit (self, signals[OUTPUT], 0, bytes);
  }
  return more;
}

static gboolean
readable_cb (int fd, GIOCondition condition, gpointer user_data)
{
  /* Whoever hears of the output may close it. */
  g_autoptr (SessionMaster) self = g_object_ref (SESSION_MASTER (user_data));

  if (read_some (self))
    return G_SOURCE_CONTINUE;
  base_source_clear (&self->read_source);
  return G_SOURCE_REMOVE;
}

static void
write_some (SessionMaster *self)
{
  while (self->queued->len > 0) {
    gssize n = write (self->fd, self->queued->data, self->queued->len);

    if (n > 0)
      g_byte_array_remove_range (self->queued, 0, n);
    else if (errno != EINTR)
      break;
  }
}

static gboolean
writable_cb (int fd, GIOCondition condition, gpointer user_data)
{
  SessionMaster *self = SESSION_MASTER (user_data);

  write_some (self);
  if (self->queued->len > 0 && (condition & (G_IO_HUP | G_IO_ERR)) == 0)
    return G_SOURCE_CONTINUE;
  base_source_clear (&self->write_source);
  return G_SOURCE_REMOVE;
}

static void
watch_writing (SessionMaster *self)
{
  if (self->queued->len == 0 || self->write_source != NULL)
    return;
  self->write_source = g_unix_fd_source_new (self->fd, G_IO_OUT | G_IO_HUP | G_IO_ERR);
  g_source_set_name (self->write_source, "[session] terminal input");
  g_source_set_callback (self->write_source, G_SOURCE_FUNC (writable_cb), self, NULL);
  g_source_attach (self->write_source, g_main_context_get_thread_default ());
}

static void
session_master_dispose (GObject *object)
{
  session_master_close (SESSION_MASTER (object));
  G_OBJECT_CLASS (session_master_parent_class)->dispose (object);
}

static void
session_master_finalize (GObject *object)
{
  g_byte_array_unref (SESSION_MASTER (object)->queued);
  G_OBJECT_CLASS (session_master_parent_class)->finalize (object);
}

static void
session_master_class_init (SessionMasterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = session_master_dispose;
  object_class->finalize = session_master_finalize;

  /**
   * SessionMaster::output:
   * @bytes: a #GBytes: what the terminal's programs have printed, as it came
   */
  signals[OUTPUT] = g_signal_new ("output", SESSION_TYPE_MASTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_BYTES);
}

static void
session_master_init (SessionMaster *self)
{
  self->fd = -1;
  self->queued = g_byte_array_new ();
}

/**
 * session_master_new:
 * @fd: a master side that does not block, which is closed with it
 *
 * Returns: (transfer full): a master that does not read yet
 */
SessionMaster *
session_master_new (int fd)
{
  SessionMaster *self;

  g_return_val_if_fail (fd >= 0, NULL);

  self = g_object_new (SESSION_TYPE_MASTER, NULL);
  self->fd = fd;
  return self;
}

/**
 * session_master_set_reading:
 * @reading: whether what is printed is read, in the thread's default main context
 *
 * What is not read stays with the terminal, whose programs then wait.
 */
void
session_master_set_reading (SessionMaster *self, gboolean reading)
{
  g_return_if_fail (SESSION_IS_MASTER (self));

  if (!reading || self->fd < 0) {
    base_source_clear (&self->read_source);
  } else if (self->read_source == NULL) {
    self->read_source = g_unix_fd_source_new (self->fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
    g_source_set_priority (self->read_source, READ_PRIORITY);
    g_source_set_name (self->read_source, "[session] terminal output");
    g_source_set_callback (self->read_source, G_SOURCE_FUNC (readable_cb), self, NULL);
    g_source_attach (self->read_source, g_main_context_get_thread_default ());
  }
}

/**
 * session_master_read:
 *
 * Hands out what has been printed and not read, no more than once: a job that outlives the shell
 * could print for ever.
 */
void
session_master_read (SessionMaster *self)
{
  g_autoptr (SessionMaster) hold = NULL;

  g_return_if_fail (SESSION_IS_MASTER (self));

  hold = g_object_ref (self);
  if (self->fd >= 0)
    read_some (self);
}

/**
 * session_master_write:
 * @data: keys, as the terminal sends them
 * @length: how many bytes
 *
 * Never blocks: what the terminal does not take yet waits here, up to 8 MiB.
 *
 * Returns: whether it was taken; else nothing of it was
 */
gboolean
session_master_write (SessionMaster *self, const char *data, gsize length)
{
  g_return_val_if_fail (SESSION_IS_MASTER (self), FALSE);

  if (self->fd < 0 || length > MAX_QUEUED - MIN (self->queued->len, MAX_QUEUED))
    return FALSE;
  g_byte_array_append (self->queued, (const guint8 *)data, length);
  write_some (self);
  watch_writing (self);
  return TRUE;
}

/**
 * session_master_set_size:
 *
 * Tells the programs in the terminal by SIGWINCH.
 */
void
session_master_set_size (SessionMaster *self, guint columns, guint rows)
{
  struct winsize size = { .ws_col = MIN (columns, G_MAXUINT16), .ws_row = MIN (rows, G_MAXUINT16) };

  g_return_if_fail (SESSION_IS_MASTER (self));

  if (self->fd >= 0)
    ioctl (self->fd, TIOCSWINSZ, &size);
}

/**
 * session_master_get_foreground_group:
 *
 * Returns: the process group that has the terminal; 0 where that is not known
 */
int
session_master_get_foreground_group (SessionMaster *self)
{
  pid_t group;

  g_return_val_if_fail (SESSION_IS_MASTER (self), 0);

  group = self->fd >= 0 ? tcgetpgrp (self->fd) : -1;
  return MAX (group, 0);
}

/**
 * session_master_close:
 *
 * Hangs up: the programs in the terminal get SIGHUP.
 */
void
session_master_close (SessionMaster *self)
{
  g_return_if_fail (SESSION_IS_MASTER (self));

  base_source_clear (&self->read_source);
  base_source_clear (&self->write_source);
  g_byte_array_set_size (self->queued, 0);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}
