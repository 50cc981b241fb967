/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base-json-path.h"

G_BEGIN_DECLS

/* A Service's address that a command asks the cluster for, as it is run:
 * "telnet $(kubectl get service redis -o jsonpath=...)". */
typedef struct {
  char *namespace_; /* (nullable): the one that kubectl is set to */
  char *service;
  BaseJsonPath *path; /* in the Service */
} SessionNeed;

GPtrArray *session_need_list (const char *text); /* of SessionNeed */

G_END_DECLS
