/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-container-logs.h"

#include <string.h>
#include <time.h>

/* Of each container, and as much again of the one before it. */
#define MAX_BYTES (512 * 1024)

/* A longer line is kept as several, as container runtimes do. */
#define MAX_LINE (16 * 1024)

#define MAX_CONTAINERS 4096

typedef struct {
  char *uid;
  char *name;
  GQueue lines;    /* of Line, oldest first */
  GQueue previous; /* likewise, of before the last restart */
  gsize size;      /* of lines */
  gboolean ended;
} Container;

typedef struct {
  gint64 time; /* microseconds since 1970 */
  guint nanoseconds;
  char text[];
} Line;

struct _PracticeContainerLogs {
  GObject parent_instance;
  GHashTable *containers; /* "uid/name" to Container */
};

G_DEFINE_FINAL_TYPE (PracticeContainerLogs, practice_container_logs, G_TYPE_OBJECT)

enum {
  SIGNAL_LINE,
  SIGNAL_ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
container_free (gpointer data)
{
  Container *self = data;

  g_queue_clear_full (&self->lines, g_free);
  g_queue_clear_full (&self->previous, g_free);
  g_free (self->uid);
  g_free (self->name);
  g_free (self);
}

static Container *
find (PracticeContainerLogs *self, const char *uid, const char *name)
{
  g_autofree char *key = g_strdup_printf ("%s/%s", uid, name);

  return g_hash_table_lookup (self->containers, key);
}

/* NULL where there are too many already. */
static Container *
ensure (PracticeContainerLogs *self, const char *uid, const char *name)
{
  Container *container = find (self, uid, name);

  if (container != NULL || g_hash_table_size (self->containers) >= MAX_CONTAINERS)
    return container;
  container = g_new0 (Container, 1);
  container->uid = g_strdup (uid);
  container->name = g_strdup (name);
  g_queue_init (&container->lines);
  g_queue_init (&container->previous);
  g_hash_table_insert (self->containers, g_strdup_printf ("%s/%s", uid, name), container);
  return container;
}

static Line *
line_new (const char *text, gsize length)
{
  Line *line = g_malloc (sizeof *line + length + 1);
  struct timespec now;

  clock_gettime (CLOCK_REALTIME, &now);
  line->time = (gint64)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
  line->nanoseconds = now.tv_nsec;
  memcpy (line->text, text, length);
  line->text[length] = '\0';
  return line;
}

/* Always nine digits, as container runtimes write it. */
static void
append_time (GString *text, const Line *line)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (line->time / G_USEC_PER_SEC);
  g_autofree char *seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");

  g_string_append_printf (text, "%s.%09uZ ", seconds, line->nanoseconds);
}

static void
add_line (PracticeContainerLogs *self, Container *container, const char *text, gsize length)
{
  Line *line = line_new (text, length);
  g_autoptr (GString) shown = g_string_new (NULL);

  g_queue_push_tail (&container->lines, line);
  container->size += sizeof *line + length;
  while (container->size > MAX_BYTES) {
    g_autofree Line *oldest = g_queue_pop_head (&container->lines);

    container->size -= sizeof *oldest + strlen (oldest->text);
  }
  append_time (shown, line);
  g_string_append (shown, line->text);
  g_signal_emit (self, signals[SIGNAL_LINE], 0, container->uid, container->name, shown->str);
}

static void
practice_container_logs_finalize (GObject *object)
{
  PracticeContainerLogs *self = PRACTICE_CONTAINER_LOGS (object);

  g_hash_table_unref (self->containers);

  G_OBJECT_CLASS (practice_container_logs_parent_class)->finalize (object);
}

static void
practice_container_logs_class_init (PracticeContainerLogsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_container_logs_finalize;

  signals[SIGNAL_LINE] =
    g_signal_new ("line", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_ENDED] =
    g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
}

static void
practice_container_logs_init (PracticeContainerLogs *self)
{
  self->containers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, container_free);
}

/**
 * practice_container_logs_new:
 *
 * Returns: (transfer full): logs of no container yet
 */
PracticeContainerLogs *
practice_container_logs_new (void)
{
  return g_object_new (PRACTICE_TYPE_CONTAINER_LOGS, NULL);
}

/**
 * practice_container_logs_append:
 * @self: the logs
 * @pod_uid: uid of a pod
 * @container: name of one of its containers
 * @line: what it printed, without the line end
 *
 * Keeps a line, with the present time, and lets go of the oldest where there are too many.
 */
void
practice_container_logs_append (PracticeContainerLogs *self,
                                const char *pod_uid,
                                const char *container,
                                const char *line)
{
  Container *found;
  gsize length;

  g_return_if_fail (PRACTICE_IS_CONTAINER_LOGS (self));
  g_return_if_fail (pod_uid != NULL && container != NULL && line != NULL);

  found = ensure (self, pod_uid, container);
  if (found == NULL)
    return;
  for (length = strlen (line); length > MAX_LINE; length -= MAX_LINE, line += MAX_LINE)
    add_line (self, found, line, MAX_LINE);
  add_line (self, found, line, length);
}

/**
 * practice_container_logs_end:
 * @self: the logs
 * @pod_uid: uid of a pod
 * @container: name of one of its containers
 *
 * The container has ended; nothing more comes until it starts again. Its lines stay.
 */
void
practice_container_logs_end (PracticeContainerLogs *self,
                             const char *pod_uid,
                             const char *container)
{
  Container *found;

  g_return_if_fail (PRACTICE_IS_CONTAINER_LOGS (self));
  g_return_if_fail (pod_uid != NULL && container != NULL);

  found = ensure (self, pod_uid, container);
  if (found == NULL || found->ended)
    return;
  found->ended = TRUE;
  g_signal_emit (self, signals[SIGNAL_ENDED], 0, pod_uid, container);
}

/**
 * practice_container_logs_restart:
 * @self: the logs
 * @pod_uid: uid of a pod
 * @container: name of one of its containers
 *
 * The container starts again: its lines become those of the one before, which are let go.
 */
void
practice_container_logs_restart (PracticeContainerLogs *self,
                                 const char *pod_uid,
                                 const char *container)
{
  Container *found;

  g_return_if_fail (PRACTICE_IS_CONTAINER_LOGS (self));
  g_return_if_fail (pod_uid != NULL && container != NULL);

  found = find (self, pod_uid, container);
  if (found == NULL)
    return;
  g_queue_clear_full (&found->previous, g_free);
  found->previous = found->lines;
  g_queue_init (&found->lines);
  found->size = 0;
  if (!found->ended)
    g_signal_emit (self, signals[SIGNAL_ENDED], 0, pod_uid, container);
  found->ended = FALSE;
}

/**
 * practice_container_logs_forget:
 * @self: the logs
 * @pod_uid: uid of a pod
 *
 * The pod is gone, and with it its logs.
 */
void
practice_container_logs_forget (PracticeContainerLogs *self, const char *pod_uid)
{
  GHashTableIter iter;
  gpointer key;
  Container *container;
  g_autoptr (GPtrArray) gone = g_ptr_array_new_with_free_func (container_free);

  g_return_if_fail (PRACTICE_IS_CONTAINER_LOGS (self));
  g_return_if_fail (pod_uid != NULL);

  g_hash_table_iter_init (&iter, self->containers);
  while (g_hash_table_iter_next (&iter, &key, (gpointer *)&container)) {
    if (g_str_equal (container->uid, pod_uid)) {
      g_ptr_array_add (gone, container);
      g_hash_table_iter_steal (&iter);
      g_free (key);
    }
  }
  for (guint i = 0; i < gone->len; i++) {
    container = gone->pdata[i];
    if (!container->ended)
      g_signal_emit (self, signals[SIGNAL_ENDED], 0, container->uid, container->name);
  }
}

static const GList *
find_first (const GQueue *lines, const PracticeLogSelection *selection)
{
  const GList *first = lines->tail;
  gint64 left = selection->tail < 0 ? G_MAXINT64 : selection->tail;
  const GList *found = NULL;

  for (; first != NULL && left > 0; first = first->prev, left--) {
    const Line *line = first->data;

    if (line->time < selection->since)
      break;
    found = first;
  }
  return found;
}

/**
 * practice_container_logs_dup_text:
 * @self: the logs
 * @pod_uid: uid of a pod
 * @container: name of one of its containers
 * @previous: whether of the container before its last restart
 * @selection: which lines
 *
 * Returns: (transfer full): the lines, oldest first, each with its line end
 */
GBytes *
practice_container_logs_dup_text (PracticeContainerLogs *self,
                                  const char *pod_uid,
                                  const char *container,
                                  gboolean previous,
                                  const PracticeLogSelection *selection)
{
  GString *text = g_string_new (NULL);
  Container *found;

  g_return_val_if_fail (PRACTICE_IS_CONTAINER_LOGS (self), NULL);
  g_return_val_if_fail (pod_uid != NULL && container != NULL, NULL);

  found = find (self, pod_uid, container);
  if (found != NULL) {
    for (const GList *each = find_first (previous ? &found->previous : &found->lines, selection);
         each != NULL; each = each->next) {
      const Line *line = each->data;

      if (selection->timestamps)
        append_time (text, line);
      g_string_append (text, line->text);
      g_string_append_c (text, '\n');
    }
  }
  return g_string_free_to_bytes (text);
}

/**
 * practice_container_logs_has_ended:
 * @self: the logs
 * @pod_uid: uid of a pod
 * @container: name of one of its containers
 *
 * Returns: whether nothing more comes until it starts again
 */
gboolean
practice_container_logs_has_ended (PracticeContainerLogs *self,
                                   const char *pod_uid,
                                   const char *container)
{
  Container *found;

  g_return_val_if_fail (PRACTICE_IS_CONTAINER_LOGS (self), FALSE);
  g_return_val_if_fail (pod_uid != NULL && container != NULL, FALSE);

  found = find (self, pod_uid, container);
  return found != NULL && found->ended;
}
