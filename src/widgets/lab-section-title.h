/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *lab_section_title_split (const char *title, char **number);

G_END_DECLS
