/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-finding.h"

#include <glib/gi18n-lib.h>

#include "jump-place.h"

/**
 * session_finding_new:
 * @words: (nullable): what was seen instead, in a few words
 *
 * Returns: (transfer full): a finding
 */
SessionFinding *
session_finding_new (SessionAttemptResult result, SessionSymptom symptom, const char *words)
{
  SessionFinding *self = g_new0 (SessionFinding, 1);

  self->result = result;
  self->symptom = symptom;
  self->words = g_strdup (words);
  return self;
}

SessionFinding *
session_finding_new_passed (void)
{
  return session_finding_new (SESSION_ATTEMPT_PASSED, SESSION_SYMPTOM_NONE, NULL);
}

/**
 * session_finding_new_status:
 * @status: that an answer has instead of another one
 *
 * Returns: (transfer full): a finding
 */
SessionFinding *
session_finding_new_status (guint status)
{
  /* Translators: %u is an HTTP status, such as 404 */
  g_autofree char *words = g_strdup_printf (_ ("it answers with status %u"), status);
  SessionFinding *self =
    session_finding_new (SESSION_ATTEMPT_FAILED, SESSION_SYMPTOM_ANSWERED, words);

  self->status = status;
  return self;
}

static gboolean
should_be_blocked (CourseCheck *check)
{
  return course_check_get_check_type (check) == COURSE_CHECK_REACH &&
         course_check_get_expect_blocked (check);
}

/**
 * session_finding_new_unreached:
 * @check: what was tried
 * @symptom: how far it came
 * @words: the same in a few words
 *
 * Nobody has answered. Where that should be so, silence proves it, for that is what a policy makes
 * of a connection; a refusal does not, since it comes as well where nothing listens.
 *
 * Returns: (transfer full): a finding
 */
SessionFinding *
session_finding_new_unreached (CourseCheck *check, SessionSymptom symptom, const char *words)
{
  SessionAttemptResult result = should_be_blocked (check) && symptom == SESSION_SYMPTOM_SILENT
                                  ? SESSION_ATTEMPT_PASSED
                                  : SESSION_ATTEMPT_FAILED;

  return session_finding_new (result, symptom, words);
}

SessionFinding *
session_finding_new_nameless (CourseCheck *check)
{
  return session_finding_new_unreached (check, SESSION_SYMPTOM_NAMELESS,
                                        _ ("its name is not known yet"));
}

SessionFinding *
session_finding_new_unresolved (CourseCheck *check)
{
  return session_finding_new_unreached (check, SESSION_SYMPTOM_UNRESOLVED,
                                        _ ("no name server answers"));
}

/**
 * session_finding_new_failure:
 * @check: what was tried
 * @error: why there was no connection, or no answer over it
 *
 * Returns: (transfer full): a finding
 */
SessionFinding *
session_finding_new_failure (CourseCheck *check, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT) ||
      g_error_matches (error, JUMP_ERROR, JUMP_ERROR_SILENT))
    return session_finding_new_unreached (check, SESSION_SYMPTOM_SILENT,
                                          _ ("nothing answers in time"));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED) ||
      g_error_matches (error, JUMP_ERROR, JUMP_ERROR_REFUSED))
    return session_finding_new_unreached (check, SESSION_SYMPTOM_REFUSED,
                                          _ ("the connection is refused"));
  /* ICMP: an end that a firewall or a policy keeps apart says so, or a router that finds no way */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE))
    return session_finding_new_unreached (check, SESSION_SYMPTOM_REFUSED,
                                          _ ("there is no way to it"));
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
    return session_finding_new_unreached (check, SESSION_SYMPTOM_CLOSED,
                                          _ ("the connection is closed without an answer"));
  if (g_error_matches (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_TEMPORARY_FAILURE))
    return session_finding_new_unresolved (check);
  if (error->domain == G_RESOLVER_ERROR || g_error_matches (error, JUMP_ERROR, JUMP_ERROR_NAMELESS))
    return session_finding_new_nameless (check);
  return session_finding_new_unreached (check, SESSION_SYMPTOM_BROKEN, error->message);
}

SessionFinding *
session_finding_copy (const SessionFinding *self)
{
  SessionFinding *copy = session_finding_new (self->result, self->symptom, self->words);

  copy->status = self->status;
  return copy;
}

void
session_finding_free (SessionFinding *self)
{
  g_free (self->words);
  g_free (self);
}

gboolean
session_finding_equal (const SessionFinding *a, const SessionFinding *b)
{
  return a->result == b->result && a->symptom == b->symptom && a->status == b->status &&
         g_strcmp0 (a->words, b->words) == 0;
}
