/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "../lab-display.h"
#include "jump-local.h"
#include "lab-fixture.h"
#include "lab-panel-stack.h"
#include "lab-reviews.h"
#include "lab-traffic-canary.h"
#include "lab-window.h"

#define WAIT 60

static const char *const sections[] = {
  "---\nid: first\ntitle: First\npanel: traffic\n---\n# First\n\n```bash {id=one}\necho one\n```\n",
  NULL
};

/* A window whose place has reviews, where all go to v1, and a canary that shifts to v3. */
typedef struct {
  LabFixture lab;
  GtkWidget *window; /* owned by GTK till it is closed, when it is NULL */
  LabTrafficCanary *canary;
  JumpPlace *other; /* another place */
} Fixture;

static const char *
get_second_version (Fixture *self)
{
  return reviews_get_string (self->lab.server, "/spec/http/0/route/1/destination/subset");
}

static gboolean
is_shifted (gpointer data)
{
  return g_strcmp0 (get_second_version (data), "v3") == 0;
}

static gboolean
is_back (gpointer data)
{
  return get_second_version (data) == NULL;
}

static gboolean
can_start (gpointer data)
{
  Fixture *self = data;
  GtkWidget *widget = lab_test_find (self->window, LAB_TYPE_TRAFFIC_CANARY, NULL);
  GtkWidget *button =
    widget != NULL ? lab_test_find (widget, GTK_TYPE_BUTTON, "Start canary") : NULL;

  self->canary = widget != NULL ? LAB_TRAFFIC_CANARY (widget) : NULL;
  return button != NULL && gtk_widget_is_sensitive (button);
}

static void
start_canary (Fixture *self)
{
  GtkWidget *button;

  test_wait_until (can_start, self, WAIT, "the canary's button");
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (self->canary), TRUE);
  button = lab_test_find (GTK_WIDGET (self->canary), GTK_TYPE_BUTTON, "Start canary");
  g_signal_emit_by_name (button, "clicked");
  test_wait_until (is_shifted, self, WAIT, "the first step of the canary");
  g_assert_true (lab_traffic_canary_get_active (self->canary));
}

static void
put_reviews (Fixture *self)
{
  static const FakeFault allowed = {
    .kind = FAKE_FAULT_ANSWER,
    .match = "selfsubjectaccessreviews",
    .status = 201,
    .content_type = "application/json",
    .body = "{\"status\":{\"allowed\":true}}",
  };

  fake_api_server_set_served (self->lab.server, "networking.istio.io", "v1alpha3", NULL, TRUE);
  fake_api_server_add_fault (self->lab.server, &allowed);
  reviews_put (self->lab.server, REVIEWS_RULE);
  reviews_put (self->lab.server,
               "{'apiVersion':'networking.istio.io/v1alpha3','kind':'VirtualService',"
               "'metadata':{'name':'reviews','namespace':'default'},"
               "'spec':{'hosts':['reviews'],'http':["
               "{'route':[{'destination':{'host':'reviews','subset':'v1'}}]}]}}");
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (LabSettings) settings = lab_settings_new ();
  g_autoptr (LabTextScale) scale = lab_text_scale_new (gdk_display_get_default ());

  lab_fixture_set_up (&self->lab, sections);
  put_reviews (self);
  self->other = jump_local_new ("/nonexistent/kubeconfig");
  self->window = lab_window_new (NULL, settings, scale);
  g_object_add_weak_pointer (G_OBJECT (self->window), (gpointer *)&self->window);
  lab_window_open (LAB_WINDOW (self->window), self->lab.course, JUMP_PLACE (self->lab.place), NULL,
                   NULL);
  gtk_window_present (GTK_WINDOW (self->window));
  start_canary (self);
}

static gboolean
is_closed (gpointer data)
{
  return ((Fixture *)data)->window == NULL;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->window != NULL)
    gtk_window_destroy (GTK_WINDOW (self->window));
  test_wait_until (is_closed, self, WAIT, "the window to be gone");
  g_clear_object (&self->other);
  lab_fixture_tear_down (&self->lab);
}

static gboolean
is_at_other (gpointer data)
{
  g_autofree char *kind = NULL;

  g_object_get (((Fixture *)data)->window, "place-kind", &kind, NULL);
  return g_strcmp0 (kind, "computer") == 0;
}

/* The place is left with the weights that were there before. */
static void
test_move (Fixture *self, gconstpointer data)
{
  lab_window_open (LAB_WINDOW (self->window), self->lab.course, self->other, NULL, NULL);
  g_assert_false (is_at_other (self));
  g_assert_false (gtk_widget_get_sensitive (self->window));
  test_wait_until (is_at_other, self, WAIT, "the other place");
  g_assert_true (is_back (self));
  g_assert_true (gtk_widget_get_sensitive (self->window));
}

/* Whoever closes the window while it waits has no use for the other place. */
static void
test_close_while_moving (Fixture *self, gconstpointer data)
{
  lab_window_open (LAB_WINDOW (self->window), self->lab.course, self->other, NULL, NULL);
  gtk_window_close (GTK_WINDOW (self->window));
  g_assert_nonnull (self->window);
  test_wait_until (is_closed, self, WAIT, "the window to be closed");
  g_assert_true (is_back (self));
}

#define ADD(name, function)                                                                        \
  g_test_add ("/lab/window-leave/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  if (!lab_test_init (&argc, &argv))
    return 0;
  ADD ("move", test_move);
  ADD ("close-while-moving", test_close_while_moving);

  return g_test_run ();
}
