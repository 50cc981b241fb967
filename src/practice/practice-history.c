/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-history.h"

#include "base-json.h"

/* How many events of one resource are kept for as long as they are fresh, and how many whatever
 * their age; a real server's watch cache does the same, and has no limit for fresh ones
 * (kubernetes/kubernetes, staging/src/k8s.io/apiserver/pkg/storage/cacher/watch_cache.go). */
#define FRESH_US (75 * G_TIME_SPAN_SECOND)
#define MIN_EVENTS 100
#define MAX_EVENTS 1000

/* How large their texts may be together. */
#define MAX_BYTES (1024 * 1024)

/* How many of the last have their nodes. */
#define MAX_RECORDS 16

/* @record (nullable) */
static void
state_init (PracticeHistoryState *self, PracticeRecord *record)
{
  self->record = record != NULL ? practice_record_ref (record) : NULL;
  self->text = record != NULL ? g_bytes_ref (record->text) : NULL;
}

static void
state_clear (PracticeHistoryState *self)
{
  g_clear_pointer (&self->record, practice_record_unref);
  g_clear_pointer (&self->text, g_bytes_unref);
}

/* (transfer full) (nullable) */
static JsonNode *
state_dup_node (PracticeHistoryState *self)
{
  gsize length;
  const char *text;

  if (self->record != NULL)
    return json_node_ref (self->record->node);
  if (self->text == NULL)
    return NULL;
  text = g_bytes_get_data (self->text, &length);
  /* It was written here. */
  return base_json_parse (text, (gssize)length, NULL);
}

static void
event_free (PracticeHistoryEvent *event)
{
  state_clear (&event->object);
  state_clear (&event->old);
  g_free (event);
}

/* The event that is no longer one of the last. */
static void
drop_records (PracticeHistory *self)
{
  PracticeHistoryEvent *event =
    g_queue_peek_nth (&self->events, self->events.length - 1 - MAX_RECORDS);

  g_clear_pointer (&event->object.record, practice_record_unref);
  g_clear_pointer (&event->old.record, practice_record_unref);
}

static void
forget_oldest (PracticeHistory *self)
{
  PracticeHistoryEvent *oldest = g_queue_pop_head (&self->events);

  self->from = oldest->version;
  self->bytes -= g_bytes_get_size (oldest->object.text);
  event_free (oldest);
}

/**
 * practice_history_init:
 * @self: a history
 * @from: the version before which nothing is known
 *
 * Makes an empty history.
 */
void
practice_history_init (PracticeHistory *self, guint64 from)
{
  g_queue_init (&self->events);
  self->from = from;
  self->bytes = 0;
}

/**
 * practice_history_clear:
 * @self: a history
 *
 * Releases what it holds.
 */
void
practice_history_clear (PracticeHistory *self)
{
  g_queue_clear_full (&self->events, (GDestroyNotify)event_free);
}

/**
 * practice_history_add:
 * @self: a history
 * @type: what happened
 * @version: the version that it made
 * @record: the object after it
 * @old: (nullable): the object before it
 * @now: the monotonic time
 *
 * Adds an event; the oldest are forgotten where there are too many.
 */
void
practice_history_add (PracticeHistory *self,
                      PracticeEventType type,
                      guint64 version,
                      PracticeRecord *record,
                      PracticeRecord *old,
                      gint64 now)
{
  PracticeHistoryEvent *event = g_new0 (PracticeHistoryEvent, 1);

  event->type = type;
  event->version = version;
  event->time = now;
  state_init (&event->object, record);
  state_init (&event->old, old);
  g_queue_push_tail (&self->events, event);
  if (self->events.length > MAX_RECORDS)
    drop_records (self);
  self->bytes += g_bytes_get_size (record->text);
  while (self->events.length > MAX_EVENTS || (self->bytes > MAX_BYTES && self->events.length > 1))
    forget_oldest (self);
}

/**
 * practice_history_age:
 * @self: a history
 * @now: the monotonic time
 *
 * Forgets the events that are no longer fresh, but for the last.
 *
 * Returns: whether there are more than those: then this is to be called again
 */
gboolean
practice_history_age (PracticeHistory *self, gint64 now)
{
  while (self->events.length > MIN_EVENTS) {
    PracticeHistoryEvent *oldest = g_queue_peek_head (&self->events);

    if (now - oldest->time <= FRESH_US)
      return TRUE;
    forget_oldest (self);
  }
  return FALSE;
}

static PracticeStoreEvent *
dup_event (PracticeHistoryEvent *event, const char *resource)
{
  PracticeStoreEvent *copy = g_new0 (PracticeStoreEvent, 1);

  copy->type = event->type;
  copy->version = event->version;
  copy->resource = g_strdup (resource);
  copy->object = state_dup_node (&event->object);
  copy->old = state_dup_node (&event->old);
  return copy;
}

/**
 * practice_history_reaches:
 * @self: a history
 * @version: a version
 *
 * Returns: whether all events after @version are kept
 */
gboolean
practice_history_reaches (PracticeHistory *self, guint64 version)
{
  return version >= self->from;
}

/**
 * practice_history_dup_since:
 * @self: a history
 * @resource: whose it is
 * @version: the version after which events are wanted
 *
 * Returns: (transfer full) (nullable) (element-type PracticeStoreEvent): the events in order;
 *   %NULL where not all of them are kept any more
 */
GPtrArray *
practice_history_dup_since (PracticeHistory *self, const char *resource, guint64 version)
{
  GPtrArray *events;

  if (!practice_history_reaches (self, version))
    return NULL;
  events = g_ptr_array_new_with_free_func ((GDestroyNotify)practice_store_event_free);
  for (GList *l = self->events.head; l != NULL; l = l->next) {
    PracticeHistoryEvent *event = l->data;

    if (event->version > version)
      g_ptr_array_add (events, dup_event (event, resource));
  }
  return events;
}
