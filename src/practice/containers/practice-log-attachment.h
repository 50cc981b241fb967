/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-container-logs.h"
#include "practice-exec-streams.h"

G_BEGIN_DECLS

/* A client attached to a container in which a program of ours stands in for the image's: it sees
 * what that prints from now on, until one of them ends, or all of what has ended already. Keeps
 * itself alive until then. */
#define PRACTICE_TYPE_LOG_ATTACHMENT (practice_log_attachment_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeLogAttachment, practice_log_attachment, PRACTICE, LOG_ATTACHMENT, GObject)

void practice_log_attachment_start (PracticeExecStreams *streams,
                                    PracticeContainerLogs *logs,
                                    const char *pod_uid,
                                    const char *container);

void practice_log_attachment_replay (PracticeExecStreams *streams,
                                     PracticeContainerLogs *logs,
                                     const char *pod_uid,
                                     const char *container);

G_END_DECLS
