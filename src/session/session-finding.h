/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-check.h"

G_BEGIN_DECLS

typedef enum {
  SESSION_ATTEMPT_UNKNOWN, /* it could not be tried */
  SESSION_ATTEMPT_FAILED,
  SESSION_ATTEMPT_PASSED,
} SessionAttemptResult;

/* How far somebody came who wanted an answer. */
typedef enum {
  SESSION_SYMPTOM_NONE,       /* nothing is known, or nothing is wrong */
  SESSION_SYMPTOM_NO_SERVICE, /* there is nothing to ask */
  SESSION_SYMPTOM_NO_ADDRESS,
  SESSION_SYMPTOM_NAMELESS,   /* nobody knows the address by its name */
  SESSION_SYMPTOM_UNRESOLVED, /* nobody says whether there is such a name */
  SESSION_SYMPTOM_SILENT,     /* no answer in time */
  SESSION_SYMPTOM_REFUSED,    /* nothing listens, or somebody rejects */
  SESSION_SYMPTOM_CLOSED,     /* it connects, and is closed without an answer */
  SESSION_SYMPTOM_ANSWERED,   /* otherwise than it should be */
  SESSION_SYMPTOM_BROKEN,     /* for another reason */
} SessionSymptom;

/* What one try of a check of the type reach, http or traffic has found. */
typedef struct {
  SessionAttemptResult result;
  SessionSymptom symptom;
  guint status; /* of HTTP; 0: none */
  char *words;  /* (nullable): what was seen instead */
} SessionFinding;

SessionFinding *
session_finding_new (SessionAttemptResult result, SessionSymptom symptom, const char *words);
SessionFinding *session_finding_new_passed (void);
SessionFinding *session_finding_new_status (guint status);
SessionFinding *
session_finding_new_unreached (CourseCheck *check, SessionSymptom symptom, const char *words);
SessionFinding *session_finding_new_failure (CourseCheck *check, const GError *error);
SessionFinding *session_finding_new_nameless (CourseCheck *check);
SessionFinding *session_finding_new_unresolved (CourseCheck *check);
SessionFinding *session_finding_copy (const SessionFinding *self);
void session_finding_free (SessionFinding *self);
gboolean session_finding_equal (const SessionFinding *a, const SessionFinding *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SessionFinding, session_finding_free)

G_END_DECLS
