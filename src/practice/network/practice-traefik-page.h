/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-traefik-config.h"

G_BEGIN_DECLS

/* (transfer full): a page of HTML with the frontends and backends of a configuration. */
char *practice_traefik_page_write (PracticeTraefikConfig *config);

G_END_DECLS
