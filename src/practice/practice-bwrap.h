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

/* In the folder for /etc: (optional) what the jumpserver trusts. */
#define PRACTICE_JUMPSERVER_CA_BUNDLE "ca-bundle.crt"

int practice_bwrap_open_options (const PracticeBwrapPaths *paths, GError **error);
char *practice_bwrap_find_kubectl (void);
const char *practice_bwrap_find_ca_bundle (void);

/* Parts of the above, for sandboxes of another kind. */
void practice_bwrap_add (GStrvBuilder *argv, ...) G_GNUC_NULL_TERMINATED;
void practice_bwrap_add_system (GStrvBuilder *argv);
void practice_bwrap_add_host_files (GStrvBuilder *argv);
int practice_bwrap_write_options (GStrv options, GError **error);
int practice_bwrap_open_data (gconstpointer data, gsize length, GError **error);

G_END_DECLS
