/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-window-private.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "lab-page-address.h"
#include "lab-question.h"

/* Web pages of the place, in the desktop's browser. */

static void
shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LabWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error) && self->lab != NULL)
    lab_question_tell (GTK_WINDOW (self), _ ("The web browser did not start"), error->message);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LabWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *url = session_pages_open_finish (SESSION_PAGES (source), result, &error);

  if (self->lab == NULL || session_lab_get_pages (self->lab) != SESSION_PAGES (source))
    return;
  if (url != NULL)
    gtk_show_uri_full (GTK_WINDOW (self), url, GDK_CURRENT_TIME, NULL, shown_cb,
                       g_object_ref (self));
  else
    lab_question_tell (GTK_WINDOW (self), _ ("The page cannot be opened"), error->message);
}

/* A page of which only the ingress controller's address is missing. */
typedef struct {
  LabWindow *window;
  SessionLab *lab;
  char *url;
} IngressPage;

static void
ingress_page_free (IngressPage *self)
{
  g_clear_object (&self->window);
  g_clear_object (&self->lab);
  g_free (self->url);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (IngressPage, ingress_page_free)

/* (transfer full) (nullable): where the cluster's ingress controller is reached. Traefik 1.7 only
 * writes it into an Ingress where it is told to. */
static char *
dup_controller_address (JsonNode *services)
{
  JsonArray *items = base_json_get_array (services, "items", NULL);
  guint length = items != NULL ? json_array_get_length (items) : 0;

  for (guint i = 0; i < length; i++) {
    JsonNode *service = json_array_get_element (items, i);
    const char *name = base_json_get_string (service, "metadata", "name", NULL);
    g_autofree char *url = NULL;
    g_autofree char *via = NULL;

    if (name == NULL || !g_str_has_prefix (name, "traefik"))
      continue;
    /* what is in a list does not say its kind */
    json_object_set_string_member (json_node_get_object (service), "kind", "Service");
    url = lab_page_address_dup (service, &via);
    if (url != NULL) {
      g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);

      return g_strdup (g_uri_get_host (uri));
    }
  }

  return NULL;
}

static void
open_page (LabWindow *self, const char *url, const char *via)
{
  session_pages_open_async (session_lab_get_pages (self->lab), url, via, NULL, opened_cb,
                            g_object_ref (self));
}

static void
services_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (IngressPage) page = user_data;
  LabWindow *self = page->window;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) services = kube_client_request_finish (KUBE_CLIENT (source), result, &error);
  g_autofree char *controller = services != NULL ? dup_controller_address (services) : NULL;
  g_autofree char *whole = NULL;

  if (self->lab != page->lab)
    return;
  if (controller == NULL) {
    lab_question_tell (GTK_WINDOW (self), _ ("The page cannot be opened"),
                       error != NULL ? error->message
                                     : _ ("The ingress controller has no address yet. Try again "
                                          "when its load balancer has one."));
    return;
  }

  whole = *page->url == '/' ? g_strconcat ("http://", controller, page->url, NULL) : NULL;
  open_page (self, whole != NULL ? whole : page->url, whole != NULL ? NULL : controller);
}

/* @url: only a path where the host is the ingress controller's
 * @via: (nullable): another address to ask; empty for the ingress controller's */
void
lab_window_open_page (LabWindow *self, const char *url, const char *via)
{
  KubeClient *client = self->lab != NULL ? session_lab_get_client (self->lab) : NULL;
  IngressPage *page;

  if (self->lab == NULL)
    return;
  if (via == NULL || *via != '\0' || client == NULL) {
    open_page (self, url, via);
    return;
  }

  page = g_new0 (IngressPage, 1);
  page->window = g_object_ref (self);
  page->lab = g_object_ref (self->lab);
  page->url = g_strdup (url);
  kube_client_request_async (client, "GET", "/api/v1/services?limit=500", NULL, NULL, NULL,
                             services_cb, page);
}
