/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-deadlines.h"
#include "practice-image-catalog.h"
#include "practice-store.h"

G_BEGIN_DECLS

/* One look of a kubelet at one pod: what has to happen next to each of its containers. */
typedef struct {
  PracticeStore *store;
  PracticeImageCatalog *images;
  PracticeDeadlines *deadlines;
  GHashTable *pulled;   /* "node image": what need not be pulled again */
  GHashTable *attached; /* names of volumes and the uids of the pods that got them last */
  JsonNode *pod;        /* as it is stored */
  JsonNode *next;       /* a copy of it, being changed */
  guint wait;           /* milliseconds until it is worth another look; 0: nothing to wait for */
} PracticePodRound;

void practice_pod_round_run (PracticePodRound *self);
/* The first container that runs fails, and is started again after so long. */
void practice_pod_round_crash (PracticePodRound *self, guint milliseconds);

G_END_DECLS
