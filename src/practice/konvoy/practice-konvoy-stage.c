/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "practice-addon-client.h"
#include "practice-konvoy-stage.h"

/* A load balancer's address takes a moment. */
#define PORTAL_TRIES 60
#define PORTAL_PAUSE (250 * G_TIME_SPAN_MILLISECOND)

/**
 * practice_konvoy_stage_begin:
 * @name: as Konvoy names it
 *
 * Prints the headline of a stage.
 */
void
practice_konvoy_stage_begin (const char *name)
{
  g_print ("\nSTAGE [%s]\n", name);
  fflush (stdout);
}

/**
 * practice_konvoy_stage_provision:
 *
 * Prints the stage in which Konvoy has Terraform look after the machines. Those of the practice
 * cluster are always there.
 */
void
practice_konvoy_stage_provision (void)
{
  practice_konvoy_stage_begin ("Provisioning Infrastructure");
  g_print ("\nInitializing provider plugins...\n\nTerraform has been successfully initialized!\n");
}

/**
 * practice_konvoy_stage_print:
 * @what: a node, an add-on
 * @is_good: the verdict
 *
 * Prints a line of a stage.
 */
void
practice_konvoy_stage_print (const char *what, gboolean is_good)
{
  g_print ("%-71s[%s]\n", what, is_good ? "OK" : "ERROR");
  fflush (stdout);
}

/**
 * practice_konvoy_stage_check:
 * @name: of the stage
 * @op: what to ask the owner: "nodes" or "addons"
 * @wanted: (nullable): only these; each that the owner does not name is wrong
 * @complaints: (element-type utf8): gets what is wrong, a line each
 * @error: return location for an error
 *
 * Prints a whole stage.
 *
 * Returns: %FALSE where the owner does not answer
 */
gboolean
practice_konvoy_stage_check (const char *name,
                             const char *op,
                             const char *const *wanted,
                             GPtrArray *complaints,
                             GError **error)
{
  g_autoptr (GVariant) answer =
    practice_addon_client_ask (g_variant_new_parsed ("{'op': <%s>}", op), error);
  g_autoptr (GVariantIter) iter = NULL;
  const char *what;
  const char *complaint;

  if (!answer)
    return FALSE;
  practice_konvoy_stage_begin (name);
  if (!g_variant_lookup (answer, "states", "a(ss)", &iter))
    return TRUE;
  while (g_variant_iter_next (iter, "(&s&s)", &what, &complaint)) {
    if (wanted && !g_strv_contains (wanted, what))
      continue;
    practice_konvoy_stage_print (what, !*complaint);
    if (*complaint)
      g_ptr_array_add (complaints, g_strdup_printf ("%s: %s", what, complaint));
  }

  return TRUE;
}

/**
 * practice_konvoy_stage_print_portal:
 * @error: return location for an error
 *
 * Prints where the ops portal is and how to log in, once the load balancer before it has an
 * address.
 *
 * Returns: %FALSE where there is no portal
 */
gboolean
practice_konvoy_stage_print_portal (GError **error)
{
  g_autoptr (GVariant) answer = NULL;
  const char *url = "";
  const char *username = "";
  const char *password = "";

  for (guint i = 0; i < PORTAL_TRIES && !*url; i++) {
    if (answer)
      g_usleep (PORTAL_PAUSE);
    g_clear_pointer (&answer, g_variant_unref);
    answer = practice_addon_client_ask (g_variant_new_parsed ("{'op': <'portal'>}"), error);
    if (!answer)
      return FALSE;
    g_variant_lookup (answer, "url", "&s", &url);
  }
  if (!*url) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                         _ ("the load balancer of Traefik has no address yet. Try “konvoy get "
                            "ops-portal” in a moment."));
    return FALSE;
  }
  g_variant_lookup (answer, "username", "&s", &username);
  g_variant_lookup (answer, "password", "&s", &password);
  g_print ("\n%s\n  %s\n%s\n  %s: %s\n  %s: %s\n\n%s\n",
           _ ("Navigate to this URL for the services that run in the cluster."), url,
           _ ("And log in with these credentials."), _ ("Username"), username, _ ("Password"),
           password, _ ("In a cluster that is new, they may need a moment to answer."));

  return TRUE;
}
