/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

#include "practice-causes.h"

G_BEGIN_DECLS

/* Each returns NULL for a good name, else what is wrong, in a real server's words. */
const char *practice_names_check_subdomain (const char *name);
const char *practice_names_check_label (const char *name);
const char *practice_names_check_service (const char *name);
const char *practice_names_check_wildcard (const char *name);
const char *practice_names_check_label_key (const char *key);
const char *practice_names_check_label_value (const char *value);
const char *practice_names_check_config_key (const char *key);

/* Likewise, but all that is wrong is noted. */
gboolean practice_names_validate_port (const char *name, const char *field, PracticeCauses *causes);
void practice_names_validate_label_key (const char *key, const char *field, PracticeCauses *causes);
void practice_names_validate_segment (const char *name, const char *field, PracticeCauses *causes);
/* @labels (nullable) at @field, as metadata.labels or a selector. */
void practice_names_validate_labels (JsonObject *labels, const char *field, PracticeCauses *causes);
/* @prefix with five characters of a random kind after it, as generateName makes them. */
char *practice_names_generate (const char *prefix);

G_END_DECLS
