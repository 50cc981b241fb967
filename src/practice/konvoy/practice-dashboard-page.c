/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-dashboard-page.h"

#include <glib/gi18n-lib.h>

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-web-page.h"

/* Rows of a table; more are only counted. */
#define ROW_LIMIT 500

struct _PracticeDashboardPage {
  GObject parent_instance;

  PracticeStore *store;
};

static void handler_init (PracticeHttpHandlerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PracticeDashboardPage,
                               practice_dashboard_page,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PRACTICE_TYPE_HTTP_HANDLER, handler_init))

static const char *
get_node_state (JsonNode *node)
{
  return base_condition_is_true (node, "Ready") ? "Ready" : "NotReady";
}

static const char *
get_pod_state (JsonNode *pod)
{
  if (base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) != NULL)
    return "Terminating";

  return base_json_get_string (pod, "status", "phase", NULL);
}

static const char *
get_service_state (JsonNode *service)
{
  return base_json_get_string (service, "spec", "type", NULL);
}

static const struct {
  const char *title;
  const char *resource;
  const char *(*get_state) (JsonNode *object);
} tables[] = {
  { N_ ("Nodes"), "/nodes", get_node_state },
  { N_ ("Pods"), "/pods", get_pod_state },
  { N_ ("Services"), "/services", get_service_state },
};

static void
add_table (PracticeDashboardPage *self, GString *page, guint number)
{
  g_autoptr (GPtrArray) objects = practice_store_list (self->store, tables[number].resource, NULL);
  g_autofree char *count = g_strdup_printf ("%u", objects->len);

  practice_web_page_add (page,
                         "<h2>%s (%s)</h2><table><tr><th>%s</th><th>%s</th><th>%s</th></tr>\n",
                         _ (tables[number].title), count, _ ("Namespace"), _ ("Name"), _ ("State"));
  for (guint i = 0; i < MIN (objects->len, ROW_LIMIT); i++) {
    JsonNode *object = g_ptr_array_index (objects, i);
    const char *namespace_ = base_metadata_get_namespace (object);
    const char *state = tables[number].get_state (object);

    practice_web_page_add (page, "<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n",
                           namespace_ != NULL ? namespace_ : "", base_metadata_get_name (object),
                           state != NULL ? state : "");
  }
  g_string_append (page, "</table>\n");
}

static void
practice_dashboard_page_handle_async (PracticeHttpHandler *handler,
                                      PracticeHttpRequest *request,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  PracticeDashboardPage *self = PRACTICE_DASHBOARD_PAGE (handler);
  g_autoptr (GTask) task = g_task_new (handler, cancellable, callback, user_data);
  GString *page = practice_web_page_begin (_ ("Kubernetes Dashboard"));

  g_task_set_source_tag (task, practice_dashboard_page_handle_async);
  practice_web_page_add (page, "<p>%s</p>\n",
                         _ ("A plain page of the practice cluster, as it was when you loaded it. "
                            "The real dashboard can change things, too."));
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    add_table (self, page, i);
  g_task_return_pointer (task, practice_web_page_end (page, SOUP_STATUS_OK),
                         (GDestroyNotify)practice_http_response_unref);
}

static PracticeHttpResponse *
practice_dashboard_page_handle_finish (PracticeHttpHandler *handler,
                                       GAsyncResult *result,
                                       GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
handler_init (PracticeHttpHandlerInterface *iface)
{
  iface->handle_async = practice_dashboard_page_handle_async;
  iface->handle_finish = practice_dashboard_page_handle_finish;
}

static void
practice_dashboard_page_finalize (GObject *object)
{
  PracticeDashboardPage *self = PRACTICE_DASHBOARD_PAGE (object);

  g_clear_object (&self->store);

  G_OBJECT_CLASS (practice_dashboard_page_parent_class)->finalize (object);
}

static void
practice_dashboard_page_class_init (PracticeDashboardPageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = practice_dashboard_page_finalize;
}

static void
practice_dashboard_page_init (PracticeDashboardPage *self)
{
}

/**
 * practice_dashboard_page_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the page
 */
PracticeDashboardPage *
practice_dashboard_page_new (PracticeStore *store)
{
  PracticeDashboardPage *self;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);

  self = g_object_new (PRACTICE_TYPE_DASHBOARD_PAGE, NULL);
  self->store = g_object_ref (store);

  return self;
}
