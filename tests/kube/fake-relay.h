/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Takes connections and leads them on: a tunnel, or an HTTP proxy. */
typedef struct _FakeRelay FakeRelay;

/* @target NULL: closes what it took, as a tunnel to nowhere does */
FakeRelay *fake_relay_new (GSocketAddress *entrance, GSocketConnectable *target);
/* Whatever host a client wants, it gets @target. */
FakeRelay *fake_relay_new_proxy (GSocketConnectable *target);
void fake_relay_free (FakeRelay *self);
guint16 fake_relay_get_port (FakeRelay *self);
/* (nullable): "HOST:PORT" of the last CONNECT */
const char *fake_relay_get_last_target (FakeRelay *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeRelay, fake_relay_free)

G_END_DECLS
