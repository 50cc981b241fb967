/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-trail.h"

struct _SessionTrail {
  CourseCheck *check;
  SessionChain *chain;
  CourseStage furthest; /* that the try has come through */
};

/**
 * session_trail_new:
 * @check: of the type reach, http or traffic
 * @chain: its chain
 *
 * Returns: (transfer full): of no try yet
 */
SessionTrail *
session_trail_new (CourseCheck *check, SessionChain *chain)
{
  SessionTrail *self = g_new0 (SessionTrail, 1);

  self->check = g_object_ref (check);
  self->chain = g_object_ref (chain);
  return self;
}

void
session_trail_free (SessionTrail *self)
{
  g_clear_object (&self->check);
  g_clear_object (&self->chain);
  g_free (self);
}

static void
set_furthest (SessionTrail *self, CourseStage stage)
{
  self->furthest = stage;
  session_chain_pass (self->chain, stage, g_get_monotonic_time ());
}

/**
 * session_trail_begin:
 * @address: by name or by number
 * @is_known: whether there is such a name
 *
 * A try at @address begins.
 */
void
session_trail_begin (SessionTrail *self, const char *address, gboolean is_known)
{
  g_autoptr (GArray) stages =
    course_stage_list (self->check, g_hostname_is_ip_address (address) ? COURSE_STAGES_BY_NUMBER
                                                                       : COURSE_STAGES_PLAIN);

  session_chain_set_stages (self->chain, stages);
  set_furthest (self, is_known ? COURSE_STAGE_DNS : COURSE_STAGE_HOST_NAME);
}

/**
 * session_trail_pass:
 *
 * The try has come through @stage.
 */
void
session_trail_pass (SessionTrail *self, CourseStage stage)
{
  if (stage > self->furthest)
    set_furthest (self, stage);
}

/* A place does not always tell whether it has found the name before it gave up. */
static void
fail (SessionTrail *self, SessionSymptom symptom)
{
  CourseStage first = self->furthest + 1;
  CourseStage last = MAX (first, COURSE_STAGE_PORT);

  if (symptom == SESSION_SYMPTOM_NO_SERVICE)
    first = last = COURSE_STAGE_SERVICE;
  else if (symptom == SESSION_SYMPTOM_NO_ADDRESS)
    first = last = COURSE_STAGE_ADDRESS;
  else if (symptom == SESSION_SYMPTOM_NAMELESS || symptom == SESSION_SYMPTOM_UNRESOLVED)
    first = last = COURSE_STAGE_DNS;
  else if (symptom == SESSION_SYMPTOM_REFUSED)
    first = last;
  session_chain_fail (self->chain, first, last, g_get_monotonic_time ());
}

/**
 * session_trail_end:
 * @finding: what the try has found
 */
void
session_trail_end (SessionTrail *self, const SessionFinding *finding)
{
  if (finding->result == SESSION_ATTEMPT_PASSED)
    session_chain_pass_all (self->chain, g_get_monotonic_time ());
  else if (finding->result == SESSION_ATTEMPT_FAILED)
    fail (self, finding->symptom);
}
