/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-store.h"

G_BEGIN_DECLS

#define PRACTICE_TYPE_CONTROLLER (practice_controller_get_type ())
G_DECLARE_DERIVABLE_TYPE (PracticeController, practice_controller, PRACTICE, CONTROLLER, GObject)

struct _PracticeControllerClass {
  GObjectClass parent_class;

  /* Resources whose objects are worked on themselves: their key is queued at start and on each
   * event. */
  const char *resource;
  /* Other resources it listens to; NULL-terminated, nullable. */
  const char *const *also_watches;

  /* Brings the world to what the object of @key asks. @object is NULL where it is gone. */
  void (*reconcile) (PracticeController *self,
                     const char *namespace_,
                     const char *name,
                     JsonNode *object);
  /* An event of one of also_watches: queue what it concerns. */
  void (*related) (PracticeController *self,
                   PracticeEventType type,
                   const char *resource,
                   JsonNode *object,
                   JsonNode *old);
  /* The store is back at an earlier state: what runs for its objects is to begin anew. Nullable;
   * all objects are queued afterwards. */
  void (*restored) (PracticeController *self);
};

void practice_controller_start (PracticeController *self);
PracticeStore *practice_controller_get_store (PracticeController *self);
void
practice_controller_enqueue (PracticeController *self, const char *namespace_, const char *name);
void practice_controller_enqueue_after (PracticeController *self,
                                        const char *namespace_,
                                        const char *name,
                                        guint milliseconds);
void practice_controller_enqueue_all (PracticeController *self, const char *namespace_);

G_END_DECLS
