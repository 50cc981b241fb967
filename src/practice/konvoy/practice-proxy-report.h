/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-mesh.h"

G_BEGIN_DECLS

/* What `istioctl` asks of the control plane. Floating: {'op': 'proxies', 'pilot': s, "" where there
 * is none, 'version': s, 'proxies': a(ss), name and the state of its routes}, with 'synced': b */
GVariant *practice_proxy_report_new (PracticeStore *store, PracticeMesh *mesh);

/* (transfer full): what `istioctl proxy-status NAME` says: whether what the proxy of @pod has is
 * what it shall have. */
GStrv practice_proxy_report_compare (PracticeMesh *mesh, JsonNode *pod);

G_END_DECLS
