/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-faults.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base-condition.h"
#include "base-json.h"
#include "base-metadata.h"
#include "practice-node-lifecycle.h"

#define NODES "/nodes"
#define PODS "/pods"

#define DELAY_MS 2000

/* The width of the first two columns of a list. */
#define NAME_WIDTH 22
#define STATE_WIDTH 16

/* One that is on. */
typedef struct {
  gboolean is_on;
  char *target;  /* (nullable): a node */
  gint64 until;  /* monotonic time; 0: until it is cleared */
  guint timeout; /* source id */
} Fault;

struct _PracticeFaults {
  GObject parent_instance;

  PracticeStore *store;
  PracticeApiGate *gate;
  PracticeCluster *cluster;
  Fault faults[PRACTICE_N_FAULTS];
};

G_DEFINE_FINAL_TYPE (PracticeFaults, practice_faults, G_TYPE_OBJECT)

typedef struct {
  PracticeFaults *self; /* outlives the source */
  PracticeFault fault;
} Timeout;

static guint
count_pods (GPtrArray *pods, const char *node)
{
  guint count = 0;

  for (guint i = 0; i < pods->len; i++)
    count += g_strcmp0 (base_json_get_string (pods->pdata[i], "spec", "nodeName", NULL), node) == 0
               ? 1
               : 0;

  return count;
}

/* The one that is asked for, or the one that would be missed most: with the most pods of the
 * namespace "default" among those that are there. */
static const char *
find_node (PracticeFaults *self, const char *wanted, GError **error)
{
  g_autoptr (GPtrArray) nodes = practice_store_list (self->store, NODES, NULL);
  g_autoptr (GPtrArray) pods = practice_store_list (self->store, PODS, "default");
  const char *best = NULL;
  guint best_count = 0;

  for (guint i = 0; i < nodes->len; i++) {
    JsonNode *node = nodes->pdata[i];
    const char *name = base_metadata_get_name (node);
    guint count = count_pods (pods, name);

    if (wanted != NULL && g_str_equal (name, wanted))
      return name;
    if (base_json_get (node, "spec", "taints", NULL) == NULL &&
        (best == NULL || count > best_count)) {
      best = name;
      best_count = count;
    }
  }
  if (wanted == NULL && best != NULL)
    return best;
  if (wanted != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("There is no node named “%s”."),
                 wanted);
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         _ ("There is no node that could be lost."));
  return NULL;
}

/* Whether a user may mean @pod: by its name, by "NAMESPACE/NAME", or by what made it, such as the
 * name of its Deployment. */
static gboolean
is_meant (JsonNode *pod, const char *wanted)
{
  const char *name = base_metadata_get_name (pod);
  const char *slash = strchr (wanted, '/');

  if (slash != NULL && strlen (base_metadata_get_namespace (pod)) == (gsize)(slash - wanted) &&
      g_str_has_prefix (wanted, base_metadata_get_namespace (pod)))
    wanted = slash + 1;
  return g_str_has_prefix (name, wanted) &&
         (name[strlen (wanted)] == '\0' || name[strlen (wanted)] == '-');
}

/* Returns: (transfer none) (nullable): a pod that runs; those of "default" go first. */
static JsonNode *
find_pod (PracticeFaults *self, const char *wanted, GError **error)
{
  g_autoptr (GPtrArray) pods = practice_store_list (self->store, PODS, NULL);
  JsonNode *found = NULL;

  for (guint i = 0; i < pods->len; i++) {
    JsonNode *pod = pods->pdata[i];
    gboolean is_default = g_strcmp0 (base_metadata_get_namespace (pod), "default") == 0;

    if (!base_condition_is_true (pod, "Ready") ||
        base_json_get_string (pod, "metadata", "deletionTimestamp", NULL) != NULL ||
        (wanted != NULL ? !is_meant (pod, wanted) : !is_default))
      continue;
    if (is_default)
      return pod;
    if (found == NULL)
      found = pod;
  }
  if (found != NULL)
    return found;
  if (wanted != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("No pod named “%s” is running."),
                 wanted);
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                         _ ("No pod is running in the namespace “default”."));
  return NULL;
}

static gboolean
crash_pod (PracticeFaults *self, Fault *fault, const PracticeFaultRequest *request, GError **error)
{
  JsonNode *pod = find_pod (self, request->target, error);

  if (pod == NULL)
    return FALSE;
  fault->target =
    g_strdup_printf ("%s/%s", base_metadata_get_namespace (pod), base_metadata_get_name (pod));
  practice_kubelet_crash (practice_cluster_get_kubelet (self->cluster),
                          base_metadata_get_namespace (pod), base_metadata_get_name (pod),
                          request->seconds * 1000);
  return TRUE;
}

static gboolean
lose_node (PracticeFaults *self, Fault *fault, const PracticeFaultRequest *request, GError **error)
{
  const char *node = find_node (self, request->target, error);

  if (node == NULL)
    return FALSE;
  fault->target = g_strdup (node);
  practice_node_lifecycle_lose (self->store, fault->target);
  return TRUE;
}

static gboolean
begin (PracticeFaults *self, Fault *fault, const PracticeFaultRequest *request, GError **error)
{
  switch (request->fault) {
    case PRACTICE_FAULT_API_DOWN:
      practice_api_gate_close (self->gate);
      return TRUE;
    case PRACTICE_FAULT_BALANCER_NEVER_READY:
      practice_load_balancer_controller_set_fails (
        practice_cluster_get_load_balancers (self->cluster), TRUE);
      return TRUE;
    case PRACTICE_FAULT_CERTIFICATE_EXPIRED:
      return practice_api_gate_show_expired (self->gate, TRUE, error);
    case PRACTICE_FAULT_EXPIRED_WATCHES:
      practice_api_gate_set_expires_watches (self->gate, TRUE);
      practice_store_expire (self->store);
      return TRUE;
    case PRACTICE_FAULT_NODE_LOST:
      return lose_node (self, fault, request, error);
    case PRACTICE_FAULT_POD_CRASH:
      return crash_pod (self, fault, request, error);
    case PRACTICE_FAULT_SLOW:
      practice_api_gate_set_delay (self->gate, DELAY_MS);
      return TRUE;
    case PRACTICE_FAULT_TOKEN_REVOKED:
      practice_api_gate_set_revoked (self->gate, TRUE);
      return TRUE;
    case PRACTICE_N_FAULTS:
    default:
      g_return_val_if_reached (FALSE);
  }
}

static void
end (PracticeFaults *self, PracticeFault id, Fault *fault)
{
  g_autoptr (GError) error = NULL;

  switch (id) {
    case PRACTICE_FAULT_API_DOWN:
      practice_api_gate_open (self->gate, &error);
      break;
    case PRACTICE_FAULT_BALANCER_NEVER_READY:
      practice_load_balancer_controller_set_fails (
        practice_cluster_get_load_balancers (self->cluster), FALSE);
      break;
    case PRACTICE_FAULT_CERTIFICATE_EXPIRED:
      practice_api_gate_show_expired (self->gate, FALSE, &error);
      break;
    case PRACTICE_FAULT_EXPIRED_WATCHES:
      practice_api_gate_set_expires_watches (self->gate, FALSE);
      break;
    case PRACTICE_FAULT_NODE_LOST:
      practice_node_lifecycle_find (self->store, fault->target);
      break;
    case PRACTICE_FAULT_SLOW:
      practice_api_gate_set_delay (self->gate, 0);
      break;
    case PRACTICE_FAULT_TOKEN_REVOKED:
      practice_api_gate_set_revoked (self->gate, FALSE);
      break;
    case PRACTICE_FAULT_POD_CRASH:
    case PRACTICE_N_FAULTS:
    default:
      break;
  }
  if (error != NULL)
    g_debug ("The fault %s has not ended: %s", practice_fault_get_name (id), error->message);
}

static gboolean
timeout_cb (gpointer user_data)
{
  Timeout *timeout = user_data;

  timeout->self->faults[timeout->fault].timeout = 0;
  practice_faults_stop (timeout->self, timeout->fault);
  return G_SOURCE_REMOVE;
}

/* What was lost when another process ended is heard of when we start, or are back there. */
static void
find_nodes (PracticeFaults *self)
{
  g_autoptr (GPtrArray) nodes = practice_store_list (self->store, NODES, NULL);

  for (guint i = 0; i < nodes->len; i++)
    if (practice_node_lifecycle_is_lost (nodes->pdata[i]))
      practice_node_lifecycle_find (self->store, base_metadata_get_name (nodes->pdata[i]));
}

static void
restored_cb (PracticeStore *store, PracticeFaults *self)
{
  practice_faults_stop_all (self);
  find_nodes (self);
}

static void
practice_faults_dispose (GObject *object)
{
  PracticeFaults *self = PRACTICE_FAULTS (object);

  for (guint i = 0; i < PRACTICE_N_FAULTS; i++) {
    g_clear_handle_id (&self->faults[i].timeout, g_source_remove);
    g_clear_pointer (&self->faults[i].target, g_free);
  }
  g_clear_object (&self->store);
  g_clear_object (&self->gate);
  g_clear_object (&self->cluster);

  G_OBJECT_CLASS (practice_faults_parent_class)->dispose (object);
}

static void
practice_faults_class_init (PracticeFaultsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = practice_faults_dispose;
}

static void
practice_faults_init (PracticeFaults *self)
{
}

/**
 * practice_faults_new:
 * @store: the cluster's objects
 * @gate: of the API server
 * @cluster: what else there is of it
 *
 * Returns: (transfer full): a cluster's faults, none of them on
 */
PracticeFaults *
practice_faults_new (PracticeStore *store, PracticeApiGate *gate, PracticeCluster *cluster)
{
  PracticeFaults *self;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);
  g_return_val_if_fail (PRACTICE_IS_API_GATE (gate), NULL);
  g_return_val_if_fail (PRACTICE_IS_CLUSTER (cluster), NULL);

  self = g_object_new (PRACTICE_TYPE_FAULTS, NULL);
  self->store = g_object_ref (store);
  self->gate = g_object_ref (gate);
  self->cluster = g_object_ref (cluster);
  g_signal_connect_object (store, "restored", G_CALLBACK (restored_cb), self, 0);
  find_nodes (self);
  return self;
}

/* (transfer full): a sentence about a fault that has begun. */
static char *
dup_sentence (PracticeFault id, Fault *fault, guint seconds)
{
  const char *what = practice_fault_get_description (id);
  g_autofree char *about =
    fault->target != NULL ? g_strdup_printf ("%s (%s)", what, fault->target) : g_strdup (what);

  if (seconds == 0)
    /* Translators: %s is what a fault does; the command stays as it is */
    return g_strdup_printf (_ ("%s, until “fault clear”.\n"), about);
  /* Translators: %s is what a fault does */
  return g_strdup_printf (ngettext ("%s, for %u second.\n", "%s, for %u seconds.\n", seconds),
                          about, seconds);
}

/**
 * practice_faults_start:
 * @self: the faults
 * @request: what is asked for
 * @error: return location
 *
 * Begins a fault; one that is on already begins anew.
 *
 * Returns: (transfer full) (nullable): a sentence about it
 */
char *
practice_faults_start (PracticeFaults *self, const PracticeFaultRequest *request, GError **error)
{
  Fault *fault;
  Timeout *timeout;

  g_return_val_if_fail (PRACTICE_IS_FAULTS (self), NULL);
  g_return_val_if_fail (request != NULL && request->fault < PRACTICE_N_FAULTS, NULL);

  fault = &self->faults[request->fault];
  practice_faults_stop (self, request->fault);
  if (!begin (self, fault, request, error))
    return NULL;
  fault->is_on = TRUE;
  fault->until = 0;
  if (request->seconds > 0) {
    timeout = g_new0 (Timeout, 1);
    timeout->self = self;
    timeout->fault = request->fault;
    fault->until = g_get_monotonic_time () + request->seconds * G_USEC_PER_SEC;
    fault->timeout =
      g_timeout_add_full (G_PRIORITY_DEFAULT, request->seconds * 1000, timeout_cb, timeout, g_free);
  }
  return dup_sentence (request->fault, fault, request->seconds);
}

/**
 * practice_faults_stop:
 * @self: the faults
 * @id: a fault
 *
 * Ends a fault.
 *
 * Returns: whether it was on
 */
gboolean
practice_faults_stop (PracticeFaults *self, PracticeFault id)
{
  Fault *fault;

  g_return_val_if_fail (PRACTICE_IS_FAULTS (self), FALSE);
  g_return_val_if_fail (id < PRACTICE_N_FAULTS, FALSE);

  fault = &self->faults[id];
  if (!fault->is_on)
    return FALSE;
  fault->is_on = FALSE;
  g_clear_handle_id (&fault->timeout, g_source_remove);
  end (self, id, fault);
  g_clear_pointer (&fault->target, g_free);
  return TRUE;
}

/**
 * practice_faults_stop_all:
 * @self: the faults
 *
 * Ends all faults.
 *
 * Returns: how many were on
 */
guint
practice_faults_stop_all (PracticeFaults *self)
{
  guint count = 0;

  g_return_val_if_fail (PRACTICE_IS_FAULTS (self), 0);

  for (guint i = 0; i < PRACTICE_N_FAULTS; i++)
    count += practice_faults_stop (self, i) ? 1 : 0;
  return count;
}

static char *
dup_state (Fault *fault)
{
  gint64 left = (fault->until - g_get_monotonic_time () + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;

  if (!fault->is_on)
    /* Translators: a fault is not on */
    return g_strdup (_ ("off"));
  if (fault->until == 0)
    /* Translators: a fault is on */
    return g_strdup (_ ("on"));
  /* Translators: a fault is on for so many more seconds */
  return g_strdup_printf (_ ("on, %d s left"), (int)MAX (left, 0));
}

/* Fills up by characters, not by bytes as printf does. */
static void
append_column (GString *text, const char *cell, long width)
{
  g_string_append (text, cell);
  for (long i = g_utf8_strlen (cell, -1); i < width; i++)
    g_string_append_c (text, ' ');
}

/**
 * practice_faults_dup_list:
 * @self: the faults
 *
 * Returns: (transfer full): a line for each fault there is: its name, its state, and what it does
 */
char *
practice_faults_dup_list (PracticeFaults *self)
{
  GString *text = g_string_new (NULL);

  g_return_val_if_fail (PRACTICE_IS_FAULTS (self), NULL);

  for (guint i = 0; i < PRACTICE_N_FAULTS; i++) {
    g_autofree char *state = dup_state (&self->faults[i]);

    append_column (text, practice_fault_get_name (i), NAME_WIDTH);
    append_column (text, state, STATE_WIDTH);
    g_string_append_printf (text, "%s\n", practice_fault_get_description (i));
  }
  return g_string_free (text, FALSE);
}
