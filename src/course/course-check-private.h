/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-check.h"

G_BEGIN_DECLS

/* How the objects of a resource check are judged. */
typedef enum {
  COURSE_MATCH_EXISTS,
  COURSE_MATCH_ABSENT,
  COURSE_MATCH_EQUALS,
  COURSE_MATCH_REGEX,
  COURSE_MATCH_AT_LEAST,
  COURSE_MATCH_COUNT,
} CourseMatch;

struct _CourseCheck {
  GObject parent_instance;

  CourseCheckType type;
  char *says;
  char *hint;   /* nullable */
  guint within; /* seconds */
  char *when;   /* nullable: at which place it counts */
  char *until;  /* nullable: the step that undoes it on purpose: STEP, or SECTION/STEP */
  guint line;
  char *namespace_; /* nullable */

  /* resource */
  char *resource;
  char *name;         /* nullable */
  char *selector;     /* nullable */
  BaseJsonPath *path; /* nullable */
  CourseMatch match;
  JsonNode *expected; /* nullable: of equals */
  GRegex *regex;      /* nullable */
  double number;      /* of at-least, count */

  /* file; path, match and contains, too */
  char *file;
  int mode; /* -1: any */

  /* terminal; contains and regex, too */
  char *command;   /* nullable */
  char *lacks;     /* nullable */
  int exit_status; /* -1: any */

  /* reach, http; of terminal nullable, and 0 for any port */
  char *service;
  guint16 port;
  char *send;  /* nullable */
  char *reply; /* nullable */
  gboolean expect_blocked;
  char *scheme;
  char *http_host; /* nullable */
  char *http_path;
  guint http_status;
  char *contains;       /* nullable */
  guint takes_at_least; /* milliseconds; 0: no limit */
  guint takes_at_most;  /* milliseconds; 0: no limit */
  gboolean through_api;
  char *user; /* nullable: of traffic, too */

  /* traffic */
  char *traffic_host;
  guint requests;
  GHashTable *split; /* of subset to weight */
};

G_END_DECLS
