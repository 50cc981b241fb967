/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"
#include "practice-traefik-rule.h"

G_BEGIN_DECLS

typedef struct {
  char *name; /* of the pod, or the URL */
  char *url;
  char *host; /* an IPv4 address, or a name */
  guint16 port;
  guint weight;
} PracticeTraefikServer;

typedef struct {
  char *name;
  GPtrArray *servers; /* of PracticeTraefikServer */
} PracticeTraefikBackend;

typedef struct {
  char *name;
  PracticeTraefikBackend *backend;
  GHashTable *routes; /* name to PracticeTraefikRule */
  guint priority;     /* as asked; 0: by the length of the rules */
  gboolean passes_host;
  GStrv entry_points; /* (nullable): all */

  char *redirect_entry_point; /* (nullable) */
  GRegex *redirect_regex;     /* (nullable) */
  char *redirect_replacement; /* (nullable): for g_regex_replace() */
  gboolean redirect_permanent;

  GPtrArray *sources; /* (nullable) of GInetAddressMask: the only ones allowed */
  GStrv users;        /* (nullable): "NAME:HASH" each */
} PracticeTraefikFrontend;

/* What Traefik 1.7 makes of a cluster's Ingresses. Immutable. */
typedef struct _PracticeTraefikConfig PracticeTraefikConfig;

PracticeTraefikConfig *practice_traefik_config_new (PracticeStore *store);
void practice_traefik_config_free (PracticeTraefikConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeTraefikConfig, practice_traefik_config_free)

/* (transfer none) (element-type PracticeTraefikFrontend): those tried first before others */
GPtrArray *practice_traefik_config_get_frontends (PracticeTraefikConfig *self);
/* (transfer none) (nullable) */
PracticeTraefikFrontend *practice_traefik_config_find (PracticeTraefikConfig *self,
                                                       const char *entry_point,
                                                       const char *host,
                                                       const char *path);

G_END_DECLS
