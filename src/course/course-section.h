/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "course-step.h"

G_BEGIN_DECLS

typedef enum {
  COURSE_BLOCK_HEADING,
  COURSE_BLOCK_PARAGRAPH,
  COURSE_BLOCK_LIST_ITEM, /* depth and marker ("1." or "•", "" where an item goes on) */
  COURSE_BLOCK_QUOTE,
  COURSE_BLOCK_IMAGE,     /* path, alternative text */
  COURSE_BLOCK_CODE,      /* shown only */
  COURSE_BLOCK_TABLE_ROW, /* a tab between cells; level 1: the head */
  COURSE_BLOCK_RULE,
  COURSE_BLOCK_STEP,
} CourseBlockType;

typedef struct {
  CourseBlockType type;
  guint level;    /* of a heading; depth of a list item */
  char *marker;   /* of a list item */
  char *markup;   /* Pango markup, escaped; links only http, https and #section */
  char *text;     /* code, or the same as markup without markup */
  char *language; /* of code */
  char *path;     /* of an image: absolute, inside the course's folder */
  guint width;    /* of an image, in pixels, as it says of itself; 0: it does not */
  guint height;
  CourseStep *step;
} CourseBlock;

#define COURSE_TYPE_SECTION (course_section_get_type ())
G_DECLARE_FINAL_TYPE (CourseSection, course_section, COURSE, SECTION, GObject)

const char *course_section_get_id (CourseSection *self);
const char *course_section_get_title (CourseSection *self);
const char *course_section_get_group (CourseSection *self); /* nullable: "7 Traffic management" */
const char *course_section_get_panel (CourseSection *self); /* nullable: "services", "traffic" */
guint course_section_get_minutes (CourseSection *self);
const char *const *course_section_get_objectives (CourseSection *self);
const char *const *
course_section_get_shell (CourseSection *self); /* lines typed before the first step */
const char *const *course_section_get_needs (CourseSection *self); /* ids of sections */
GPtrArray *course_section_get_blocks (CourseSection *self);        /* of CourseBlock, in order */
GPtrArray *
course_section_get_steps (CourseSection *self); /* of CourseStep that run, numbered from 1 */
CourseStep *course_section_find_step (CourseSection *self, const char *id);

G_END_DECLS
