/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base-json-path.h"
#include "course-facts.h"

G_BEGIN_DECLS

typedef enum {
  COURSE_CHECK_RESOURCE,
  COURSE_CHECK_REACH,
  COURSE_CHECK_HTTP,
  COURSE_CHECK_TRAFFIC,
  COURSE_CHECK_FILE,
  COURSE_CHECK_TERMINAL,
} CourseCheckType;

/* What proves a step, as written in the course. */
#define COURSE_TYPE_CHECK (course_check_get_type ())
G_DECLARE_FINAL_TYPE (CourseCheck, course_check, COURSE, CHECK, GObject)

CourseCheckType course_check_get_check_type (CourseCheck *self);
const char *course_check_get_says (CourseCheck *self); /* the sentence, never NULL */
const char *course_check_get_hint (CourseCheck *self); /* nullable: what may help */
guint course_check_get_within (CourseCheck *self);     /* seconds */
guint course_check_get_line (CourseCheck *self);
/* (transfer full) (nullable): the section, @own where none is named, and the step that undoes it */
char *course_check_dup_until (CourseCheck *self, const char *own, char **step);
/* Whether it counts at the place of @facts (nullable). */
gboolean course_check_is_needed (CourseCheck *self, const CourseFacts *facts);

/* resource: */
const char *
course_check_get_resource (CourseCheck *self); /* "services" as written: kind part of kind/name */
const char *course_check_get_name (CourseCheck *self);      /* nullable where a selector is meant */
const char *course_check_get_namespace (CourseCheck *self); /* nullable: the course's */
const char *course_check_get_selector (CourseCheck *self);  /* nullable */
const char *course_check_get_path (CourseCheck *self);      /* nullable */
gboolean course_check_get_expect_absent (CourseCheck *self);
/* Judges the objects that the resource, name and selector single out (element-type JsonNode).
 * @observed: what was seen instead, for "why not yet", in a few words; owned by the caller. */
gboolean course_check_counts_objects (CourseCheck *self);
gboolean course_check_judge (CourseCheck *self, GPtrArray *objects, char **observed);

/* reach, http: the service whose external address is meant */
const char *course_check_get_service (CourseCheck *self);
guint16 course_check_get_port (CourseCheck *self);
const char *course_check_get_send (CourseCheck *self); /* nullable */
const char *
course_check_get_reply (CourseCheck *self); /* nullable: what the answer must start with */
gboolean course_check_get_expect_blocked (CourseCheck *self);
const char *course_check_get_scheme (CourseCheck *self);
const char *course_check_get_http_host (CourseCheck *self); /* nullable */
const char *course_check_get_http_path (CourseCheck *self);
guint course_check_get_http_status (CourseCheck *self);
const char *course_check_get_contains (CourseCheck *self); /* nullable */

/* http, traffic: nullable: who signs in first */
const char *course_check_get_user (CourseCheck *self);
/* http: the API server passes the request on */
gboolean course_check_get_through_api (CourseCheck *self);

/* file: its path at the place, ~/ for the home folder. */
const char *course_check_get_file (CourseCheck *self);
/* Judges what is there. @text: nullable: there is no such file; "" of a folder. @mode: who may do
 * what with it. */
gboolean course_check_judge_file (
  CourseCheck *self, const char *text, gsize length, guint mode, char **observed);

/* terminal: what a command typed by hand has in it (nullable) */
const char *course_check_get_command (CourseCheck *self);
/* Judges what a command has printed, and the status it ended with (-1: not known). */
gboolean
course_check_judge_output (CourseCheck *self, const char *output, int exit_status, char **observed);

/* milliseconds that the answer must and may take; 0: no limit */
guint course_check_get_takes_at_least (CourseCheck *self);
guint course_check_get_takes_at_most (CourseCheck *self);

/* traffic: its service, port and path are those of http */
const char *course_check_get_traffic_host (CourseCheck *self);
guint course_check_get_requests (CourseCheck *self);
GHashTable *course_check_get_split (CourseCheck *self); /* subset → GUINT_TO_POINTER (weight) */

/* Whether a label selector (=, ==, !=, in, notin, exists, !exists) fits an object's labels. */
gboolean course_selector_matches (const char *selector, JsonNode *object);

G_END_DECLS
