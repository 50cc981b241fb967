/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-exec-streams.h"

G_BEGIN_DECLS

/* exec and attach over SPDY/3.1: v4.channel.k8s.io. */
#define PRACTICE_TYPE_EXEC_SPDY (practice_exec_spdy_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeExecSpdy, practice_exec_spdy, PRACTICE, EXEC_SPDY, PracticeExecStreams)

PracticeExecStreams *practice_exec_spdy_new (GIOStream *stream, const PracticeExecOptions *options);

G_END_DECLS
