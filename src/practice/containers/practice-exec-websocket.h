/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-exec-streams.h"

G_BEGIN_DECLS

/* exec and attach over WebSocket: v5.channel.k8s.io and v4.channel.k8s.io. */
#define PRACTICE_TYPE_EXEC_WEBSOCKET (practice_exec_websocket_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeExecWebsocket, practice_exec_websocket, PRACTICE, EXEC_WEBSOCKET, PracticeExecStreams)

PracticeExecStreams *
practice_exec_websocket_new (GIOStream *stream, const PracticeExecOptions *options);

G_END_DECLS
