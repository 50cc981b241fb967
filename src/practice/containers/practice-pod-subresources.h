/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "practice-container-runtime.h"
#include "practice-objects.h"
#include "practice-request.h"

G_BEGIN_DECLS

/* Whether @request is for log, exec, attach or portforward, which practice_pod_subresources_serve()
 * answers. */
gboolean practice_pod_subresources_wants (PracticeRequest *request);
/* @runtime (nullable): NULL: no kubelet is there. FALSE with a Status; else @message is answered,
 * perhaps later. */
gboolean practice_pod_subresources_serve (PracticeObjects *objects,
                                          PracticeContainerRuntime *runtime,
                                          PracticeRequest *request,
                                          SoupServerMessage *message,
                                          GError **error);

G_END_DECLS
