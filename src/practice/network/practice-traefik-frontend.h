/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"
#include "practice-traefik-rule.h"

G_BEGIN_DECLS

typedef struct _PracticeTraefikBackend PracticeTraefikBackend;

/* What takes requests, and what is done with them before a server of its backend gets them. */
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

/* A path of an Ingress of networking.k8s.io/v1. */
typedef struct {
  JsonNode *ingress;
  const char *host;      /* "" for none */
  const char *path;      /* likewise */
  const char *path_type; /* (nullable) */
  JsonNode *service;     /* (nullable): of its backend: name and port */
} PracticeTraefikWay;

/* (nullable): an annotation of Traefik's, with or without "traefik." before it. */
const char *practice_traefik_way_get (const PracticeTraefikWay *way, const char *name);
/* (transfer full): what its frontend and its backend are called. */
char *practice_traefik_way_dup_name (const PracticeTraefikWay *way);

/* (transfer full) (nullable): NULL where the Ingress asks for what cannot be had. */
PracticeTraefikFrontend *practice_traefik_frontend_new (PracticeStore *store,
                                                        const PracticeTraefikWay *way,
                                                        const char *name,
                                                        PracticeTraefikBackend *backend);
void practice_traefik_frontend_free (PracticeTraefikFrontend *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeTraefikFrontend, practice_traefik_frontend_free)

gboolean
practice_traefik_frontend_add (PracticeTraefikFrontend *self, const PracticeTraefikWay *way);
guint practice_traefik_frontend_get_rank (const PracticeTraefikFrontend *self);
gboolean practice_traefik_frontend_matches (const PracticeTraefikFrontend *self,
                                            const char *entry_point,
                                            const char *host,
                                            const char *path);

G_END_DECLS
