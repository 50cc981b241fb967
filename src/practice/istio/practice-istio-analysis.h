/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* (transfer full): what `istioctl analyze` finds, a line each, the errors first: "Error [IST0101]
 * (VirtualService reviews.default) ...". @namespace_ (nullable): one only. */
GStrv practice_istio_analyze (PracticeStore *store, const char *namespace_);

G_END_DECLS
