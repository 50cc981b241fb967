/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-fault.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define MAX_SECONDS 3600

/* What there is, in the order of its names. */
static const struct {
  const char *name;
  const char *description;
  const char *target; /* (nullable): what it may be about */
  guint seconds;      /* where the user says nothing */
} faults[PRACTICE_N_FAULTS] = {
  [PRACTICE_FAULT_API_DOWN] = { "api-down",
                                N_ ("Connections to the API server break and are refused"), NULL,
                                10 },
  [PRACTICE_FAULT_BALANCER_NEVER_READY] = { "balancer-never-ready",
                                            N_ ("New load balancers stay without an address"), NULL,
                                            0 },
  [PRACTICE_FAULT_CERTIFICATE_EXPIRED] = { "certificate-expired",
                                           N_ ("The API server's certificate has expired"), NULL,
                                           30 },
  [PRACTICE_FAULT_EXPIRED_WATCHES] = { "expired-watches",
                                       N_ ("Every watch is told once that it must begin anew"),
                                       NULL, 30 },
  [PRACTICE_FAULT_NODE_LOST] = { "node-lost", N_ ("A node is not heard of any more"), "NODE", 60 },
  [PRACTICE_FAULT_POD_CRASH] = { "pod-crash",
                                 N_ ("The program of a pod ends, and is started again"), "POD",
                                 10 },
  [PRACTICE_FAULT_SLOW] = { "slow", N_ ("Every answer of the API server takes two seconds"), NULL,
                            30 },
  [PRACTICE_FAULT_TOKEN_REVOKED] = { "token-revoked",
                                     N_ ("The API server no longer accepts the token"), NULL, 30 },
};

/**
 * practice_fault_get_name:
 * @fault: a fault
 *
 * Returns: (transfer none): what a user calls it
 */
const char *
practice_fault_get_name (PracticeFault fault)
{
  g_return_val_if_fail (fault < PRACTICE_N_FAULTS, NULL);

  return faults[fault].name;
}

/**
 * practice_fault_get_description:
 * @fault: a fault
 *
 * Returns: (transfer none): what happens, translated, without a full stop
 */
const char *
practice_fault_get_description (PracticeFault fault)
{
  g_return_val_if_fail (fault < PRACTICE_N_FAULTS, NULL);

  return _ (faults[fault].description);
}

/**
 * practice_fault_find:
 * @name: what a user wrote
 * @fault: (out): the fault
 * @error: return location
 *
 * Returns: %FALSE with %G_IO_ERROR_INVALID_ARGUMENT where there is no such fault
 */
gboolean
practice_fault_find (const char *name, PracticeFault *fault, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  g_return_val_if_fail (name != NULL && fault != NULL, FALSE);

  for (guint i = 0; i < PRACTICE_N_FAULTS; i++) {
    if (g_str_equal (faults[i].name, name)) {
      *fault = i;
      return TRUE;
    }
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", faults[i].name);
  }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               /* Translators: what the user wrote, and names of faults */
               _ ("There is no fault named “%s”. There are: %s."), name, names->str);
  return FALSE;
}

static gboolean
is_number (const char *text)
{
  return *text != '\0' && strspn (text, "0123456789") == strlen (text);
}

static gboolean
read_seconds (PracticeFaultRequest *self, const char *text, GError **error)
{
  guint64 number = g_ascii_strtoull (text, NULL, 10);

  if (number < 1 || number > MAX_SECONDS) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _ ("A fault can last from 1 to %d seconds, not %s."), MAX_SECONDS, text);
    return FALSE;
  }
  self->seconds = (guint)number;
  return TRUE;
}

/**
 * practice_fault_request_init:
 * @self: a request to fill
 * @arguments: (array zero-terminated=1): what follows "fault" on the command line
 * @error: return location
 *
 * Returns: %FALSE with %G_IO_ERROR_INVALID_ARGUMENT where it is not understood
 */
gboolean
practice_fault_request_init (PracticeFaultRequest *self,
                             const char *const *arguments,
                             GError **error)
{
  g_auto (PracticeFaultRequest) read = { 0 };
  const char *const *next = arguments + 1;

  g_return_val_if_fail (self != NULL && arguments != NULL && arguments[0] != NULL, FALSE);

  if (!practice_fault_find (arguments[0], &read.fault, error))
    return FALSE;
  read.seconds = faults[read.fault].seconds;
  if (*next != NULL && !is_number (*next) && faults[read.fault].target != NULL)
    read.target = g_strdup (*next++);
  if (*next != NULL && is_number (*next) && !read_seconds (&read, *next++, error))
    return FALSE;
  if (*next != NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 /* Translators: what the user wrote, and a command line */
                 _ ("“%s” is not understood. It is: fault %s%s%s%s [SECONDS]"), *next,
                 faults[read.fault].name, faults[read.fault].target != NULL ? " [" : "",
                 faults[read.fault].target != NULL ? faults[read.fault].target : "",
                 faults[read.fault].target != NULL ? "]" : "");
    return FALSE;
  }
  *self = read;
  read.target = NULL;
  return TRUE;
}

/**
 * practice_fault_request_clear:
 * @self: a request
 *
 * Releases what it holds.
 */
void
practice_fault_request_clear (PracticeFaultRequest *self)
{
  g_clear_pointer (&self->target, g_free);
}
