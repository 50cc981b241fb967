/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-rollout.h"

#include <math.h>

#include "base-json.h"

#define HASH_LABEL "pod-template-hash"
#define HASH_ALPHABET "bcdfghjklmnpqrstvwxz2456789"

/* The arithmetic of a rolling update
 * (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment).
 */

static guint
get_replicas (JsonNode *deployment)
{
  return CLAMP (base_json_get_int (deployment, 1, "spec", "replicas", NULL), 0, G_MAXINT);
}

/* An int-or-string of the strategy: a number, or a part of the replicas such as "25%". */
static guint
resolve (JsonNode *deployment, const char *name, gboolean round_up)
{
  const char *text =
    base_json_get_string (deployment, "spec", "strategy", "rollingUpdate", name, NULL);
  double part;

  if (text == NULL &&
      base_json_get (deployment, "spec", "strategy", "rollingUpdate", name, NULL) != NULL)
    return CLAMP (
      base_json_get_int (deployment, 0, "spec", "strategy", "rollingUpdate", name, NULL), 0,
      G_MAXINT);

  part = get_replicas (deployment) * g_ascii_strtod (text != NULL ? text : "25%", NULL) / 100;

  return round_up ? ceil (part) : floor (part);
}

/**
 * practice_rollout_dup_template_hash:
 * @deployment: a Deployment
 * @collision: 0, or how many names were taken already
 *
 * Returns: (transfer full): a short name for its pod template: FNV-1a in the alphabet of
 *   generated names
 */
char *
practice_rollout_dup_template_hash (JsonNode *deployment, guint collision)
{
  g_autofree char *text =
    base_json_write (base_json_get (deployment, "spec", "template", NULL), FALSE);
  guint32 hash = 2166136261u + collision;
  g_autofree char *digits = NULL;
  GString *name = g_string_new (NULL);

  for (const char *c = text; *c != '\0'; c++)
    hash = (hash ^ (guchar)*c) * 16777619u;

  digits = g_strdup_printf ("%u", hash);
  for (const char *c = digits; *c != '\0'; c++)
    g_string_append_c (name, HASH_ALPHABET[(guchar)*c % strlen (HASH_ALPHABET)]);

  return g_string_free (name, FALSE);
}

/**
 * practice_rollout_is_of_template:
 * @replica_set: a ReplicaSet
 * @deployment: the Deployment that owns it
 *
 * Returns: whether its pods are made as the Deployment wants them now
 */
gboolean
practice_rollout_is_of_template (JsonNode *replica_set, JsonNode *deployment)
{
  g_autoptr (JsonNode) template =
    base_json_copy (base_json_get (replica_set, "spec", "template", NULL));
  JsonObject *labels = base_json_get_object (template, "metadata", "labels", NULL);

  if (labels != NULL)
    json_object_remove_member (labels, HASH_LABEL);

  return base_json_equal (template, base_json_get (deployment, "spec", "template", NULL));
}

/**
 * practice_rollout_get_surge:
 * @deployment: a Deployment
 *
 * Returns: how many pods more than its replicas a rolling update may have
 */
guint
practice_rollout_get_surge (JsonNode *deployment)
{
  return resolve (deployment, "maxSurge", TRUE);
}

/**
 * practice_rollout_get_unavailable:
 * @deployment: a Deployment
 *
 * Returns: how many of its replicas may be missing during a rolling update; at least 1 where
 *   no surge is allowed, since nothing could move else
 */
guint
practice_rollout_get_unavailable (JsonNode *deployment)
{
  guint unavailable = resolve (deployment, "maxUnavailable", FALSE);

  return unavailable == 0 && practice_rollout_get_surge (deployment) == 0 ? 1 : unavailable;
}

/**
 * practice_rollout_scale_up:
 * @deployment: a Deployment
 * @new_count: replicas that the new ReplicaSet asks for now
 * @total: replicas that all its ReplicaSets ask for now
 *
 * Returns: replicas that the new ReplicaSet shall ask for
 */
guint
practice_rollout_scale_up (JsonNode *deployment, guint new_count, guint total)
{
  guint replicas = get_replicas (deployment);
  guint most = replicas + practice_rollout_get_surge (deployment);

  if (new_count >= replicas)
    return replicas;
  if (total >= most)
    return new_count;

  return MIN (replicas, new_count + most - total);
}

/**
 * practice_rollout_get_scale_down:
 * @deployment: a Deployment
 * @total: replicas that all its ReplicaSets ask for now
 * @new_unavailable: how many of the new ones are not available yet
 *
 * Returns: how many replicas may be taken from the old ReplicaSets
 */
guint
practice_rollout_get_scale_down (JsonNode *deployment, guint total, guint new_unavailable)
{
  guint replicas = get_replicas (deployment);
  guint may_miss = MIN (practice_rollout_get_unavailable (deployment), replicas);
  guint needed = replicas - may_miss + new_unavailable;

  return total > needed ? total - needed : 0;
}
