/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-course.h"
#include "course-progress.h"
#include "course-section.h"
#include "jump-place.h"
#include "kube-client.h"
#include "kube-list.h"
#include "session-memory.h"
#include "session-pages.h"
#include "session-step.h"
#include "session-typing.h"

G_BEGIN_DECLS

typedef enum {
  SESSION_LAB_OFFLINE, /* not connected yet, or given up; "error" says why */
  SESSION_LAB_CONNECTING,
  SESSION_LAB_ONLINE, /* place connected, API answered once */
} SessionLabState;

GType session_lab_state_get_type (void);
#define SESSION_TYPE_LAB_STATE (session_lab_state_get_type ())

/* A student's work: a place, its client and lists, a course with its progress. Properties: "state",
 * "error", "client" (nullable), "course", "place", "progress", "server-version", "istio-version",
 * "apis" (strv, nullable), "addresses" (strv), "exec-argv" (strv, nullable), "trouble" (GError,
 * nullable). Signal "fallen-changed". The lists exist from the start and outlive a reconnect:
 * panels bind once. */
#define SESSION_TYPE_LAB (session_lab_get_type ())
G_DECLARE_FINAL_TYPE (SessionLab, session_lab, SESSION, LAB, GObject)

SessionLab *session_lab_new (CourseCourse *course,
                             JumpPlace *place,
                             CourseProgress *progress,
                             const char *context_name);
CourseCourse *session_lab_get_course (SessionLab *self);
void session_lab_set_course (SessionLab *self, CourseCourse *course);
JumpPlace *session_lab_get_place (SessionLab *self);
CourseProgress *session_lab_get_progress (SessionLab *self);
SessionPages *session_lab_get_pages (SessionLab *self);
KubeClient *session_lab_get_client (SessionLab *self); /* nullable */
SessionLabState session_lab_get_state (SessionLab *self);
const GError *session_lab_get_error (SessionLab *self);
void session_lab_connect_async (SessionLab *self,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean session_lab_connect_finish (SessionLab *self, GAsyncResult *result, GError **error);
void session_lab_disconnect (SessionLab *self);
/* (nullable): online, and yet the cluster does not answer */
const GError *session_lab_get_trouble (SessionLab *self);
/* (nullable): the kubeconfig's program that has to run at the place, and that the user has not
 * agreed to yet. Agreeing to that very command line connects anew. */
const char *const *session_lab_get_exec_argv (SessionLab *self);
void session_lab_approve_exec (SessionLab *self);
/* A SessionResource wraps the KubeList of a kind over reconnects. @name as kube_kind_lookup()
 * takes. Never NULL for a known kind. The list is all namespaces. It is watched while someone holds
 * session_resource_hold(). */
#define SESSION_TYPE_RESOURCE (session_resource_get_type ())
G_DECLARE_FINAL_TYPE (SessionResource, session_resource, SESSION, RESOURCE, GObject)
SessionResource *session_lab_get_resource (SessionLab *self, const char *name);
/* Live state of a step: made once per CourseStep. */
SessionStep *session_lab_get_step (SessionLab *self, CourseSection *section, CourseStep *step);
/* The section on the screen: its checks are live, its probes run. NULL: none. */
void session_lab_set_open_section (SessionLab *self, CourseSection *section);
/* Of it, and of those that were open, what is done and no longer so: a set of CourseStep. */
GHashTable *session_lab_get_fallen (SessionLab *self);
guint session_lab_count_fallen (SessionLab *self, CourseSection *section);
/* A command that was typed by hand has ended, as SessionTranscript tells: a step of the open
 * section may have been run by it. */
void session_lab_take_command (SessionLab *self, const SessionTyped *typed);
/* (nullable) */
void session_lab_set_student (SessionLab *self, const char *student);
/* Facts that pick a step's form, and fill its templates. */
void session_lab_get_facts (SessionLab *self, CourseFacts *facts);
SessionMemory *session_lab_get_memory (SessionLab *self);
GStrv session_lab_dup_shell_lines (SessionLab *self, CourseSection *section);

/* GListModel of KubeObject with the properties of the present KubeList: "state" (KubeListState),
 * "error", "synced-at"; signal "updated". */
void session_resource_hold (SessionResource *self);
void session_resource_release (SessionResource *self);
KubeListState session_resource_get_state (SessionResource *self);
const GError *session_resource_get_error (SessionResource *self);
gint64 session_resource_get_synced_at (SessionResource *self);
const KubeKind *session_resource_get_kind (SessionResource *self);
const char *session_resource_get_namespace (SessionResource *self);
void session_resource_retry (SessionResource *self);
KubeObject *session_resource_find (SessionResource *self, const char *namespace_, const char *name);

G_END_DECLS
