/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-redis-program.h"

#include <string.h>

#include "practice-redis-server.h"

/**
 * PracticeRedisProgram:
 *
 * redis-server with its argument --port.
 */
struct _PracticeRedisProgram {
  PracticeProgram parent_instance;
};

G_DEFINE_FINAL_TYPE (PracticeRedisProgram, practice_redis_program, PRACTICE_TYPE_PROGRAM)

static gboolean
practice_redis_program_start (PracticeProgram *program, int *status)
{
  PracticeLaunch *launch = practice_program_get_launch (program);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%d %b %Y %H:%M:%S.%f");
  guint64 port;

  for (char **word = launch->arguments; *word != NULL; word++)
    if (g_str_equal (*word, "--port") &&
        g_ascii_string_to_unsigned (word[1] != NULL ? word[1] : "", 10, 1, 65535, &port, NULL))
      launch->port = port;

  /* milliseconds only */
  time[strlen (time) - 3] = '\0';
  practice_launch_print (launch, "1:M %s * Running mode=standalone, port=%u.", time, launch->port);
  practice_launch_print (launch, "1:M %s # Server initialized", time);
  practice_launch_print (launch, "1:M %s * Ready to accept connections", time);

  return TRUE;
}

static GObject *
practice_redis_program_serve (PracticeProgram *program, GSocket *socket, GError **error)
{
  PracticeRedisServer *server = practice_redis_server_new (socket, error);

  return server != NULL ? G_OBJECT (server) : NULL;
}

static void
practice_redis_program_accept (PracticeProgram *program,
                               GObject *server,
                               GSocketConnection *connection)
{
  practice_redis_server_accept (PRACTICE_REDIS_SERVER (server), connection);
}

static void
practice_redis_program_class_init (PracticeRedisProgramClass *klass)
{
  PracticeProgramClass *program_class = PRACTICE_PROGRAM_CLASS (klass);

  program_class->start = practice_redis_program_start;
  program_class->serve = practice_redis_program_serve;
  program_class->accept = practice_redis_program_accept;
}

static void
practice_redis_program_init (PracticeRedisProgram *self)
{
}
