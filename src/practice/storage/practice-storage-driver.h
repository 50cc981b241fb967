/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

/* The CSI driver of Konvoy's add-on awsebscsiprovisioner. */
#define PRACTICE_STORAGE_DRIVER "ebs.csi.aws.com"
#define PRACTICE_STORAGE_DRIVER_COMPONENT PRACTICE_STORAGE_DRIVER "_ebs-csi-controller"
#define PRACTICE_STORAGE_DRIVER_ZONE "topology." PRACTICE_STORAGE_DRIVER "/zone"

gboolean practice_storage_driver_is_running (PracticeStore *store);
/* Whether an event about @object of @resource says that it has begun to run. */
gboolean
practice_storage_driver_has_started (const char *resource, JsonNode *object, JsonNode *old);

G_END_DECLS
