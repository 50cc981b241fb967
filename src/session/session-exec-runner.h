/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "jump-place.h"
#include "kube-client.h"

G_BEGIN_DECLS

/* Lets @client run its exec plugin at @place, where its kubeconfig came from. */
void session_exec_runner_install (KubeClient *client, JumpPlace *place);

G_END_DECLS
