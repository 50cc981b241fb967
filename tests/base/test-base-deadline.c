/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "base-deadline.h"

#include "test-wait.h"

static gboolean
is_cancelled (gpointer cancellable)
{
  return g_cancellable_is_cancelled (cancellable);
}

static void
test_expires (void)
{
  g_autoptr (GCancellable) outer = g_cancellable_new ();
  g_autoptr (BaseDeadline) deadline = base_deadline_new (outer, 1);
  GCancellable *inner = base_deadline_get_cancellable (deadline);

  g_assert_false (g_cancellable_is_cancelled (inner));
  g_assert_false (base_deadline_has_expired (deadline));
  test_wait_until (is_cancelled, inner, 5, "the end of the time");
  g_assert_true (base_deadline_has_expired (deadline));
  g_assert_false (g_cancellable_is_cancelled (outer));
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) outer = g_cancellable_new ();
  g_autoptr (BaseDeadline) deadline = base_deadline_new (outer, 600000);
  GCancellable *inner = base_deadline_get_cancellable (deadline);

  g_cancellable_cancel (outer);
  test_wait_until (is_cancelled, inner, 5, "the caller's cancellation");
  g_assert_false (base_deadline_has_expired (deadline));
}

/* Nothing is cancelled any more once the deadline is gone. */
static void
test_freed (void)
{
  g_autoptr (GCancellable) outer = g_cancellable_new ();
  BaseDeadline *deadline = base_deadline_new (outer, 1);
  g_autoptr (GCancellable) inner = g_object_ref (base_deadline_get_cancellable (deadline));
  g_autoptr (BaseDeadline) later = base_deadline_new (NULL, 20);

  base_deadline_free (deadline);
  g_cancellable_cancel (outer);
  test_wait_until (is_cancelled, base_deadline_get_cancellable (later), 5, "a later deadline");
  g_assert_false (g_cancellable_is_cancelled (inner));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/base/deadline/expires", test_expires);
  g_test_add_func ("/base/deadline/cancelled", test_cancelled);
  g_test_add_func ("/base/deadline/freed", test_freed);

  return g_test_run ();
}
