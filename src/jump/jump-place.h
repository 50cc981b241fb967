/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base-command.h"

G_BEGIN_DECLS

#define JUMP_ERROR (jump_error_quark ())

typedef enum {
  JUMP_ERROR_FAILED,
  JUMP_ERROR_UNREACHABLE,  /* no route, or not known why */
  JUMP_ERROR_DENIED,       /* the key is not accepted */
  JUMP_ERROR_KEY_TOO_OPEN, /* others can read the private key */
  JUMP_ERROR_KEY_MISSING,
  JUMP_ERROR_HOST_KEY_UNKNOWN, /* first use, and the user said no (or nobody could be asked) */
  JUMP_ERROR_HOST_KEY_CHANGED,
  JUMP_ERROR_NO_FORWARDING, /* the server forbids port forwarding */
  JUMP_ERROR_NOT_INSTALLED, /* a program that is needed is not there */
  JUMP_ERROR_NOT_CONNECTED,
  /* Of an address that a place was asked to reach: */
  JUMP_ERROR_SILENT,   /* no answer in time */
  JUMP_ERROR_REFUSED,  /* nothing listens, or somebody rejects */
  JUMP_ERROR_NAMELESS, /* no such name there */
} JumpError;

GQuark jump_error_quark (void);
/* Whether the place works, and an address does not answer, for whatever reason. */
gboolean jump_error_is_unreachable (const GError *error);

typedef enum {
  JUMP_PLACE_DISCONNECTED,
  JUMP_PLACE_CONNECTING,
  JUMP_PLACE_CONNECTED,
} JumpPlaceState;

typedef enum {
  JUMP_TARGET_API,     /* the API server of the place's kubeconfig */
  JUMP_TARGET_SERVICE, /* an address that the cluster gave out, such as a load balancer's */
} JumpTarget;

GType jump_place_state_get_type (void);
#define JUMP_TYPE_PLACE_STATE (jump_place_state_get_type ())

/* Where the student works. Properties: "state", "error" (GError, nullable: why it is not
 * connected), "title" ("Practice cluster", "centos@10.1.2.3", "This computer"), "notice" (nullable
 * sentence that lasts: "no sandbox here, ..."). All methods but connect need CONNECTED. */
#define JUMP_TYPE_PLACE (jump_place_get_type ())
G_DECLARE_INTERFACE (JumpPlace, jump_place, JUMP, PLACE, GObject)

struct _JumpPlaceInterface {
  GTypeInterface parent_iface;

  const char *(*get_id) (JumpPlace *self);
  void (*connect_async) (JumpPlace *self,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
  gboolean (*connect_finish) (JumpPlace *self, GAsyncResult *result, GError **error);
  void (*disconnect) (JumpPlace *self);
  GStrv (*dup_terminal_argv) (JumpPlace *self);
  GStrv (*dup_terminal_environment) (JumpPlace *self);
  gboolean (*has_prompt_marks) (JumpPlace *self);
  void (*list_kubeconfigs_async) (JumpPlace *self,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
  GStrv (*list_kubeconfigs_finish) (JumpPlace *self, GAsyncResult *result, GError **error);
  void (*read_file_async) (JumpPlace *self,
                           const char *path,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
  GBytes *(*read_file_finish) (JumpPlace *self, GAsyncResult *result, GError **error);
  void (*run_async) (JumpPlace *self,
                     const char *const *argv,
                     GBytes *input,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data);
  BaseCommandResult *(*run_finish) (JumpPlace *self, GAsyncResult *result, GError **error);
  void (*reach_async) (JumpPlace *self,
                       JumpTarget target,
                       const char *host,
                       guint16 port,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  GSocketConnectable *(*reach_finish) (JumpPlace *self, GAsyncResult *result, GError **error);
};

/* Stable name for a student's progress: "practice", "ssh:centos@host:22", "local". */
const char *jump_place_get_id (JumpPlace *self);
JumpPlaceState jump_place_get_state (JumpPlace *self);

void jump_place_connect_async (JumpPlace *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean jump_place_connect_finish (JumpPlace *self, GAsyncResult *result, GError **error);
void jump_place_disconnect (JumpPlace *self);

/* The command whose terminal is the student's, and its whole environment (NULL: ours). */
GStrv jump_place_dup_terminal_argv (JumpPlace *self);
GStrv jump_place_dup_terminal_environment (JumpPlace *self);
/* Whether its shell marks prompts with OSC 133; else the pty's foreground group tells. */
gboolean jump_place_has_prompt_marks (JumpPlace *self);

/* Paths at the place, in kubectl's order; read them with read_file. */
void jump_place_list_kubeconfigs_async (JumpPlace *self,
                                        GCancellable *cancellable,
                                        GAsyncReadyCallback callback,
                                        gpointer user_data);
GStrv jump_place_list_kubeconfigs_finish (JumpPlace *self, GAsyncResult *result, GError **error);
void jump_place_read_file_async (JumpPlace *self,
                                 const char *path,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data);
GBytes *jump_place_read_file_finish (JumpPlace *self,
                                     GAsyncResult *result,
                                     GError **error); /* at most 1 MiB */
void jump_place_run_async (JumpPlace *self,
                           const char *const *argv,
                           GBytes *input,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
BaseCommandResult *jump_place_run_finish (JumpPlace *self, GAsyncResult *result, GError **error);

/* What to dial for @host:@port as the place sees it: a Unix socket that leads there (ssh -O
 * forward; practice's relay), or the plain address where this computer reaches it itself (this
 * computer; practice's API, which is on loopback here). */
void jump_place_reach_async (JumpPlace *self,
                             JumpTarget target,
                             const char *host,
                             guint16 port,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
GSocketConnectable *jump_place_reach_finish (JumpPlace *self, GAsyncResult *result, GError **error);

G_END_DECLS
