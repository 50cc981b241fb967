/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What a real server fills in. @pod_spec is a pod's or a template's, changed in place. */
void practice_pod_defaults_apply (JsonNode *pod_spec);
/* What it does to a new pod beyond that (admission, first status): service account, tolerations,
 * priority, phase, quality of service. */
void practice_pod_defaults_admit (JsonNode *pod);

G_END_DECLS
