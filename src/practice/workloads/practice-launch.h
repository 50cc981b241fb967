/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-container-logs.h"
#include "practice-http-handler.h"
#include "practice-image-catalog.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What a program in a container is started with. */
typedef struct {
  PracticePeer *peer; /* the pod */
  char *pod_uid;
  char *container;
  char *image;
  char **arguments;              /* those of the container, or of its image */
  GHashTable *environment;       /* name to value, the image's own among them */
  gboolean has_input;            /* somebody may type into it */
  guint16 port;                  /* that the image listens at; 0: its program says */
  PracticeHttpHandler *outbound; /* (nullable): where its requests go */
  PracticeContainerLogs *logs;   /* (nullable): where its output goes */
  guint haste;                   /* its time limits are divided by this; 1 but in tests */
} PracticeLaunch;

PracticeLaunch *practice_launch_new (PracticeImageCatalog *images,
                                     JsonNode *pod,
                                     JsonNode *container,
                                     char **environment,
                                     PracticeHttpHandler *outbound,
                                     PracticeContainerLogs *logs);
void practice_launch_free (PracticeLaunch *self);
const char *practice_launch_get (PracticeLaunch *self, const char *name, const char *fallback);
gboolean practice_launch_is_tagged_since (PracticeLaunch *self, guint major, guint minor);
void practice_launch_print (PracticeLaunch *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeLaunch, practice_launch_free)

G_END_DECLS
