/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-kind.h"

G_BEGIN_DECLS

const KubeKind *kube_kind_get_all (gsize *n_kinds);

G_END_DECLS
