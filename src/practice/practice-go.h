/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* How a server in Go words some values in its errors. */

/* As "%v": "map[a:b c:[1 2]]" */
char *practice_go_print (JsonNode *node);
/* As "%#v" of labels: "map[string]string{"a":"b"}"; @labels is nullable. */
char *practice_go_print_labels (JsonObject *labels);
/* As "%#v" of a list: "[]string{"a", "b"}"; @array is nullable. */
char *practice_go_print_strings (JsonArray *array, const char *type);
/* As "%#v" of a number or a percentage. */
char *practice_go_print_number_or_text (JsonNode *value);
/* As "%#v" of a LabelSelector. */
char *practice_go_print_selector (JsonNode *selector);
/* Whether JSON ends before it is whole. */
gboolean practice_go_is_cut (const char *data, gsize length);

G_END_DECLS
