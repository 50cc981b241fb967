/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-policies.h"

#include <gio/gio.h>

#include "base-json.h"
#include "base-metadata.h"
#include "practice-cidr.h"
#include "practice-selector.h"

/**
 * PracticePolicies:
 *
 * NetworkPolicies are lists of what is allowed, which add up: a pod that some policy selects for a
 * direction is isolated in it, and gets just what a rule of one of these policies lets through;
 * any other pod gets all
 * (https://kubernetes.io/docs/concepts/services-networking/network-policies/). They are about
 * pods, never about the addresses of Services.
 */
struct _PracticePolicies {
  GPtrArray *policies; /* of Policy */
};

/* One side's list is NULL where the rule does not name peers or ports: it is for all of them. */
typedef struct {
  GPtrArray *peers; /* (nullable) of Peer */
  GPtrArray *ports; /* (nullable) of Port */
} Rule;

typedef struct {
  char *namespace_;
  PracticeSelector *pods;
  gboolean has_direction[2];
  GPtrArray *rules[2]; /* of Rule, by PracticePolicyDirection */
} Policy;

typedef struct {
  PracticeSelector *pods;       /* (nullable) */
  PracticeSelector *namespaces; /* (nullable): pods of the policy's own */
  GInetAddressMask *block;      /* (nullable): a peer by address; then the selectors are NULL */
  GPtrArray *except;            /* (nullable) of GInetAddressMask */
} Peer;

typedef struct {
  PracticeProtocol protocol;
  char *name; /* (nullable): of a container's port */
  gint64 first;
  gint64 last;
} Port;

static void
peer_free (gpointer data)
{
  Peer *self = data;

  g_clear_pointer (&self->pods, practice_selector_free);
  g_clear_pointer (&self->namespaces, practice_selector_free);
  g_clear_object (&self->block);
  g_clear_pointer (&self->except, g_ptr_array_unref);
  g_free (self);
}

static void
port_free (gpointer data)
{
  Port *self = data;

  g_free (self->name);
  g_free (self);
}

static void
rule_free (gpointer data)
{
  Rule *self = data;

  g_clear_pointer (&self->peers, g_ptr_array_unref);
  g_clear_pointer (&self->ports, g_ptr_array_unref);
  g_free (self);
}

static void
policy_free (gpointer data)
{
  Policy *self = data;

  practice_selector_free (self->pods);
  for (guint i = 0; i < G_N_ELEMENTS (self->rules); i++)
    g_ptr_array_unref (self->rules[i]);
  g_free (self->namespace_);
  g_free (self);
}

/* A block that cannot be read, which validation does not let through, holds no address. */
static GPtrArray *
parse_except (JsonNode *block)
{
  JsonArray *array = base_json_get_array (block, "except", NULL);
  GPtrArray *except = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < base_json_get_length (array); i++) {
    JsonNode *element = json_array_get_element (array, i);
    GInetAddressMask *mask = NULL;

    if (JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING)
      mask = practice_cidr_parse (json_node_get_string (element));
    if (mask != NULL)
      g_ptr_array_add (except, mask);
  }
  return except;
}

static Peer *
parse_peer (JsonNode *node)
{
  JsonNode *pods = base_json_get (node, "podSelector", NULL);
  JsonNode *namespaces = base_json_get (node, "namespaceSelector", NULL);
  JsonNode *block = base_json_get (node, "ipBlock", NULL);
  const char *cidr = base_json_get_string (block, "cidr", NULL);
  Peer *peer = g_new0 (Peer, 1);

  if (pods != NULL)
    peer->pods = practice_selector_new_from_object (pods);
  if (namespaces != NULL)
    peer->namespaces = practice_selector_new_from_object (namespaces);
  if (cidr != NULL) {
    peer->block = practice_cidr_parse (cidr);
    peer->except = parse_except (block);
  }
  return peer;
}

static gboolean
parse_protocol (JsonNode *port, PracticeProtocol *protocol)
{
  const char *text = base_json_get_string (port, "protocol", NULL);

  *protocol = g_strcmp0 (text, "UDP") == 0 ? PRACTICE_PROTOCOL_UDP : PRACTICE_PROTOCOL_TCP;
  return text == NULL || g_str_equal (text, "TCP") || g_str_equal (text, "UDP");
}

/* (nullable): NULL for a port of a protocol that nothing speaks here. */
static Port *
parse_port (JsonNode *node)
{
  const char *name = base_json_get_string (node, "port", NULL);
  PracticeProtocol protocol;
  Port *port;

  if (!parse_protocol (node, &protocol))
    return NULL;
  port = g_new0 (Port, 1);
  port->protocol = protocol;
  port->name = g_strdup (name);
  port->first = base_json_get_int (node, 0, "port", NULL);
  port->last = base_json_get_int (node, port->first, "endPort", NULL);
  if (name == NULL && port->first == 0)
    port->last = G_MAXUINT16;
  return port;
}

static Rule *
parse_rule (JsonNode *node, const char *peers_name)
{
  JsonArray *peers = base_json_get_array (node, peers_name, NULL);
  JsonArray *ports = base_json_get_array (node, "ports", NULL);
  Rule *rule = g_new0 (Rule, 1);

  if (base_json_get_length (peers) > 0)
    rule->peers = g_ptr_array_new_with_free_func (peer_free);
  for (guint i = 0; i < base_json_get_length (peers); i++)
    g_ptr_array_add (rule->peers, parse_peer (json_array_get_element (peers, i)));

  if (base_json_get_length (ports) > 0)
    rule->ports = g_ptr_array_new_with_free_func (port_free);
  for (guint i = 0; i < base_json_get_length (ports); i++) {
    Port *port = parse_port (json_array_get_element (ports, i));

    if (port != NULL)
      g_ptr_array_add (rule->ports, port);
  }
  return rule;
}

static GPtrArray *
parse_rules (JsonNode *policy, const char *name, const char *peers_name)
{
  JsonArray *array = base_json_get_array (policy, "spec", name, NULL);
  GPtrArray *rules = g_ptr_array_new_with_free_func (rule_free);

  for (guint i = 0; i < base_json_get_length (array); i++)
    g_ptr_array_add (rules, parse_rule (json_array_get_element (array, i), peers_name));
  return rules;
}

static gboolean
has_type (JsonNode *policy, const char *type)
{
  JsonArray *types = base_json_get_array (policy, "spec", "policyTypes", NULL);

  for (guint i = 0; i < base_json_get_length (types); i++)
    if (g_strcmp0 (json_array_get_string_element (types, i), type) == 0)
      return TRUE;
  return FALSE;
}

/* Without policyTypes a policy is for ingress, and for egress where it has an egress section that
 * is not empty. */
static Policy *
parse_policy (JsonNode *node)
{
  JsonNode *pods = base_json_get (node, "spec", "podSelector", NULL);
  gboolean has_types =
    base_json_get_length (base_json_get_array (node, "spec", "policyTypes", NULL)) > 0;
  Policy *policy = g_new0 (Policy, 1);

  policy->namespace_ = g_strdup (base_metadata_get_namespace (node));
  policy->pods = pods != NULL ? practice_selector_new_from_object (pods)
                              : practice_selector_parse_labels (NULL, NULL);
  policy->rules[PRACTICE_POLICY_INGRESS] = parse_rules (node, "ingress", "from");
  policy->rules[PRACTICE_POLICY_EGRESS] = parse_rules (node, "egress", "to");
  policy->has_direction[PRACTICE_POLICY_INGRESS] = !has_types || has_type (node, "Ingress");
  policy->has_direction[PRACTICE_POLICY_EGRESS] =
    has_types ? has_type (node, "Egress") : policy->rules[PRACTICE_POLICY_EGRESS]->len > 0;
  return policy;
}

/* Pods in their node's network are the node to those who enforce policies. */
static gboolean
has_own_address (JsonNode *pod)
{
  return pod != NULL && !base_json_get_boolean (pod, FALSE, "spec", "hostNetwork", NULL);
}

static gboolean
selects (const Policy *policy, JsonNode *pod, PracticePolicyDirection direction)
{
  return policy->has_direction[direction] &&
         g_strcmp0 (policy->namespace_, base_metadata_get_namespace (pod)) == 0 &&
         practice_selector_matches_labels (policy->pods, pod);
}

static gboolean
is_in_block (const Peer *peer, const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);

  if (address == NULL || !g_inet_address_mask_matches (peer->block, address))
    return FALSE;
  for (guint i = 0; i < peer->except->len; i++)
    if (g_inet_address_mask_matches (g_ptr_array_index (peer->except, i), address))
      return FALSE;
  return TRUE;
}

static gboolean
peer_matches (const Peer *peer, const Policy *policy, const PracticePolicyEnd *end)
{
  if (peer->except != NULL)
    return peer->block != NULL && is_in_block (peer, end->address);
  if (!has_own_address (end->pod) || (peer->pods == NULL && peer->namespaces == NULL))
    return FALSE;
  if (peer->namespaces == NULL &&
      g_strcmp0 (policy->namespace_, base_metadata_get_namespace (end->pod)) != 0)
    return FALSE;
  if (peer->namespaces != NULL && (end->namespace_ == NULL || !practice_selector_matches_labels (
                                                                peer->namespaces, end->namespace_)))
    return FALSE;
  return peer->pods == NULL || practice_selector_matches_labels (peer->pods, end->pod);
}

/* A name is that of a port of the target's containers. */
static gboolean
port_has_name (JsonNode *pod, const Port *wanted, guint16 number)
{
  JsonArray *containers = base_json_get_array (pod, "spec", "containers", NULL);

  for (guint i = 0; i < base_json_get_length (containers); i++) {
    JsonArray *ports = base_json_get_array (json_array_get_element (containers, i), "ports", NULL);

    for (guint j = 0; j < base_json_get_length (ports); j++) {
      JsonNode *port = json_array_get_element (ports, j);
      PracticeProtocol protocol;

      if (g_strcmp0 (base_json_get_string (port, "name", NULL), wanted->name) == 0 &&
          parse_protocol (port, &protocol) && protocol == wanted->protocol &&
          base_json_get_int (port, 0, "containerPort", NULL) == number)
        return TRUE;
    }
  }
  return FALSE;
}

static gboolean
rule_has_port (const Rule *rule, JsonNode *target_pod, PracticeProtocol protocol, guint16 number)
{
  if (rule->ports == NULL)
    return TRUE;
  for (guint i = 0; i < rule->ports->len; i++) {
    const Port *port = g_ptr_array_index (rule->ports, i);

    if (port->protocol == protocol &&
        (port->name != NULL ? port_has_name (target_pod, port, number)
                            : number >= port->first && number <= port->last))
      return TRUE;
  }
  return FALSE;
}

static gboolean
rule_has_peer (const Rule *rule, const Policy *policy, const PracticePolicyEnd *end)
{
  if (rule->peers == NULL)
    return TRUE;
  for (guint i = 0; i < rule->peers->len; i++)
    if (peer_matches (g_ptr_array_index (rule->peers, i), policy, end))
      return TRUE;
  return FALSE;
}

/* @pod is the one whose policies are asked, @other the other end. */
static gboolean
decide (PracticePolicies *self,
        PracticePolicyDirection direction,
        JsonNode *pod,
        const PracticePolicyEnd *other,
        JsonNode *target_pod,
        PracticeProtocol protocol,
        guint16 port)
{
  gboolean is_isolated = FALSE;

  for (guint i = 0; i < self->policies->len; i++) {
    const Policy *policy = g_ptr_array_index (self->policies, i);
    GPtrArray *rules = policy->rules[direction];

    if (!selects (policy, pod, direction))
      continue;
    is_isolated = TRUE;
    for (guint j = 0; j < rules->len; j++) {
      const Rule *rule = g_ptr_array_index (rules, j);

      if (rule_has_port (rule, target_pod, protocol, port) && rule_has_peer (rule, policy, other))
        return TRUE;
    }
  }
  return !is_isolated;
}

/**
 * practice_policies_new:
 * @policies: (element-type JsonNode): NetworkPolicy objects
 *
 * Returns: (transfer full): what they say
 */
PracticePolicies *
practice_policies_new (GPtrArray *policies)
{
  PracticePolicies *self = g_new0 (PracticePolicies, 1);

  self->policies = g_ptr_array_new_with_free_func (policy_free);
  for (guint i = 0; i < policies->len; i++)
    g_ptr_array_add (self->policies, parse_policy (g_ptr_array_index (policies, i)));
  return self;
}

/**
 * practice_policies_free:
 * @self: (transfer full): policies
 *
 * Frees @self.
 */
void
practice_policies_free (PracticePolicies *self)
{
  g_ptr_array_unref (self->policies);
  g_free (self);
}

/**
 * practice_policies_isolate:
 * @self: policies
 * @pod: a Pod
 * @direction: of connections: to the pod, or from it
 *
 * Returns: whether some policy selects the pod for that direction
 */
gboolean
practice_policies_isolate (PracticePolicies *self, JsonNode *pod, PracticePolicyDirection direction)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (!has_own_address (pod))
    return FALSE;
  for (guint i = 0; i < self->policies->len; i++)
    if (selects (g_ptr_array_index (self->policies, i), pod, direction))
      return TRUE;
  return FALSE;
}

/**
 * practice_policies_admit:
 * @self: policies
 * @source: who connects
 * @target: the pod connected to
 * @protocol: what it is
 * @port: the port of the pod
 *
 * A pod's own node always gets through, as does the pod itself: Calico lets the kubelet's probes
 * reach every pod of its node
 * (https://docs.tigera.io/calico/latest/network-policy/hosts/protect-hosts).
 *
 * Returns: whether the target's policies admit the connection
 */
gboolean
practice_policies_admit (PracticePolicies *self,
                         const PracticePolicyEnd *source,
                         const PracticePolicyEnd *target,
                         PracticeProtocol protocol,
                         guint16 port)
{
  const char *node;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (source != NULL && target != NULL, FALSE);

  node = base_json_get_string (target->pod, "status", "hostIP", NULL);
  if (!has_own_address (target->pod) || g_strcmp0 (source->address, target->address) == 0 ||
      (!has_own_address (source->pod) && g_strcmp0 (source->address, node) == 0))
    return TRUE;
  return decide (self, PRACTICE_POLICY_INGRESS, target->pod, source, target->pod, protocol, port);
}

/**
 * practice_policies_let_out:
 * @self: policies
 * @source: who connects
 * @target: a pod, or any other address
 * @protocol: what it is
 * @port: the port there
 *
 * Returns: whether the source's policies let it connect; always where it is no pod
 */
gboolean
practice_policies_let_out (PracticePolicies *self,
                           const PracticePolicyEnd *source,
                           const PracticePolicyEnd *target,
                           PracticeProtocol protocol,
                           guint16 port)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (source != NULL && target != NULL, FALSE);

  if (!has_own_address (source->pod) || g_strcmp0 (source->address, target->address) == 0)
    return TRUE;
  return decide (self, PRACTICE_POLICY_EGRESS, source->pod, target, target->pod, protocol, port);
}
