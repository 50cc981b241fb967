/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-dial.h"

/**
 * KubeDial:
 *
 * libsoup takes its session's remote-connectable also as the TLS identity of the server. A Unix
 * socket has no name to send and to verify, so this is a #GNetworkAddress of the server's true name
 * that leads to another address.
 */
struct _KubeDial {
  GNetworkAddress parent_instance;

  GSocketConnectable *target;
  gboolean use_proxy;
};

static void connectable_init (GSocketConnectableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KubeDial,
                               kube_dial,
                               G_TYPE_NETWORK_ADDRESS,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SOCKET_CONNECTABLE, connectable_init))

static GSocketAddressEnumerator *
kube_dial_enumerate (GSocketConnectable *connectable)
{
  return g_socket_connectable_enumerate (KUBE_DIAL (connectable)->target);
}

static GSocketAddressEnumerator *
kube_dial_proxy_enumerate (GSocketConnectable *connectable)
{
  KubeDial *self = KUBE_DIAL (connectable);

  return self->use_proxy ? g_socket_connectable_proxy_enumerate (self->target)
                         : g_socket_connectable_enumerate (self->target);
}

static char *
kube_dial_to_string (GSocketConnectable *connectable)
{
  return g_socket_connectable_to_string (KUBE_DIAL (connectable)->target);
}

static void
kube_dial_dispose (GObject *object)
{
  g_clear_object (&KUBE_DIAL (object)->target);

  G_OBJECT_CLASS (kube_dial_parent_class)->dispose (object);
}

static void
connectable_init (GSocketConnectableIface *iface)
{
  iface->enumerate = kube_dial_enumerate;
  iface->proxy_enumerate = kube_dial_proxy_enumerate;
  iface->to_string = kube_dial_to_string;
}

static void
kube_dial_class_init (KubeDialClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kube_dial_dispose;
}

static void
kube_dial_init (KubeDial *self)
{
}

/**
 * kube_dial_new:
 * @name: the name or address that the server's certificate must have
 * @port: the server's port
 * @target: where to connect
 * @use_proxy: whether a proxy may stand before @target
 *
 * Returns: (transfer full): the address
 */
GSocketConnectable *
kube_dial_new (const char *name, guint16 port, GSocketConnectable *target, gboolean use_proxy)
{
  KubeDial *self;

  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (G_IS_SOCKET_CONNECTABLE (target), NULL);

  self = g_object_new (KUBE_TYPE_DIAL, "hostname", name, "port", (guint)port, NULL);
  self->target = g_object_ref (target);
  self->use_proxy = use_proxy;
  return G_SOCKET_CONNECTABLE (self);
}
