/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A busy machine and sanitizers make everything slower; what is waited for comes all the same, and
 * only a test that fails waits to the end. */
#ifdef __SANITIZE_ADDRESS__
#define TEST_WAIT_FACTOR 8
#else
#define TEST_WAIT_FACTOR 3
#endif

static inline gboolean
test_wait_expired (gpointer data)
{
  gboolean *expired = data;

  *expired = TRUE;
  return G_SOURCE_REMOVE;
}

/* Half a hundredth of a second: what is waited for may be a file or a process, which no
 * source of the main context announces. */
static inline gboolean
test_wait_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/*
 * test_wait_until:
 * @done: (scope call): says whether what is waited for is so
 * @data: handed to @done
 * @seconds: when to give up on an idle machine
 * @what: what is waited for, for the message
 *
 * Iterates the thread's default main context until @done is true, and fails the test where
 * that takes longer than @seconds. Tests never sleep: they wait for something, by this.
 */
static inline void
test_wait_until (gboolean (*done) (gpointer), gpointer data, guint seconds, const char *what)
{
  GMainContext *context = g_main_context_get_thread_default ();
  g_autoptr (GSource) limit = g_timeout_source_new_seconds (seconds * TEST_WAIT_FACTOR);
  g_autoptr (GSource) tick = g_timeout_source_new (5);
  gboolean expired = FALSE;

  g_source_set_callback (limit, test_wait_expired, &expired, NULL);
  g_source_attach (limit, context);
  g_source_set_callback (tick, test_wait_tick, NULL, NULL);
  g_source_attach (tick, context);

  while (!done (data) && !expired)
    g_main_context_iteration (context, TRUE);

  g_source_destroy (limit);
  g_source_destroy (tick);

  if (expired && !done (data))
    g_error ("gave up after %u seconds waiting for %s", seconds * TEST_WAIT_FACTOR, what);
}

static inline gboolean
test_wait_is_set (gpointer data)
{
  gpointer *location = data;

  return *location != NULL;
}

/*
 * test_wait_for_pointer:
 * @location: (not nullable): address of a pointer, such as the GAsyncResult that a callback keeps
 * @seconds: when to give up
 * @what: what is waited for, for the message
 *
 * Waits until @location holds something.
 */
static inline void
test_wait_for_pointer (gpointer location, guint seconds, const char *what)
{
  test_wait_until (test_wait_is_set, location, seconds, what);
}

/*
 * test_wait_keep_result:
 *
 * A GAsyncReadyCallback whose user data is the address of a GAsyncResult pointer, to be used
 * with test_wait_for_pointer().
 */
static inline void
test_wait_keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **location = user_data;

  *location = g_object_ref (result);
}

static inline gboolean
test_wait_is_clear (gpointer data)
{
  gpointer *location = data;

  return g_atomic_pointer_get (location) == NULL;
}

/*
 * test_wait_finalize:
 * @object: (transfer full) (type GObject.Object): what is used no more
 * @seconds: when to give up
 *
 * Does what g_assert_finalize_object() does where a thread, such as that of
 * g_task_run_in_thread(), may hold its reference a moment longer than its result is waited for.
 */
static inline void
test_wait_finalize (gpointer object, guint seconds)
{
  gpointer weak = object;

  g_object_add_weak_pointer (G_OBJECT (object), &weak);
  g_object_unref (object);
  test_wait_until (test_wait_is_clear, &weak, seconds, "an object to be finalized");
}

G_END_DECLS
