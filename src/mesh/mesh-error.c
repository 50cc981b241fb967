/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-error.h"

/* clang-format off */
G_DEFINE_QUARK (mesh-error-quark, mesh_error)
/* clang-format on */
