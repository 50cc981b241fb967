/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-name-trouble.h"

#include <glib/gi18n-lib.h>

/* AWS says that it takes some minutes until a new load balancer's name resolves
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-internet-facing-load-balancers.html).
 */
#define NEW_S (10 * 60)

/* (transfer full): the place as a reader of the window knows it */
static char *
dup_place (SessionSight *sight)
{
  JumpPlace *place = session_sight_get_place (sight);
  char *title = NULL;

  if (place != NULL)
    g_object_get (place, "title", &title, NULL);
  return title != NULL ? title : g_strdup (_ ("the place"));
}

/* One in the place of another: who has the old name, in a variable or a browser, does not find it
 * any more. */
static char *
dup_remade (const SessionRecollection *past, const char *namespace_, const char *service)
{
  g_autofree char *time = session_memory_dup_time (past->remade_at);

  return g_strdup_printf (
    /* Translators: a service with its namespace, a time, and two host names; then the service and
     * its namespace again */
    _ ("The service %s/%s was deleted and made anew at %s: its name is %s now, no longer %s. A new "
       "name takes some minutes to get round. What still has the old one has to ask the cluster "
       "again: kubectl get service %s -n %s"),
    namespace_, service, time, past->address, past->old_address, service, namespace_);
}

/**
 * session_name_dup_trouble:
 *
 * The place's name servers say that there is no such name.
 *
 * Returns: (transfer full) (nullable): since when the Service has it, and what to do; %NULL where
 *   the Service was not seen
 */
char *
session_name_dup_trouble (SessionSight *sight, const char *namespace_, const char *service)
{
  const SessionRecollection *past = session_sight_recall (sight, "services", namespace_, service);
  g_autofree char *place = dup_place (sight);
  g_autofree char *time = NULL;

  if (past == NULL || past->address == NULL)
    return NULL;
  if (past->remade_at != 0 && past->old_address != NULL)
    return dup_remade (past, namespace_, service);
  time = session_memory_dup_time (past->addressed_at);
  if (g_get_real_time () / G_USEC_PER_SEC - past->addressed_at < NEW_S)
    return g_strdup_printf (
      /* Translators: a place such as "This computer", a host name, a service with its namespace,
       * and a time; then the name again */
      _ ("%s: no name server knows %s yet, which the load balancer of %s/%s has had since %s. That "
         "takes some minutes; see it come: nslookup %s"),
      place, past->address, namespace_, service, time, past->address);
  return g_strdup_printf (
    /* Translators: a place such as "This computer", a host name, a service with its namespace, and
     * a time; then the service and its namespace again */
    _ ("%s: no name server knows %s, though the load balancer of %s/%s has had it since %s. See "
       "whether it is still there: kubectl describe service %s -n %s"),
    place, past->address, namespace_, service, time, service, namespace_);
}

/**
 * session_name_dup_silence:
 *
 * The place's name servers do not say whether there is such a name.
 *
 * Returns: (transfer full): whom that concerns, and what to do
 */
char *
session_name_dup_silence (SessionSight *sight, const char *namespace_, const char *service)
{
  const SessionRecollection *past = session_sight_recall (sight, "services", namespace_, service);
  g_autofree char *place = dup_place (sight);

  return g_strdup_printf (
    /* Translators: a place such as "This computer", and a host name or a service */
    _ ("%s: its name servers are silent, so nobody knows there whether there is %s. See which they "
       "are, and whether the network is up: cat /etc/resolv.conf"),
    place, past != NULL && past->address != NULL ? past->address : service);
}
