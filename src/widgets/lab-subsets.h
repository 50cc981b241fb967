/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "session-lab.h"

G_BEGIN_DECLS

GStrv lab_subsets_dup (SessionResource *rules, const char *host, const char *namespace_);

G_END_DECLS
