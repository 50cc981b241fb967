/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where the jumpserver's parts are on this computer. */
typedef struct {
  const char *program; /* konvoy-practice */
  const char *home;    /* what /home/centos is */
  const char *etc;     /* a folder of files for /etc */
  const char *sockets; /* what /run/konvoy is */
  const char *kubectl; /* (nullable) */
} PracticeBwrapPaths;

/* Names inside. */
#define PRACTICE_JUMPSERVER_HOME "/home/centos"
#define PRACTICE_JUMPSERVER_SOCKETS "/run/konvoy"
#define PRACTICE_JUMPSERVER_PROGRAM "/opt/konvoy/libexec/konvoy-practice"

int practice_bwrap_open_options (const PracticeBwrapPaths *paths, GError **error);
char *practice_bwrap_find_kubectl (void);

G_END_DECLS
