/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-container-logs.h"
#include "practice-container.h"

G_BEGIN_DECLS

/* The program that a container is there for: what it prints is kept, and its end is the
 * container's. Signal: "ended" (int exit_status), at most once. */
#define PRACTICE_TYPE_MAIN_PROCESS (practice_main_process_get_type ())
G_DECLARE_FINAL_TYPE (PracticeMainProcess, practice_main_process, PRACTICE, MAIN_PROCESS, GObject)

typedef struct {
  const char *pod_uid;
  const char *container;
  const char *const *argv;
  gboolean has_input;
  gboolean has_terminal;
} PracticeMainSpec;

PracticeMainProcess *practice_main_process_new (PracticeContainer *container,
                                                PracticeContainerLogs *logs,
                                                const PracticeMainSpec *spec);
/* After the signal is connected. */
void practice_main_process_start (PracticeMainProcess *self);
/* (transfer none) (nullable): to attach to. */
PracticeProcess *practice_main_process_get_process (PracticeMainProcess *self);
void practice_main_process_terminate (PracticeMainProcess *self);

G_END_DECLS
