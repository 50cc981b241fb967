/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-address-wait.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "base-metadata.h"
#include "session-need.h"
#include "session-reach.h"
#include "session-service-trouble.h"

/* A cloud takes some minutes; what a command has made is listed at once. */
#define ADDRESS_LIMIT_S 300
#define SERVICE_LIMIT_S 10

typedef struct {
  SessionLab *lab;
  SessionResource *services; /* held */
  GPtrArray *needs;
  SessionTrialListener listener;
  guint service_limit_source;
  guint address_limit_source;
  gboolean has_waited;    /* long enough for a Service to be listed */
  GSource *cancel_source; /* (nullable) */
  GTask *held;            /* (nullable): the task, until it is returned */
} Wait;

static void
wait_free (gpointer data)
{
  Wait *self = data;

  session_resource_release (self->services);
  g_clear_object (&self->services);
  g_clear_object (&self->lab);
  g_ptr_array_unref (self->needs);
  g_free (self);
}

static void
tell (Wait *self, const char *sentence)
{
  if (self->listener.notice != NULL)
    self->listener.notice (sentence, self->listener.data);
}

/* Returns the task. Takes @reason (nullable). Whoever has cancelled it listens no longer. */
static void
end (GTask *task, char *reason)
{
  Wait *self = g_task_get_task_data (task);
  g_autoptr (GTask) held = g_steal_pointer (&self->held);

  g_clear_handle_id (&self->service_limit_source, g_source_remove);
  g_clear_handle_id (&self->address_limit_source, g_source_remove);
  if (self->cancel_source != NULL)
    g_source_destroy (self->cancel_source);
  g_clear_pointer (&self->cancel_source, g_source_unref);
  g_signal_handlers_disconnect_by_data (self->services, held);
  if (!g_cancellable_is_cancelled (g_task_get_cancellable (held)))
    tell (self, NULL);
  g_task_return_pointer (held, reason, g_free);
}

static const char *
get_namespace (Wait *self, const SessionNeed *need)
{
  return need->namespace_ != NULL
           ? need->namespace_
           : course_course_get_namespace (session_lab_get_course (self->lab));
}

/* (nullable): the need that is not met yet */
static const SessionNeed *
find_unmet (Wait *self, KubeObject **service)
{
  for (guint i = 0; i < self->needs->len; i++) {
    const SessionNeed *need = g_ptr_array_index (self->needs, i);
    g_autoptr (JsonNode) json = NULL;
    g_autoptr (GPtrArray) found = NULL;

    *service = session_resource_find (self->services, get_namespace (self, need), need->service);
    json = *service != NULL ? kube_object_ref_json (*service) : NULL;
    found = json != NULL ? base_json_path_match (need->path, json) : NULL;
    if (found == NULL || found->len == 0)
      return need;
  }
  return NULL;
}

/* (nullable): why it never comes, or has not come in all the time there was */
static char *
dup_reason (Wait *self, const SessionNeed *need, KubeObject *service)
{
  const char *namespace_ = get_namespace (self, need);
  g_autoptr (JsonNode) json = service != NULL ? kube_object_ref_json (service) : NULL;
  g_autofree char *address = service != NULL ? session_reach_dup_address (service) : NULL;
  const char *type = json != NULL ? base_json_get_string (json, "spec", "type", NULL) : NULL;
  gboolean is_over = self->address_limit_source == 0;

  if (service == NULL && !self->has_waited)
    return NULL;
  if (service == NULL)
    /* Translators: a namespace and the name of a service */
    return g_strdup_printf (_ ("It asks for the address of the service %s/%s, which is not there."),
                            namespace_, need->service);
  if (address != NULL)
    return g_strdup_printf (
      /* Translators: a namespace and the name of a service, its address, and a path such as
       * $.status.loadBalancer.ingress[*].hostname */
      _ ("The address of the service %s/%s is %s, and nothing is at %s. Edit the step to ask for "
         "that address."),
      namespace_, need->service, address, base_json_path_get_expression (need->path));
  if (is_over || g_strcmp0 (type, "LoadBalancer") != 0)
    return session_service_dup_address_trouble (namespace_, need->service, type);
  return NULL;
}

/* The list is on its way, or comes back by itself. */
static gboolean
is_coming (Wait *self)
{
  KubeListState state = session_resource_get_state (self->services);

  return state == KUBE_LIST_IDLE || state == KUBE_LIST_LOADING || state == KUBE_LIST_STALE;
}

static void
look (GTask *task)
{
  Wait *self = g_task_get_task_data (task);
  KubeObject *service = NULL;
  const SessionNeed *need = NULL;
  char *reason = NULL;

  if (is_coming (self) && self->address_limit_source != 0)
    return;
  /* what cannot be seen is the command's own to find out */
  need = session_resource_get_state (self->services) == KUBE_LIST_LIVE ? find_unmet (self, &service)
                                                                       : NULL;
  if (need != NULL)
    reason = dup_reason (self, need, service);
  if (need == NULL || reason != NULL) {
    end (task, reason);
  } else {
    g_autofree char *sentence =
      /* Translators: a namespace and the name of a service */
      g_strdup_printf (_ ("Waiting for the address of the service %s/%s."),
                       get_namespace (self, need), need->service);

    tell (self, sentence);
  }
}

static void
changed_cb (SessionResource *services, GTask *task)
{
  look (task);
}

static void
state_cb (SessionResource *services, GParamSpec *pspec, GTask *task)
{
  look (task);
}

static gboolean
service_limit_cb (gpointer user_data)
{
  GTask *task = user_data;
  Wait *self = g_task_get_task_data (task);

  self->service_limit_source = 0;
  self->has_waited = TRUE;
  /* a list that has never come is no reason not to run the command */
  if (is_coming (self) && session_resource_get_synced_at (self->services) == 0)
    end (task, NULL);
  else
    look (task);
  return G_SOURCE_REMOVE;
}

static gboolean
address_limit_cb (gpointer user_data)
{
  GTask *task = user_data;
  Wait *self = g_task_get_task_data (task);

  self->address_limit_source = 0;
  look (task);
  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  end (user_data, NULL);
  return G_SOURCE_REMOVE;
}

static void
watch_cancellable (GTask *task)
{
  Wait *self = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (cancellable == NULL)
    return;
  self->cancel_source = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancel_source, G_SOURCE_FUNC (cancelled_cb), task, NULL);
  g_source_attach (self->cancel_source, g_main_context_get_thread_default ());
}

/**
 * session_address_wait_async:
 * @lab: where it is looked; that has no connection: there is nothing to wait for
 * @text: what is to be typed
 * @listener: (nullable): is told what is waited for, but no more once @cancellable is cancelled. It
 *   is copied; its data has to live until then, or until @callback is called.
 *
 * Not for ever: what the cluster does not give in five minutes, or never will, is told.
 */
void
session_address_wait_async (SessionLab *lab,
                            const char *text,
                            const SessionTrialListener *listener,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GPtrArray) needs = session_need_list (text);
  Wait *self = NULL;

  g_task_set_source_tag (task, session_address_wait_async);
  if (needs->len == 0 || session_lab_get_state (lab) != SESSION_LAB_ONLINE) {
    g_task_return_pointer (task, NULL, NULL);
    return;
  }
  self = g_new0 (Wait, 1);
  self->lab = g_object_ref (lab);
  self->services = g_object_ref (session_lab_get_resource (lab, "services"));
  self->needs = g_steal_pointer (&needs);
  if (listener != NULL)
    self->listener = *listener;
  self->held = g_object_ref (task);
  g_task_set_task_data (task, self, wait_free);
  session_resource_hold (self->services);
  watch_cancellable (task);
  g_signal_connect_object (self->services, "updated", G_CALLBACK (changed_cb), task, 0);
  g_signal_connect_object (self->services, "notify::state", G_CALLBACK (state_cb), task, 0);
  self->service_limit_source = g_timeout_add_seconds (SERVICE_LIMIT_S, service_limit_cb, task);
  self->address_limit_source = g_timeout_add_seconds (ADDRESS_LIMIT_S, address_limit_cb, task);
  look (task);
}

/**
 * session_address_wait_finish:
 * @reason: (out) (nullable) (transfer full): why it is of no use to wait any longer, in a sentence
 *   for people; NULL where all addresses are there, or cannot be seen
 *
 * Returns: FALSE with an error only where it was cancelled
 */
gboolean
session_address_wait_finish (GAsyncResult *result, char **reason, GError **error)
{
  GError *local_error = NULL;

  *reason = g_task_propagate_pointer (G_TASK (result), &local_error);
  if (local_error == NULL)
    return TRUE;
  g_propagate_error (error, local_error);
  return FALSE;
}
