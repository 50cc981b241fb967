/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A label selector ("app=redis,tier in (a, b),!old") or a field selector
 * ("metadata.name=x,status.phase!=Running"), read from a request or from an object's
 * LabelSelector. Immutable. */
typedef struct _PracticeSelector PracticeSelector;

/* (nullable) @text; errors are G_IO_ERROR_INVALID_ARGUMENT in a real server's words. */
PracticeSelector *practice_selector_parse_labels (const char *text, GError **error);
PracticeSelector *practice_selector_parse_fields (const char *text, GError **error);
/* matchLabels and matchExpressions; NULL selects nothing, an empty one all. */
PracticeSelector *practice_selector_new_from_object (JsonNode *selector);
void practice_selector_free (PracticeSelector *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PracticeSelector, practice_selector_free)

gboolean practice_selector_matches_labels (PracticeSelector *self, JsonNode *object);
gboolean practice_selector_matches_map (PracticeSelector *self, JsonObject *labels);
gboolean practice_selector_matches_fields (PracticeSelector *self, JsonNode *object);
gboolean practice_selector_is_empty (PracticeSelector *self);
/* The field that is asked for and not in @known (NULL terminated); NULL: none. */
const char *practice_selector_find_unknown_field (PracticeSelector *self, const char *const *known);

G_END_DECLS
