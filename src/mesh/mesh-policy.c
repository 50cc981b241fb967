/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-policy.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "mesh-duration.h"
#include "mesh-shares.h"

static double
get_number (JsonNode *node, double fallback)
{
  GType type = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : 0;

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE ? json_node_get_double (node) : fallback;
}

/* Without a percentage a fault hits nobody. */
static double
get_fault_share (JsonNode *fault)
{
  if (base_json_get (fault, "percentage", NULL) != NULL)
    return get_number (base_json_get (fault, "percentage", "value", NULL), 0);
  return get_number (base_json_get (fault, "percent", NULL), 0);
}

static void
add_delay (GPtrArray *sentences, JsonNode *delay)
{
  const char *text = base_json_get_string (delay, "fixedDelay", NULL);
  g_autofree char *time = mesh_duration_dup_words (text);
  double share = get_fault_share (delay);

  if (text == NULL || share <= 0)
    return;
  if (share >= 100)
    /* Translators: %s is a time such as "2 s" */
    g_ptr_array_add (sentences, g_strdup_printf (_ ("Each request is held up for %s."), time));
  else
    /* Translators: a share in percent, and a time such as "2 s" */
    g_ptr_array_add (
      sentences, g_strdup_printf (_ ("%g %% of the requests are held up for %s."), share, time));
}

static void
add_abort (GPtrArray *sentences, JsonNode *abort_)
{
  int status = (int)CLAMP (base_json_get_int (abort_, 0, "httpStatus", NULL), 0, G_MAXINT);
  double share = get_fault_share (abort_);

  if (abort_ == NULL || share <= 0)
    return;
  if (status == 0)
    g_ptr_array_add (
      sentences, share >= 100
                   ? g_strdup (_ ("Each request is answered with an error on purpose."))
                   /* Translators: a share in percent */
                   : g_strdup_printf (
                       _ ("%g %% of the requests are answered with an error on purpose."), share));
  else if (share >= 100)
    /* Translators: %d is an HTTP status such as 500 */
    g_ptr_array_add (sentences,
                     g_strdup_printf (_ ("Each request fails with status %d on purpose."), status));
  else
    /* Translators: a share in percent, and an HTTP status such as 500 */
    g_ptr_array_add (
      sentences,
      g_strdup_printf (_ ("%g %% of the requests fail with status %d on purpose."), share, status));
}

static gboolean
has_timeout (JsonNode *route)
{
  gint64 us;

  return mesh_duration_parse (base_json_get_string (route, "timeout", NULL), &us) && us > 0;
}

static void
add_timeout (GPtrArray *sentences, JsonNode *route)
{
  g_autofree char *time = mesh_duration_dup_words (base_json_get_string (route, "timeout", NULL));

  if (has_timeout (route))
    /* Translators: a route's timeout; %s is a time such as "0.5 s" */
    g_ptr_array_add (sentences, g_strdup_printf (_ ("Gives up after %s."), time));
}

static void
add_retries (GPtrArray *sentences, JsonNode *retries)
{
  int n = (int)CLAMP (base_json_get_int (retries, 0, "attempts", NULL), 0, G_MAXINT);
  const char *on = base_json_get_string (retries, "retryOn", NULL);
  const char *per_try = base_json_get_string (retries, "perTryTimeout", NULL);
  g_autofree char *time = mesh_duration_dup_words (per_try);
  char *text = NULL;

  if (retries == NULL)
    return;
  if (n == 0)
    text = g_strdup (_ ("A request that fails is not tried again."));
  else if (on != NULL && *on != '\0')
    text =
      /* Translators: %s is what counts as a failure, such as "5xx,reset" */
      g_strdup_printf (ngettext ("%d more try where a request fails with %s.",
                                 "Up to %d more tries where a request fails with %s.", (gulong)n),
                       n, on);
  else
    text = g_strdup_printf (ngettext ("%d more try where a request fails.",
                                      "Up to %d more tries where a request fails.", (gulong)n),
                            n);
  g_ptr_array_add (sentences, text);
  if (n > 0 && per_try != NULL)
    /* Translators: %s is a time such as "2 s" */
    g_ptr_array_add (sentences, g_strdup_printf (_ ("Each try may take %s."), time));
}

/* (https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRoute) */
static void
add_conflict (GPtrArray *sentences, JsonNode *route)
{
  gboolean has_fault = get_fault_share (base_json_get (route, "fault", "delay", NULL)) > 0 ||
                       get_fault_share (base_json_get (route, "fault", "abort", NULL)) > 0;
  gboolean has_retries = base_json_get (route, "retries", NULL) != NULL;

  if (!has_fault)
    return;
  if (has_timeout (route) && has_retries)
    g_ptr_array_add (sentences, g_strdup (_ ("Istio leaves the timeout and the retries out of "
                                             "account here, because the route has a fault.")));
  else if (has_timeout (route))
    g_ptr_array_add (sentences, g_strdup (_ ("Istio leaves the timeout out of account here, "
                                             "because the route has a fault.")));
  else if (has_retries)
    g_ptr_array_add (sentences, g_strdup (_ ("Istio leaves the retries out of account here, "
                                             "because the route has a fault.")));
}

static void
add_mirror (GPtrArray *sentences, JsonNode *object, JsonNode *destination, double share)
{
  g_autofree char *name = mesh_shares_dup_name (object, destination);

  if (destination == NULL || share <= 0)
    return;
  if (share >= 100)
    /* Translators: %s is a version of a service, such as v2 */
    g_ptr_array_add (sentences, g_strdup_printf (_ ("A copy of each request goes to %s."), name));
  else
    /* Translators: a share in percent, and a version of a service, such as v2 */
    g_ptr_array_add (
      sentences, g_strdup_printf (_ ("A copy of %g %% of the requests goes to %s."), share, name));
}

/* One as in every Istio, its share by the three names that it had in time, or a list (since 1.17).
 */
static void
add_mirrors (GPtrArray *sentences, JsonNode *object, JsonNode *route)
{
  JsonArray *mirrors = base_json_get_array (route, "mirrors", NULL);
  guint n_mirrors = base_json_get_length (mirrors);
  double share = get_number (base_json_get (route, "mirror_percent", NULL), 100);

  share = get_number (base_json_get (route, "mirrorPercent", NULL), share);
  if (base_json_get (route, "mirrorPercentage", NULL) != NULL)
    share = get_number (base_json_get (route, "mirrorPercentage", "value", NULL), 0);
  add_mirror (sentences, object, base_json_get (route, "mirror", NULL), share);
  for (guint i = 0; i < n_mirrors; i++) {
    JsonNode *mirror = json_array_get_element (mirrors, i);

    add_mirror (sentences, object, base_json_get (mirror, "destination", NULL),
                get_number (base_json_get (mirror, "percentage", "value", NULL), 100));
  }
}

static void
add_rewrite (GPtrArray *sentences, JsonNode *route)
{
  const char *uri = base_json_get_string (route, "rewrite", "uri", NULL);
  const char *authority = base_json_get_string (route, "rewrite", "authority", NULL);

  if (uri != NULL)
    /* Translators: a rule changes the path of requests; %s is a path such as /reviews */
    g_ptr_array_add (sentences, g_strdup_printf (_ ("The path that fitted becomes %s."), uri));
  if (authority != NULL)
    /* Translators: a rule changes the host that a request is for */
    g_ptr_array_add (sentences, g_strdup_printf (_ ("The host becomes %s."), authority));
  if (base_json_get_object (route, "headers", NULL) != NULL)
    g_ptr_array_add (sentences, g_strdup (_ ("Headers are changed on the way.")));
}

/**
 * mesh_policy_add_sentences:
 * @sentences: (element-type utf8): gets whole sentences
 * @object: a VirtualService
 * @route: an HTTP route of it
 *
 * Says what happens to the requests of a route besides where they go.
 */
void
mesh_policy_add_sentences (GPtrArray *sentences, JsonNode *object, JsonNode *route)
{
  add_rewrite (sentences, route);
  add_delay (sentences, base_json_get (route, "fault", "delay", NULL));
  add_abort (sentences, base_json_get (route, "fault", "abort", NULL));
  add_timeout (sentences, route);
  add_retries (sentences, base_json_get (route, "retries", NULL));
  add_conflict (sentences, route);
  add_mirrors (sentences, object, route);
}
