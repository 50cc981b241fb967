/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "practice-container-logs.h"

G_BEGIN_DECLS

/* The answer to a request that follows a log: what is there, and each line that is printed, until
 * the container ends, @limit bytes (-1: none) are sent or the client goes. */
#define PRACTICE_TYPE_LOG_FOLLOWER (practice_log_follower_get_type ())
G_DECLARE_FINAL_TYPE (PracticeLogFollower, practice_log_follower, PRACTICE, LOG_FOLLOWER, GObject)

void practice_log_follower_start (PracticeContainerLogs *logs,
                                  const char *pod_uid,
                                  const char *container,
                                  gboolean timestamps,
                                  GBytes *text,
                                  gint64 limit,
                                  SoupServerMessage *message);

G_END_DECLS
