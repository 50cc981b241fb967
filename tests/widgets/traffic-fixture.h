/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-json-patch.h"
#include "base-json.h"
#include "fake-api-server.h"
#include "lab-fixture.h"
#include "lab-traffic-page.h"
#include "lab-traffic-row.h"

G_BEGIN_DECLS

#define TRAFFIC_WAIT 20

/* The traffic page in a window, with a cluster that has reviews in three versions. */
typedef struct {
  LabFixture base;
  FakeApiServer *server;
  GtkWidget *page;
  GtkWindow *window;
} TrafficFixture;

#define TRAFFIC_REVIEWS(metadata, http)                                                            \
  "{'apiVersion':'networking.istio.io/v1alpha3','kind':'VirtualService',"                          \
  "'metadata':{'name':'reviews','namespace':'default'" metadata "},"                               \
  "'spec':{'hosts':['reviews'],'http':[" http "]}}"
#define TRAFFIC_TO(version, weight)                                                                \
  "{'destination':{'host':'reviews','subset':'" version "'},'weight':" weight "}"
#define TRAFFIC_SPLIT                                                                              \
  "{'route':[" TRAFFIC_TO ("v1", "40") "," TRAFFIC_TO ("v2", "30") "," TRAFFIC_TO ("v3", "30") "]" \
                                                                                               "}"

static const char *const traffic_fixture_rule =
  "{'apiVersion':'networking.istio.io/v1alpha3','kind':'DestinationRule',"
  "'metadata':{'name':'reviews','namespace':'default'},"
  "'spec':{'host':'reviews','subsets':[{'name':'v1'},{'name':'v2'},{'name':'v3'}]}}";

static inline void
traffic_fixture_put (TrafficFixture *self, const char *text)
{
  g_autofree char *json = g_strdelimit (g_strdup (text), "'", '"');

  fake_api_server_put (self->server, json);
}

static inline int
traffic_fixture_get_weight (TrafficFixture *self, guint destination)
{
  g_autofree char *pointer = g_strdup_printf ("/spec/http/0/route/%u/weight", destination);
  JsonNode *object = fake_api_server_get (self->server, "virtualservices", "default", "reviews");

  return (int)base_json_get_int (base_json_pointer_get (object, pointer), -1, NULL);
}

static inline LabTrafficRow *
traffic_fixture_find_row (GtkWidget *widget, const char *name)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    LabTrafficRow *row =
      LAB_IS_TRAFFIC_ROW (child) ? LAB_TRAFFIC_ROW (child) : traffic_fixture_find_row (child, name);

    if (row != NULL && g_str_equal (lab_traffic_row_get_name (row), name))
      return row;
  }

  return NULL;
}

static inline gboolean
traffic_fixture_is_movable (gpointer data)
{
  TrafficFixture *self = data;
  LabTrafficRow *row = traffic_fixture_find_row (self->page, "v1");

  return row != NULL &&
         gtk_widget_is_sensitive (lab_test_find (GTK_WIDGET (row), GTK_TYPE_SCALE, NULL));
}

/* Takes all faults away, and says whether a change is allowed. */
static inline void
traffic_fixture_allow (TrafficFixture *self, gboolean allowed)
{
  const FakeFault answer = {
    .kind = FAKE_FAULT_ANSWER,
    .match = "selfsubjectaccessreviews",
    .status = 201,
    .content_type = "application/json",
    .body = allowed ? "{\"status\":{\"allowed\":true}}" : "{\"status\":{\"allowed\":false}}",
  };

  fake_api_server_clear_faults (self->server);
  fake_api_server_add_fault (self->server, &answer);
}

/* A server that has @virtual_service, and lets it be changed. */
static inline void
traffic_fixture_start (TrafficFixture *self, const char *virtual_service)
{
  self->server = fake_api_server_new ();
  fake_api_server_set_served (self->server, "networking.istio.io", "v1alpha3", NULL, TRUE);
  traffic_fixture_put (self, traffic_fixture_rule);
  traffic_fixture_put (self, virtual_service);
  traffic_fixture_allow (self, TRUE);
}

static inline void
traffic_fixture_open (TrafficFixture *self, const char *kubeconfig)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  lab_fixture_set_up (&self->base);
  path = lab_fixture_dup_path (&self->base, "kubeconfig");
  g_file_set_contents (path, kubeconfig, -1, &error);
  g_assert_no_error (error);
  session_lab_connect_async (self->base.lab, NULL, NULL, NULL);
  self->page = lab_traffic_page_new ();
  lab_traffic_page_set_lab (LAB_TRAFFIC_PAGE (self->page), self->base.lab);
  self->window = lab_test_show (self->page);
  test_wait_until (traffic_fixture_is_movable, self, TRAFFIC_WAIT, "the sliders");
}

static inline void
traffic_fixture_set_up (TrafficFixture *self, const char *virtual_service)
{
  g_autofree char *kubeconfig = NULL;

  traffic_fixture_start (self, virtual_service);
  kubeconfig = fake_api_server_dup_kubeconfig (self->server, NULL, NULL);
  traffic_fixture_open (self, kubeconfig);
}

static inline void
traffic_fixture_tear_down (TrafficFixture *self)
{
  gtk_window_destroy (self->window);
  lab_fixture_tear_down (&self->base);
  g_clear_object (&self->server);
}

G_END_DECLS
