/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MESH_VERSION_SIZE 32

typedef enum {
  MESH_OUTCOME_NONE,          /* no answer came */
  MESH_OUTCOME_REVIEWS,       /* reviews, with ratings or without */
  MESH_OUTCOME_RATINGS_ERROR, /* reviews, but ratings could not be had */
  MESH_OUTCOME_REVIEWS_ERROR, /* the page, but reviews could not be had */
  MESH_OUTCOME_ANSWER,        /* of another service than reviews */
  MESH_OUTCOME_ANSWER_ERROR,  /* the same, and what it says is that it cannot */
  MESH_OUTCOME_OTHER,         /* not from the page: the gateway's own, or anybody's */
} MeshOutcome;

typedef enum {
  MESH_STARS_UNKNOWN,
  MESH_STARS_NONE,
  MESH_STARS_BLACK,
  MESH_STARS_RED,
} MeshStars;

/* One answer: of Bookinfo's page about its reviews, or of another service. Plain data. */
typedef struct {
  gint64 asked_at; /* monotonic, microseconds */
  guint latency_ms;
  guint status; /* HTTP; 0: none */
  MeshOutcome outcome;
  MeshStars stars;
  char version[MESH_VERSION_SIZE]; /* empty where it cannot be told */
} MeshAnswer;

void mesh_answer_read_json (MeshAnswer *self, guint status, const char *body, gsize length);
void mesh_answer_read_html (MeshAnswer *self, guint status, const char *body, gsize length);
gboolean mesh_answer_is_error (const MeshAnswer *self);
char *mesh_answer_dup_words (const MeshAnswer *self);

G_END_DECLS
