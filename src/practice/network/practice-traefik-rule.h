/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One rule of a Traefik 1.7 frontend, such as "Host:a.com" or "PathPrefixStrip:/a; AddPrefix:/b".
 * Immutable. */
typedef struct _PracticeTraefikRule PracticeTraefikRule;

/* (nullable): NULL where it cannot be read. */
PracticeTraefikRule *practice_traefik_rule_parse (const char *text);
void practice_traefik_rule_free (PracticeTraefikRule *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeTraefikRule, practice_traefik_rule_free)

const char *practice_traefik_rule_get_text (PracticeTraefikRule *self);
/* @host: in lower case, without a port. */
gboolean
practice_traefik_rule_matches (PracticeTraefikRule *self, const char *host, const char *path);
/* (transfer full): the path that the server gets. @prefix (out) (nullable): what was stripped. */
char *practice_traefik_rule_rewrite (PracticeTraefikRule *self, const char *path, char **prefix);

/* (transfer full): a replacement in Go's way ($1, ${1}) in GRegex's. */
char *practice_traefik_rule_convert_replacement (const char *replacement);

G_END_DECLS
