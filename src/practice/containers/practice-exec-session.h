/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-container-logs.h"
#include "practice-container.h"
#include "practice-exec-streams.h"

G_BEGIN_DECLS

/* One exec or attach: a client's streams and a program's, for as long as both are there. Keeps
 * itself alive until then. */
#define PRACTICE_TYPE_EXEC_SESSION (practice_exec_session_get_type ())
G_DECLARE_FINAL_TYPE (PracticeExecSession, practice_exec_session, PRACTICE, EXEC_SESSION, GObject)

/* What is known of a program that a client is attached to. */
typedef struct {
  PracticeContainerLogs *logs; /* of what containers print */
  const char *pod_uid;
  const char *container;
  gboolean ends_input; /* it shall read an end of file after the client */
} PracticeAttachment;

/* The program ends with the client. */
void practice_exec_session_start_exec (PracticeExecStreams *streams,
                                       PracticeContainer *container,
                                       const char *const *argv);
/* The program goes on. */
void practice_exec_session_start_attach (PracticeExecStreams *streams,
                                         PracticeProcess *process,
                                         const PracticeAttachment *attachment);

G_END_DECLS
