/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-dial.h"

struct _SessionDial {
  GObject parent_instance;

  GMutex lock; /* names are looked up in threads */
  GSocketConnectable *target;
};

static void session_dial_connectable_init (GSocketConnectableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (SessionDial,
                               session_dial,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_SOCKET_CONNECTABLE,
                                                      session_dial_connectable_init))

static GSocketConnectable *
ref_target (SessionDial *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return g_object_ref (self->target);
}

static GSocketAddressEnumerator *
session_dial_enumerate (GSocketConnectable *connectable)
{
  g_autoptr (GSocketConnectable) target = ref_target (SESSION_DIAL (connectable));

  return g_socket_connectable_enumerate (target);
}

static char *
session_dial_to_string (GSocketConnectable *connectable)
{
  g_autoptr (GSocketConnectable) target = ref_target (SESSION_DIAL (connectable));

  return g_socket_connectable_to_string (target);
}

static void
session_dial_connectable_init (GSocketConnectableIface *iface)
{
  iface->enumerate = session_dial_enumerate;
  /* The way to the place is no web traffic: no proxy is to be asked. */
  iface->proxy_enumerate = session_dial_enumerate;
  iface->to_string = session_dial_to_string;
}

static void
session_dial_finalize (GObject *object)
{
  SessionDial *self = SESSION_DIAL (object);

  g_clear_object (&self->target);
  g_mutex_clear (&self->lock);
  G_OBJECT_CLASS (session_dial_parent_class)->finalize (object);
}

static void
session_dial_class_init (SessionDialClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = session_dial_finalize;
}

static void
session_dial_init (SessionDial *self)
{
  g_mutex_init (&self->lock);
}

SessionDial *
session_dial_new (GSocketConnectable *target)
{
  SessionDial *self = g_object_new (SESSION_TYPE_DIAL, NULL);

  self->target = g_object_ref (target);
  return self;
}

void
session_dial_set_target (SessionDial *self, GSocketConnectable *target)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_if_fail (SESSION_IS_DIAL (self));

  locker = g_mutex_locker_new (&self->lock);
  g_set_object (&self->target, target);
}
