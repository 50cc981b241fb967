/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define BASE_TYPE_REDACTOR (base_redactor_get_type ())
G_DECLARE_FINAL_TYPE (BaseRedactor, base_redactor, BASE, REDACTOR, GObject)

/* Replaces known secrets, and what looks like one (bearer tokens, PEM keys), by "•••". */
BaseRedactor *base_redactor_new (void);
void base_redactor_add_secret (BaseRedactor *self, const char *secret);
char *base_redactor_redact (BaseRedactor *self, const char *text);

G_END_DECLS
