/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-check.h"
#include "kube-object.h"

G_BEGIN_DECLS

/* What was seen of single objects, for who has to tell what is not there any more, or not the same,
 * from what has never been. Times are Unix seconds. */
typedef struct _SessionMemory SessionMemory;

typedef struct {
  gint64 seen_at;   /* last */
  gint64 gone_at;   /* that was seen; 0: it is there, or nobody was looking */
  gint64 remade_at; /* when one of the same name came in its place; 0: never */
  char *address;    /* (nullable): of a Service, from outside */
  gint64 addressed_at;
  char *old_address; /* (nullable): of the one in whose place it came */
} SessionRecollection;

/* What a check singles out that names no object. */
typedef struct {
  GPtrArray *names; /* (nullable): of those that were there when all was as it should be; NULL: that
                     * is not known */
  gint64 seen_at;   /* when that was */
  gint64 gone_at;   /* when one of them was missed; 0: none, or nobody was looking */
} SessionGroup;

SessionMemory *session_memory_new (void);
void session_memory_free (SessionMemory *self);
void
session_memory_see (SessionMemory *self, const char *kind, KubeObject *object, const char *address);
void session_memory_miss (SessionMemory *self,
                          const char *kind,
                          const char *namespace_,
                          const char *name);
void session_memory_assume (
  SessionMemory *self, const char *kind, const char *namespace_, const char *name, gint64 seen_at);
const SessionRecollection *session_memory_recall (SessionMemory *self,
                                                  const char *kind,
                                                  const char *namespace_,
                                                  const char *name);
/* @check: names a kind, and perhaps a selector */
void session_memory_see_group (SessionMemory *self,
                               CourseCheck *check,
                               const char *namespace_,
                               GPtrArray *objects);
void session_memory_miss_group (SessionMemory *self,
                                CourseCheck *check,
                                const char *namespace_,
                                GPtrArray *objects);
void session_memory_assume_group (SessionMemory *self,
                                  CourseCheck *check,
                                  const char *namespace_,
                                  gint64 seen_at);
const SessionGroup *
session_memory_recall_group (SessionMemory *self, CourseCheck *check, const char *namespace_);
GPtrArray *session_group_list_missing (const SessionGroup *self, GPtrArray *objects);
char *session_memory_dup_time (gint64 time);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SessionMemory, session_memory_free)

G_END_DECLS
