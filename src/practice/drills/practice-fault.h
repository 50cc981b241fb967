/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  PRACTICE_FAULT_API_DOWN,
  PRACTICE_FAULT_BALANCER_NEVER_READY,
  PRACTICE_FAULT_CERTIFICATE_EXPIRED,
  PRACTICE_FAULT_EXPIRED_WATCHES,
  PRACTICE_FAULT_NODE_LOST,
  PRACTICE_FAULT_POD_CRASH,
  PRACTICE_FAULT_SLOW,
  PRACTICE_FAULT_TOKEN_REVOKED,
  PRACTICE_N_FAULTS,
} PracticeFault;

/* What a user asks for: `fault NAME [TARGET] [SECONDS]`. */
typedef struct {
  PracticeFault fault;
  char *target;  /* (nullable): a node or a pod */
  guint seconds; /* 0: until it is cleared, or by itself */
} PracticeFaultRequest;

const char *practice_fault_get_name (PracticeFault fault);
const char *practice_fault_get_description (PracticeFault fault);
gboolean practice_fault_find (const char *name, PracticeFault *fault, GError **error);
gboolean practice_fault_request_init (PracticeFaultRequest *self,
                                      const char *const *arguments,
                                      GError **error);
void practice_fault_request_clear (PracticeFaultRequest *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PracticeFaultRequest, practice_fault_request_clear)

G_END_DECLS
