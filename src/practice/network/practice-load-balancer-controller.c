/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-load-balancer-controller.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-event-recorder.h"
#include "practice-object.h"

#define SERVICES "/services"
#define COMPONENT "service-controller"
#define DOMAIN ".us-west-2.elb.amazonaws.com"

/* On AWS the host name takes seconds and its DNS entry minutes: here just long enough that
 * one sees both. */
#define PENDING_MS 1500
/* A cloud that gives no address is asked again. */
#define RETRY_MS 5000

#define UNRESOLVED_MS 2500

/* An AWS name is cut to 32 characters (the in-tree provider's GetLoadBalancerName). */
#define NAME_LENGTH 32

/* Addresses of load balancers: 10.200.0.0/16, from .0.10 on. */
#define FIRST_ADDRESS 10
#define LAST_ADDRESS 65000

/**
 * PracticeLoadBalancerController:
 *
 * A Service of type LoadBalancer first has no address, then a host name that does not
 * resolve, then one that does
 * (https://kubernetes.io/docs/concepts/services-networking/service/#loadbalancer). What was given
 * out is kept beside the objects: "ADDRESS HOSTNAME TIME", by uid.
 */
struct _PracticeLoadBalancerController {
  PracticeController parent_instance;

  GHashTable *first_seen; /* uid to the monotonic time at which it asked */
  gboolean fails;
};

G_DEFINE_FINAL_TYPE (PracticeLoadBalancerController,
                     practice_load_balancer_controller,
                     PRACTICE_TYPE_CONTROLLER)

static char *
dup_setting_key (const char *uid)
{
  return g_strdup_printf ("load-balancer/%s", uid);
}

static gboolean
is_load_balancer (JsonNode *service)
{
  return g_strcmp0 (base_json_get_string (service, "spec", "type", NULL), "LoadBalancer") == 0;
}

static char *
dup_host_name (const char *uid)
{
  g_auto (GStrv) parts = g_strsplit (uid, "-", -1);
  g_autofree char *joined = g_strjoinv ("", parts);
  g_autofree char *name = g_strdup_printf ("a%s", joined);

  if (strlen (name) > NAME_LENGTH)
    name[NAME_LENGTH] = '\0';

  return g_strdup_printf ("%s-%d" DOMAIN, name, g_random_int_range (100000000, G_MAXINT32));
}

static const char *
get_host_name (JsonNode *service)
{
  JsonArray *ingress = base_json_get_array (service, "status", "loadBalancer", "ingress", NULL);

  if (base_json_get_length (ingress) == 0)
    return NULL;

  return base_json_get_string (json_array_get_element (ingress, 0), "hostname", NULL);
}

static char *
dup_next_address (PracticeStore *store)
{
  g_autofree char *last = practice_store_dup_setting (store, "load-balancer-last");
  guint number = last != NULL ? g_ascii_strtoull (last, NULL, 10) + 1 : FIRST_ADDRESS;
  g_autofree char *text = NULL;

  if (number > LAST_ADDRESS)
    number = FIRST_ADDRESS;
  text = g_strdup_printf ("%u", number);
  if (!practice_store_set_setting (store, "load-balancer-last", text, NULL))
    return NULL;

  return g_strdup_printf ("10.200.%u.%u", number / 256, number % 256);
}

static void
assign (PracticeStore *store, JsonNode *service)
{
  const char *uid = base_metadata_get_uid (service);
  g_autofree char *host_name = dup_host_name (uid);
  g_autofree char *address = dup_next_address (store);
  g_autofree char *key = dup_setting_key (uid);
  g_autofree char *value = g_strdup_printf ("%s %s %" G_GINT64_FORMAT, address, host_name,
                                            g_get_real_time () / G_TIME_SPAN_MILLISECOND);
  g_autoptr (JsonNode) next = base_json_copy (service);
  JsonObject *balancer = practice_object_ensure (next, "status", "loadBalancer", NULL);
  JsonArray *ingress = json_array_new ();
  JsonObject *entry = json_object_new ();

  json_object_set_string_member (entry, "hostname", host_name);
  json_array_add_object_element (ingress, entry);
  json_object_set_array_member (balancer, "ingress", ingress);

  if (address == NULL || !practice_store_set_setting (store, key, value, NULL))
    return;
  if (practice_store_update (store, SERVICES, g_steal_pointer (&next), NULL, NULL) != NULL)
    practice_event_recorder_record (store, service, COMPONENT, "EnsuredLoadBalancer",
                                    "Ensured load balancer");
}

/* A Service that is a load balancer no longer gives its address back. */
static void
withdraw (PracticeStore *store, JsonNode *service)
{
  g_autoptr (JsonNode) next = base_json_copy (service);

  json_object_set_object_member (practice_object_ensure (next, "status", NULL), "loadBalancer",
                                 json_object_new ());
  practice_store_update (store, SERVICES, g_steal_pointer (&next), NULL, NULL);
}

static void
fail (PracticeController *controller, JsonNode *service)
{
  practice_event_recorder_record (
    practice_controller_get_store (controller), service, COMPONENT, "SyncLoadBalancerFailed",
    "Error syncing load balancer: failed to ensure load balancer: TooManyLoadBalancers: Exceeded "
    "quota of account");
  practice_controller_enqueue_after (controller, base_metadata_get_namespace (service),
                                     base_metadata_get_name (service), RETRY_MS);
}

static void
practice_load_balancer_controller_reconcile (PracticeController *controller,
                                             const char *namespace_,
                                             const char *name,
                                             JsonNode *service)
{
  PracticeLoadBalancerController *self = PRACTICE_LOAD_BALANCER_CONTROLLER (controller);
  PracticeStore *store = practice_controller_get_store (controller);
  gint64 now = g_get_monotonic_time ();
  const char *uid;
  gint64 *asked;

  if (service == NULL)
    return;

  if (!is_load_balancer (service)) {
    if (get_host_name (service) != NULL)
      withdraw (store, service);
    return;
  }
  if (get_host_name (service) != NULL)
    return;

  uid = base_metadata_get_uid (service);
  asked = g_hash_table_lookup (self->first_seen, uid);
  if (asked == NULL) {
    asked = g_new (gint64, 1);
    *asked = now;
    g_hash_table_insert (self->first_seen, g_strdup (uid), asked);
    practice_event_recorder_record (store, service, COMPONENT, "EnsuringLoadBalancer",
                                    "Ensuring load balancer");
  }

  if (now - *asked < PENDING_MS * G_TIME_SPAN_MILLISECOND) {
    practice_controller_enqueue_after (controller, namespace_, name,
                                       PENDING_MS - (now - *asked) / G_TIME_SPAN_MILLISECOND + 1);
    return;
  }

  if (self->fails) {
    fail (controller, service);
    return;
  }
  g_hash_table_remove (self->first_seen, uid);
  assign (store, service);
}

static void
practice_load_balancer_controller_finalize (GObject *object)
{
  PracticeLoadBalancerController *self = PRACTICE_LOAD_BALANCER_CONTROLLER (object);

  g_hash_table_unref (self->first_seen);

  G_OBJECT_CLASS (practice_load_balancer_controller_parent_class)->finalize (object);
}

static void
practice_load_balancer_controller_class_init (PracticeLoadBalancerControllerClass *klass)
{
  PracticeControllerClass *controller_class = PRACTICE_CONTROLLER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = practice_load_balancer_controller_finalize;
  controller_class->resource = SERVICES;
  controller_class->reconcile = practice_load_balancer_controller_reconcile;
}

static void
practice_load_balancer_controller_init (PracticeLoadBalancerController *self)
{
  self->first_seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * practice_load_balancer_controller_new:
 * @store: the cluster's objects
 *
 * Returns: (transfer full): the controller, not yet started
 */
PracticeController *
practice_load_balancer_controller_new (PracticeStore *store)
{
  return g_object_new (PRACTICE_TYPE_LOAD_BALANCER_CONTROLLER, "store", store, NULL);
}

static GStrv
dup_assignment (PracticeStore *store, JsonNode *service)
{
  const char *uid = base_metadata_get_uid (service);
  g_autofree char *key = dup_setting_key (uid);
  g_autofree char *value = practice_store_dup_setting (store, key);
  g_auto (GStrv) parts = value != NULL ? g_strsplit (value, " ", 3) : NULL;

  if (parts == NULL || g_strv_length (parts) != 3)
    return NULL;

  return g_steal_pointer (&parts);
}

/**
 * practice_load_balancer_resolve:
 * @store: the cluster's objects
 * @host_name: a host name, without the last dot
 *
 * Returns: (transfer full) (nullable): the IPv4 address of the load balancer of that name; %NULL
 *   where there is none, or its name has not got round yet
 */
char *
practice_load_balancer_resolve (PracticeStore *store, const char *host_name)
{
  g_autoptr (GPtrArray) services = NULL;
  gint64 now = g_get_real_time () / G_TIME_SPAN_MILLISECOND;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);
  g_return_val_if_fail (host_name != NULL, NULL);

  services = practice_store_list (store, SERVICES, NULL);
  for (guint i = 0; i < services->len; i++) {
    JsonNode *service = g_ptr_array_index (services, i);
    const char *name = get_host_name (service);
    g_auto (GStrv) assignment = NULL;

    if (name == NULL || g_ascii_strcasecmp (name, host_name) != 0)
      continue;
    assignment = dup_assignment (store, service);
    if (assignment == NULL || now < g_ascii_strtoll (assignment[2], NULL, 10) + UNRESOLVED_MS)
      return NULL;
    return g_strdup (assignment[0]);
  }

  return NULL;
}

/**
 * practice_load_balancer_dup_address:
 * @store: the cluster's objects
 * @service: a Service
 *
 * Returns: (transfer full) (nullable): where its load balancer listens; %NULL where it has none
 */
char *
practice_load_balancer_dup_address (PracticeStore *store, JsonNode *service)
{
  g_auto (GStrv) assignment = NULL;

  g_return_val_if_fail (PRACTICE_IS_STORE (store), NULL);

  if (!is_load_balancer (service) || get_host_name (service) == NULL)
    return NULL;
  assignment = dup_assignment (store, service);

  return assignment != NULL ? g_strdup (assignment[0]) : NULL;
}

/**
 * practice_load_balancer_controller_set_fails:
 * @self: the controller
 * @fails: whether Services that have no address yet get none
 */
void
practice_load_balancer_controller_set_fails (PracticeLoadBalancerController *self, gboolean fails)
{
  g_return_if_fail (PRACTICE_IS_LOAD_BALANCER_CONTROLLER (self));

  self->fails = fails;
  if (!fails)
    practice_controller_enqueue_all (PRACTICE_CONTROLLER (self), NULL);
}
