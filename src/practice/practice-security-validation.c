/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-security-validation.h"

#include <string.h>

#include "base-json.h"
#include "practice-validation.h"

/*
 * Rules and words of k8s.io/kubernetes/pkg/apis/core/validation, ValidatePodSecurityContext and
 * ValidateSecurityContext.
 */
#define SYSCTL_ENDS G_CSET_a_2_z G_CSET_DIGITS
#define SYSCTL_WORDS                                                                               \
  "must have at most 253 characters and match regex "                                              \
  "([a-z0-9]([-_a-z0-9]*[a-z0-9])?\\.)*[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
#define MAX_SYSCTL 253

#define ID_WORDS "must be between 0 and 2147483647, inclusive"

static const char *const seccomp_types[] = { "Localhost", "RuntimeDefault", "Unconfined", NULL };

static void
validate_id (gint64 id, const char *field, PracticeCauses *causes)
{
  if (id < 0 || id > G_MAXINT32)
    practice_causes_invalid_int (causes, field, id, ID_WORDS);
}

static void
validate_ids (JsonNode *context,
              const char *const *members,
              const char *field,
              PracticeCauses *causes)
{
  for (guint i = 0; members[i] != NULL; i++) {
    g_autofree char *own = g_strconcat (field, ".", members[i], NULL);

    validate_id (base_json_get_int (context, 0, members[i], NULL), own, causes);
  }
}

static void
validate_groups (JsonNode *context, const char *field, PracticeCauses *causes)
{
  JsonArray *groups = base_json_get_array (context, "supplementalGroups", NULL);

  for (guint i = 0; i < base_json_get_length (groups); i++) {
    g_autofree char *own = practice_validation_field ("%s.supplementalGroups[%u]", field, i);

    validate_id (json_array_get_int_element (groups, i), own, causes);
  }
}

/* "net.ipv4.ip_forward": parts of small letters and digits with dots between. */
static gboolean
is_sysctl (const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, ".", -1);

  if (strlen (name) > MAX_SYSCTL)
    return FALSE;
  for (guint i = 0; parts[i] != NULL; i++) {
    gsize length = strlen (parts[i]);

    if (length == 0 || strspn (parts[i], SYSCTL_ENDS "-_") != length ||
        strchr ("-_", parts[i][0]) != NULL || strchr ("-_", parts[i][length - 1]) != NULL)
      return FALSE;
  }
  return TRUE;
}

static void
validate_sysctls (JsonNode *context, const char *field, PracticeCauses *causes)
{
  JsonArray *sysctls = base_json_get_array (context, "sysctls", NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < base_json_get_length (sysctls); i++) {
    const char *name = base_json_get_string (json_array_get_element (sysctls, i), "name", NULL);
    g_autofree char *own = practice_validation_field ("%s.sysctls[%u].name", field, i);

    if (name == NULL || *name == '\0')
      practice_causes_required (causes, own, NULL);
    else if (!is_sysctl (name))
      practice_causes_invalid (causes, own, name, SYSCTL_WORDS);
    else if (!g_hash_table_add (seen, (gpointer)name))
      practice_causes_duplicate (causes, own, name);
  }
}

static void
validate_seccomp (JsonNode *context, const char *field, PracticeCauses *causes)
{
  g_autofree char *own = g_strconcat (field, ".seccompProfile.type", NULL);
  JsonNode *profile = base_json_get (context, "seccompProfile", NULL);
  const char *type = base_json_get_string (profile, "type", NULL);

  if (profile == NULL)
    return;
  if (type == NULL)
    practice_causes_required (causes, own, "type is required when seccompProfile is set");
  else
    practice_validation_one_of (type, own, FALSE, seccomp_types, causes);
}

static void
validate_host_ports (JsonNode *container, const char *field, PracticeCauses *causes)
{
  JsonArray *ports = base_json_get_array (container, "ports", NULL);

  for (guint i = 0; i < base_json_get_length (ports); i++) {
    g_autofree char *own = practice_validation_field ("%s.ports[%u].containerPort", field, i);
    JsonNode *port = json_array_get_element (ports, i);
    gint64 number = base_json_get_int (port, 0, "containerPort", NULL);

    if (base_json_get_int (port, 0, "hostPort", NULL) != number)
      practice_causes_invalid_int (causes, own, number,
                                   "must match `hostPort` when `hostNetwork` is true");
  }
}

/* In the network of its node a container has no port but the node's. */
static void
validate_host_network (JsonNode *spec, const char *field, PracticeCauses *causes)
{
  JsonArray *containers = base_json_get_array (spec, "containers", NULL);

  if (!base_json_get_boolean (spec, FALSE, "hostNetwork", NULL))
    return;
  for (guint i = 0; i < base_json_get_length (containers); i++) {
    g_autofree char *own = practice_validation_field ("%s.containers[%u]", field, i);

    validate_host_ports (json_array_get_element (containers, i), own, causes);
  }
}

/**
 * practice_security_validation_check:
 * @spec: the spec of a pod, with its defaults
 * @field: where it is, as "spec"
 * @causes: where what is wrong is noted
 *
 * Checks what holds for all containers of a pod.
 */
void
practice_security_validation_check (JsonNode *spec, const char *field, PracticeCauses *causes)
{
  static const char *const ids[] = { "fsGroup", "runAsUser", "runAsGroup", NULL };
  JsonNode *context = base_json_get (spec, "securityContext", NULL);
  g_autofree char *own = g_strconcat (field, ".securityContext", NULL);
  g_autofree char *share_field = g_strconcat (own, ".shareProcessNamespace", NULL);

  validate_host_network (spec, field, causes);
  validate_ids (context, ids, own, causes);
  validate_groups (context, own, causes);
  if (base_json_get_boolean (spec, FALSE, "shareProcessNamespace", NULL) &&
      base_json_get_boolean (spec, FALSE, "hostPID", NULL))
    practice_causes_invalid_literal (causes, share_field, "true",
                                     "ShareProcessNamespace and HostPID cannot both be enabled");
  validate_sysctls (context, own, causes);
  validate_seccomp (context, own, causes);
}

/**
 * practice_security_validation_check_container:
 * @container: a container, with its defaults
 * @field: where it is, as "spec.containers[0]"
 * @causes: where what is wrong is noted
 *
 * Checks what holds for one container.
 */
void
practice_security_validation_check_container (JsonNode *container,
                                              const char *field,
                                              PracticeCauses *causes)
{
  static const char *const ids[] = { "runAsUser", "runAsGroup", NULL };
  g_autofree char *own = g_strconcat (field, ".securityContext", NULL);
  JsonNode *context = base_json_get (container, "securityContext", NULL);

  if (context == NULL)
    return;
  validate_ids (context, ids, own, causes);
  validate_seccomp (context, own, causes);
  if (base_json_get_boolean (context, FALSE, "privileged", NULL) &&
      !base_json_get_boolean (context, TRUE, "allowPrivilegeEscalation", NULL))
    practice_causes_invalid_node (
      causes, own, context,
      "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
}
