/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define MESH_ERROR (mesh_error_quark ())

typedef enum {
  MESH_ERROR_INVALID, /* not an object of Istio, or not a thing it can hold */
  MESH_ERROR_CHANGED, /* someone else changed what the user was changing */
} MeshError;

GQuark mesh_error_quark (void);

G_END_DECLS
