/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-failure.h"
#include "session-lab.h"

G_BEGIN_DECLS

/* Who sits before it. */
typedef struct {
  guint patience_ms; /* a command that asks something for so long is not waited for */
  void (*notice) (const char *sentence, gpointer data); /* what is waited for; NULL: no longer */
  gpointer data; /* lives until the trial's callback is called */
} SessionTrialListener;

/* Plays one step in a terminal, and waits until its checks pass: its command, then its edit; where
 * the command opens an editor, the edit in its stead. Its section must be open. @text: (nullable):
 * what to type instead of the step's form that fits. @listener: (nullable): NULL: nobody. Where it
 * is cancelled the waiting ends at once; what runs in the terminal runs on, and counts as the
 * step's run when it has ended. */
void session_trial_async (SessionStep *step,
                          SessionPty *pty,
                          const char *text,
                          const SessionTrialListener *listener,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
/* @failure: (out) (nullable) (transfer full): why it did not pass. FALSE with an error only where
 * it was cancelled. */
gboolean session_trial_finish (GAsyncResult *result, SessionFailure **failure, GError **error);

G_END_DECLS
