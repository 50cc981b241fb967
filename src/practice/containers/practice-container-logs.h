/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the programs in containers print, kept for `kubectl logs`: the newest lines of each
 * container and of the one before its last restart, bounded in bytes. */
#define PRACTICE_TYPE_CONTAINER_LOGS (practice_container_logs_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeContainerLogs, practice_container_logs, PRACTICE, CONTAINER_LOGS, GObject)

PracticeContainerLogs *practice_container_logs_new (void);
/* @line without its line end; it gets the present time. */
void practice_container_logs_append (PracticeContainerLogs *self,
                                     const char *pod_uid,
                                     const char *container,
                                     const char *line);
/* The container starts again: what it printed so far becomes `--previous`. */
void practice_container_logs_restart (PracticeContainerLogs *self,
                                      const char *pod_uid,
                                      const char *container);
/* The pod is gone. */
void practice_container_logs_forget (PracticeContainerLogs *self, const char *pod_uid);
/* Signal "line" (const char *pod_uid, const char *container, const char *line), with its RFC 3339
 * time in front. */

G_END_DECLS
