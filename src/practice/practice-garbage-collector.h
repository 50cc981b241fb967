/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-objects.h"

G_BEGIN_DECLS

/* Does what follows from a deletion: objects whose owners are gone go too, a namespace is emptied
 * before it goes, a CustomResourceDefinition takes its objects with it. */
#define PRACTICE_TYPE_GARBAGE_COLLECTOR (practice_garbage_collector_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeGarbageCollector, practice_garbage_collector, PRACTICE, GARBAGE_COLLECTOR, GObject)

PracticeGarbageCollector *practice_garbage_collector_new (PracticeObjects *objects);

G_END_DECLS
