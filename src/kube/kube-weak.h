/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The user data of a callback that must not keep @object alive. */
gpointer kube_weak_new (gpointer object);
gpointer kube_weak_get (gpointer weak);
/* (transfer full) (nullable): the object if it is still there; @weak is gone after this. */
gpointer kube_weak_take (gpointer weak);

G_END_DECLS
