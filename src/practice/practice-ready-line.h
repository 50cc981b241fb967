/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a client that attaches prints: the contract with whoever starts the program. */
typedef struct {
  const char *program;    /* ourselves */
  const char *folder;     /* the cluster's */
  const char *etc;        /* what the jumpserver has in /etc */
  const char *kubeconfig; /* a path */
  const char *relay;      /* path of the relay's socket */
  guint port;             /* of the API */
  const char *reason;     /* (nullable): why there is no sandbox, a sentence */
} PracticeReadyLine;

char *practice_ready_line_write (const PracticeReadyLine *line);

G_END_DECLS
