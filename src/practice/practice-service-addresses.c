/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-service-addresses.h"

#include "base-json.h"
#include "base-metadata.h"
#include "practice-service-transition.h"
#include "practice-status.h"

/* 10.0.0.0/18; the first 256 addresses are left to those who ask for one by name. */
#define FIRST_ADDRESS 0x0a000000u
#define ADDRESS_COUNT (1u << 14)
#define RESERVED_COUNT 256u

#define FIRST_PORT 30000
#define LAST_PORT 32767

/* The ports that Istio's ingress gateway asks for by number (data/practice/addons.yaml). It may
 * come after the class has made Services of its own: nobody else gets one of these unasked, as with
 * the band that a newer API server keeps for such requests
 * (https://kubernetes.io/docs/concepts/services-networking/service/#avoid-nodeport-collisions). */
static const int reserved_ports[] = {
  30380, 30756, 31232, 31380, 31390, 31400, 31420, 31948, 32061,
};

typedef struct {
  GHashTable *addresses; /* (element-type utf8) a set */
  GHashTable *ports;     /* a set of numbers */
} Taken;

static const char *
get_type (JsonNode *service)
{
  const char *type = base_json_get_string (service, "spec", "type", NULL);

  return type != NULL ? type : "ClusterIP";
}

static void
note_ports (Taken *taken, JsonNode *service)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  gint64 health = base_json_get_int (service, 0, "spec", "healthCheckNodePort", NULL);

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    gint64 port = base_json_get_int (json_array_get_element (ports, i), 0, "nodePort", NULL);

    if (port != 0)
      g_hash_table_add (taken->ports, GINT_TO_POINTER ((int)port));
  }
  if (health != 0)
    g_hash_table_add (taken->ports, GINT_TO_POINTER ((int)health));
}

/* What all Services but @service itself hold. */
static void
note_taken (Taken *taken, GPtrArray *services, JsonNode *service)
{
  for (guint i = 0; i < services->len; i++) {
    JsonNode *other = services->pdata[i];
    const char *address = base_json_get_string (other, "spec", "clusterIP", NULL);

    if (g_strcmp0 (base_metadata_get_name (other), base_metadata_get_name (service)) == 0 &&
        g_strcmp0 (base_metadata_get_namespace (other), base_metadata_get_namespace (service)) == 0)
      continue;
    if (address != NULL && !g_str_equal (address, "None"))
      g_hash_table_add (taken->addresses, (gpointer)address);
    note_ports (taken, other);
  }
}

static char *
format_address (guint32 offset)
{
  guint32 address = FIRST_ADDRESS + offset;

  return g_strdup_printf ("%u.%u.%u.%u", address >> 24, address >> 16 & 0xff, address >> 8 & 0xff,
                          address & 0xff);
}

static char *
find_free_address (Taken *taken)
{
  guint32 start = (guint32)g_random_int_range (RESERVED_COUNT, ADDRESS_COUNT - 1);

  for (guint32 i = 0; i < ADDRESS_COUNT; i++) {
    guint32 offset = (start + i) % (ADDRESS_COUNT - 1);
    char *address = format_address (offset);

    if (offset >= RESERVED_COUNT && !g_hash_table_contains (taken->addresses, address))
      return address;
    g_free (address);
  }
  return NULL;
}

static gboolean
is_reserved (int port)
{
  for (gsize i = 0; i < G_N_ELEMENTS (reserved_ports); i++) {
    if (reserved_ports[i] == port)
      return TRUE;
  }
  return FALSE;
}

static int
find_free_port (Taken *taken)
{
  int count = LAST_PORT - FIRST_PORT + 1;
  int start = g_random_int_range (0, count);

  for (int i = 0; i < count; i++) {
    int port = FIRST_PORT + (start + i) % count;

    if (!is_reserved (port) && !g_hash_table_contains (taken->ports, GINT_TO_POINTER (port)))
      return port;
  }
  return 0;
}

static gboolean
is_in_range (const char *address)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (address);
  const guint8 *bytes;
  guint32 number;

  if (inet == NULL || g_inet_address_get_family (inet) != G_SOCKET_FAMILY_IPV4)
    return FALSE;
  bytes = g_inet_address_to_bytes (inet);
  number = (guint32)bytes[0] << 24 | (guint32)bytes[1] << 16 | (guint32)bytes[2] << 8 | bytes[3];
  return number > FIRST_ADDRESS && number < FIRST_ADDRESS + ADDRESS_COUNT - 1;
}

static void
assign_address (Taken *taken, JsonNode *service, JsonNode *old, PracticeCauses *causes)
{
  JsonObject *spec = base_json_get_object (service, "spec", NULL);
  const char *address = base_json_get_string (service, "spec", "clusterIP", NULL);
  const char *present = base_json_get_string (old, "spec", "clusterIP", NULL);
  g_autofree char *found = NULL;

  if (g_str_equal (get_type (service), "ExternalName")) {
    json_object_remove_member (spec, "clusterIP");
    return;
  }
  if ((address == NULL || *address == '\0') && present != NULL)
    json_object_set_string_member (spec, "clusterIP", present);
  else if (address == NULL || *address == '\0') {
    found = find_free_address (taken);
    if (found != NULL)
      json_object_set_string_member (spec, "clusterIP", found);
    else
      practice_causes_invalid (causes, "spec.clusterIP", "",
                               "failed to allocate a serviceIP: range is full");
  } else if (g_str_equal (address, "None") || g_strcmp0 (address, present) == 0) {
    return;
  } else if (!is_in_range (address)) {
    practice_causes_invalid (
      causes, "spec.clusterIP", address,
      "provided IP is not in the valid range. The range of valid IPs is 10.0.0.0/18");
  } else if (g_hash_table_contains (taken->addresses, address)) {
    practice_causes_invalid (causes, "spec.clusterIP", address, "provided IP is already allocated");
  }
}

static void
assign_port (Taken *taken, JsonObject *port, guint i, PracticeCauses *causes)
{
  g_autofree char *field = g_strdup_printf ("spec.ports[%u].nodePort", i);
  int number = (int)json_object_get_int_member_with_default (port, "nodePort", 0);

  if (number == 0)
    return;
  if (number < FIRST_PORT || number > LAST_PORT)
    practice_causes_invalid_int (
      causes, field, number,
      "provided port is not in the valid range. The range of valid ports is 30000-32767");
  else if (g_hash_table_contains (taken->ports, GINT_TO_POINTER (number)))
    practice_causes_invalid_int (causes, field, number, "provided port is already allocated");
  g_hash_table_add (taken->ports, GINT_TO_POINTER (number));
}

/* The node port that @old has for the same port and protocol. */
static gint64
get_old_port (JsonNode *old, JsonNode *port)
{
  JsonArray *ports = base_json_get_array (old, "spec", "ports", NULL);

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    JsonNode *other = json_array_get_element (ports, i);

    if (base_json_get_int (other, 0, "port", NULL) == base_json_get_int (port, 0, "port", NULL) &&
        g_strcmp0 (base_json_get_string (other, "protocol", NULL),
                   base_json_get_string (port, "protocol", NULL)) == 0)
      return base_json_get_int (other, 0, "nodePort", NULL);
  }
  return 0;
}

static void
assign_ports (Taken *taken, JsonNode *service, JsonNode *old, PracticeCauses *causes)
{
  JsonArray *ports = base_json_get_array (service, "spec", "ports", NULL);
  gboolean wanted = practice_service_transition_needs_node_ports (service);
  guint length = base_json_get_length (ports);

  for (guint i = 0; i < length; i++)
    assign_port (taken, json_array_get_object_element (ports, i), i, causes);
  for (guint i = 0; wanted && i < length; i++) {
    JsonNode *node = json_array_get_element (ports, i);
    int number = (int)get_old_port (old, node);

    if (base_json_get_int (node, 0, "nodePort", NULL) != 0)
      continue;
    if (number == 0 || g_hash_table_contains (taken->ports, GINT_TO_POINTER (number)))
      number = find_free_port (taken);
    if (number == 0)
      practice_causes_invalid_int (causes, "spec.ports", 0,
                                   "failed to allocate a nodePort: range is full");
    g_hash_table_add (taken->ports, GINT_TO_POINTER (number));
    json_object_set_int_member (json_node_get_object (node), "nodePort", number);
  }
}

/* Returns FALSE with a Status. */
static gboolean
assign_health_port (Taken *taken, JsonNode *service, JsonNode *old, GError **error)
{
  JsonObject *spec = base_json_get_object (service, "spec", NULL);
  gint64 present = base_json_get_int (old, 0, "spec", "healthCheckNodePort", NULL);
  gint64 wanted = base_json_get_int (service, 0, "spec", "healthCheckNodePort", NULL);
  const char *wrong = NULL;
  g_autofree char *words = NULL;

  if (!practice_service_transition_needs_health_port (service))
    return TRUE;
  if (wanted == 0 || wanted == present) {
    json_object_set_int_member (spec, "healthCheckNodePort",
                                present != 0 ? present : find_free_port (taken));
    return TRUE;
  }
  if (wanted < FIRST_PORT || wanted > LAST_PORT)
    wrong = "provided port is not in the valid range. The range of valid ports is 30000-32767";
  else if (g_hash_table_contains (taken->ports, GINT_TO_POINTER ((int)wanted)))
    wrong = "provided port is already allocated";
  if (wrong == NULL)
    return TRUE;
  words = g_strdup_printf (
    "failed to allocate requested HealthCheck NodePort %" G_GINT64_FORMAT ": %s", wanted, wrong);
  practice_status_set_internal (error, words);
  return FALSE;
}

/**
 * practice_service_addresses_assign:
 * @store: the store
 * @resource: the resource
 * @service: what is to be stored next, changed in place
 * @old: (nullable): what it replaces
 * @error: return location
 *
 * Gives @service its cluster IP and its node ports. What is taken is what the Services in @store
 * have.
 *
 * Returns: %FALSE with a Status
 */
gboolean
practice_service_addresses_assign (PracticeStore *store,
                                   PracticeResource *resource,
                                   JsonNode *service,
                                   JsonNode *old,
                                   GError **error)
{
  g_autoptr (GPtrArray) services = practice_store_list (store, "/services", NULL);
  g_autoptr (GHashTable) addresses = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) ports = g_hash_table_new (NULL, NULL);
  g_autoptr (PracticeCauses) causes = practice_causes_new ();
  Taken taken = { addresses, ports };

  if (base_json_get_object (service, "spec", NULL) == NULL)
    return TRUE;
  note_taken (&taken, services, service);
  assign_address (&taken, service, old, causes);
  assign_ports (&taken, service, old, causes);
  if (practice_causes_get_length (causes) == 0)
    return assign_health_port (&taken, service, old, error);
  practice_status_set_invalid (error, resource, base_metadata_get_name (service), causes);
  return FALSE;
}
