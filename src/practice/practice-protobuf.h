/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "practice-schema.h"

G_BEGIN_DECLS

/* An object as kubectl 1.32 and later sends it: "k8s\0" and a runtime.Unknown around a message of
 * @type. Errors are G_IO_ERROR_INVALID_DATA. */
JsonNode *practice_protobuf_decode (const PracticeType *type, GBytes *body, GError **error);

G_END_DECLS
