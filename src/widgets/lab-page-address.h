/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

char *lab_page_address_dup (JsonNode *object, char **via);

G_END_DECLS
