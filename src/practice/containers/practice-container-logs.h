/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the programs in containers print, kept for `kubectl logs`: the newest lines of each
 * container and of the one before its last restart, bounded in bytes. Main thread only. */
#define PRACTICE_TYPE_CONTAINER_LOGS (practice_container_logs_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeContainerLogs, practice_container_logs, PRACTICE, CONTAINER_LOGS, GObject)

/* Which of the lines are wanted, and how. */
typedef struct {
  gint64 tail;         /* the last so many; -1: all */
  gint64 since;        /* none before, in microseconds since 1970; 0: all */
  gboolean timestamps; /* with its time before each line */
} PracticeLogSelection;

PracticeContainerLogs *practice_container_logs_new (void);
/* @line without its line end; it gets the present time. */
void practice_container_logs_append (PracticeContainerLogs *self,
                                     const char *pod_uid,
                                     const char *container,
                                     const char *line);
/* The container has ended: who follows it has seen all. */
void practice_container_logs_end (PracticeContainerLogs *self,
                                  const char *pod_uid,
                                  const char *container);
/* The container starts again: what it printed so far becomes `--previous`. */
void practice_container_logs_restart (PracticeContainerLogs *self,
                                      const char *pod_uid,
                                      const char *container);
/* The pod is gone. */
void practice_container_logs_forget (PracticeContainerLogs *self, const char *pod_uid);

/* (transfer full): the lines, each with its line end. */
GBytes *practice_container_logs_dup_text (PracticeContainerLogs *self,
                                          const char *pod_uid,
                                          const char *container,
                                          gboolean previous,
                                          const PracticeLogSelection *selection);
gboolean practice_container_logs_has_ended (PracticeContainerLogs *self,
                                            const char *pod_uid,
                                            const char *container);
/* Signals: "line" (const char *pod_uid, const char *container, const char *line), with its RFC 3339
 * time in front; "ended" (const char *pod_uid, const char *container), of each that ends, starts
 * again or goes. */

G_END_DECLS
