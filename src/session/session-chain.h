/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-wait.h"

G_BEGIN_DECLS

typedef enum {
  SESSION_STAGE_NOT_YET, /* one before it is not so */
  SESSION_STAGE_UNDER_WAY,
  SESSION_STAGE_DONE,
  SESSION_STAGE_FALLEN, /* all was so, and this is so no more */
} SessionStageState;

/* Signal "changed". Times that are handed in are of g_get_monotonic_time(). */
#define SESSION_TYPE_CHAIN (session_chain_get_type ())
G_DECLARE_FINAL_TYPE (SessionChain, session_chain, SESSION, CHAIN, GObject)

SessionChain *session_chain_new (const GArray *stages);
void session_chain_set_stages (SessionChain *self, const GArray *stages);
void session_chain_begin (SessionChain *self, gint64 now);
void session_chain_begin_anew (SessionChain *self, gint64 now);
void session_chain_pass (SessionChain *self, CourseStage stage, gint64 now);
void session_chain_pass_all (SessionChain *self, gint64 now);
void session_chain_fail (SessionChain *self, CourseStage first, CourseStage last, gint64 now);
void session_chain_set_count (SessionChain *self, CourseStage stage, guint n, guint of);
gboolean session_chain_restore (SessionChain *self, const GArray *stages, const CourseWait *wait);
CourseWait *session_chain_dup_wait (SessionChain *self, const char *says);

gboolean session_chain_is_whole (SessionChain *self);
gboolean session_chain_is_telling (SessionChain *self);
guint session_chain_get_n_stages (SessionChain *self);
CourseStage session_chain_get_stage (SessionChain *self, guint index);
SessionStageState session_chain_get_state (SessionChain *self, guint index);
guint session_chain_get_count (SessionChain *self, guint index, guint *n);
gint64 session_chain_get_ms (SessionChain *self, guint index);
gint64 session_chain_get_passed_at (SessionChain *self, guint index);
gint64 session_chain_get_confirmed_at (SessionChain *self);

G_END_DECLS
