/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-waiting.h"

#include <glib/gi18n-lib.h>

#include "base-source.h"

/* Linux gives a connection up after six unanswered tries (tcp(7), tcp_syn_retries). */
#define CONNECT_SECONDS 127

/* What is waiting at most; beyond, whoever comes is refused. */
#define WAITING_LIMIT 4096

struct _PracticeWaiting {
  GPtrArray *visitors; /* of Visitor */
};

typedef struct {
  PracticeWaiting *waiting; /* (unowned) */
  GTask *task;              /* (owned) */
  GSource *limit;           /* (owned) */
  GSource *cancelled;       /* (nullable) (owned) */
} Visitor;

static void
visitor_free (gpointer data)
{
  Visitor *self = data;

  base_source_clear (&self->limit);
  base_source_clear (&self->cancelled);
  g_clear_object (&self->task);
  g_free (self);
}

/* Takes a visitor out of those that wait. */
static GTask *
call (Visitor *visitor)
{
  GTask *task = g_object_ref (visitor->task);

  g_ptr_array_remove (visitor->waiting->visitors, visitor);
  return task;
}

static void
give_up (Visitor *visitor, GIOErrorEnum code, const char *message)
{
  g_autoptr (GTask) task = call (visitor);

  g_task_return_new_error (task, G_IO_ERROR, code, "%s", message);
}

static gboolean
limit_cb (gpointer user_data)
{
  give_up (user_data, G_IO_ERROR_TIMED_OUT, _ ("The connection timed out."));
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  give_up (user_data, G_IO_ERROR_CANCELLED, _ ("Operation was cancelled"));
  return G_SOURCE_REMOVE;
}

/**
 * practice_waiting_new:
 *
 * Returns: (transfer full): where nobody waits yet
 */
PracticeWaiting *
practice_waiting_new (void)
{
  PracticeWaiting *self = g_new0 (PracticeWaiting, 1);

  self->visitors = g_ptr_array_new_with_free_func (visitor_free);
  return self;
}

/**
 * practice_waiting_free:
 * @self: (transfer full): where nobody waits any more
 */
void
practice_waiting_free (PracticeWaiting *self)
{
  g_ptr_array_unref (self->visitors);
  g_free (self);
}

/**
 * practice_waiting_add:
 * @self: where it waits
 * @task: a task; it ends with %G_IO_ERROR_TIMED_OUT after two minutes, and where it is cancelled
 *
 * Has a task wait.
 *
 * Returns: whether there is room for it
 */
gboolean
practice_waiting_add (PracticeWaiting *self, GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  GMainContext *context = g_task_get_context (task);
  Visitor *visitor;

  if (self->visitors->len >= WAITING_LIMIT)
    return FALSE;
  visitor = g_new0 (Visitor, 1);
  visitor->waiting = self;
  visitor->task = g_object_ref (task);
  visitor->limit = g_timeout_source_new_seconds (CONNECT_SECONDS);
  g_source_set_callback (visitor->limit, limit_cb, visitor, NULL);
  g_source_attach (visitor->limit, context);
  g_ptr_array_add (self->visitors, visitor);
  if (cancellable == NULL)
    return TRUE;
  visitor->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (visitor->cancelled, G_SOURCE_FUNC (cancelled_cb), visitor, NULL);
  g_source_attach (visitor->cancelled, context);
  return TRUE;
}

/**
 * practice_waiting_take:
 * @self: where tasks wait
 * @may_go: whether one has a way by now
 * @data: data of @may_go
 *
 * Returns: (transfer full) (element-type GTask): those that may go; they wait no more
 */
GPtrArray *
practice_waiting_take (PracticeWaiting *self, PracticeWaitingFunc may_go, gpointer data)
{
  GPtrArray *taken = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->visitors->len;) {
    Visitor *visitor = g_ptr_array_index (self->visitors, i);

    if (may_go (visitor->task, data))
      g_ptr_array_add (taken, call (visitor));
    else
      i++;
  }
  return taken;
}

/**
 * practice_waiting_end:
 * @self: where tasks wait
 * @code: the error that they end with
 * @message: its text
 *
 * Ends all that wait.
 */
void
practice_waiting_end (PracticeWaiting *self, GIOErrorEnum code, const char *message)
{
  while (self->visitors->len > 0)
    give_up (g_ptr_array_index (self->visitors, 0), code, message);
}
