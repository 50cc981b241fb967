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

/* (transfer full) (nullable): where the cluster's ingress controller is reached. Traefik 1.7 only
 * writes it into an Ingress where it is told to. */
static char *
dup_controller_address (LabWindow *self)
{
  GListModel *services = G_LIST_MODEL (session_lab_get_resource (self->lab, "services"));

  for (guint i = 0; i < g_list_model_get_n_items (services); i++) {
    g_autoptr (KubeObject) service = g_list_model_get_item (services, i);
    g_autoptr (JsonNode) json = NULL;
    g_autofree char *url = NULL;
    g_autofree char *via = NULL;

    if (!g_str_has_prefix (kube_object_get_name (service), "traefik"))
      continue;
    json = kube_object_ref_json (service);
    url = lab_page_address_dup (json, &via);
    if (url != NULL) {
      g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);

      return g_strdup (g_uri_get_host (uri));
    }
  }

  return NULL;
}

/* @url: only a path where the host is the ingress controller's
 * @via: (nullable): another address to ask; empty for the ingress controller's */
void
lab_window_open_page (LabWindow *self, const char *url, const char *via)
{
  g_autofree char *controller = NULL;
  g_autofree char *whole = NULL;

  if (self->lab == NULL)
    return;

  if (via != NULL && *via == '\0') {
    controller = dup_controller_address (self);
    if (controller == NULL) {
      lab_question_tell (GTK_WINDOW (self), _ ("The page cannot be opened"),
                         _ ("The ingress controller has no address that is known here. Look at "
                            "the services of all namespaces, and try again when it has one."));
      return;
    }
    whole = *url == '/' ? g_strconcat ("http://", controller, url, NULL) : NULL;
    via = whole == NULL ? controller : NULL;
  }
  session_pages_open_async (session_lab_get_pages (self->lab), whole != NULL ? whole : url, via,
                            NULL, opened_cb, g_object_ref (self));
}
