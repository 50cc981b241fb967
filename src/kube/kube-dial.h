/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* An address that is one thing to verify and another to connect to. */
#define KUBE_TYPE_DIAL (kube_dial_get_type ())
G_DECLARE_FINAL_TYPE (KubeDial, kube_dial, KUBE, DIAL, GNetworkAddress)

GSocketConnectable *
kube_dial_new (const char *name, guint16 port, GSocketConnectable *target, gboolean use_proxy);

G_END_DECLS
