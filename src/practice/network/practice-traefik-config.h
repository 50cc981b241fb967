/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"
#include "practice-traefik-frontend.h"

G_BEGIN_DECLS

typedef struct {
  char *name; /* of the pod, or the URL */
  char *url;
  char *host; /* an IPv4 address, or a name */
  guint16 port;
  guint weight;
} PracticeTraefikServer;

struct _PracticeTraefikBackend {
  char *name;
  GPtrArray *servers; /* of PracticeTraefikServer */
};

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
