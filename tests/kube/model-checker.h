/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Replays the "items-changed" of a model into an array of its own, and fails the test where that is
 * not what the model holds. */
#define MODEL_TYPE_CHECKER (model_checker_get_type ())
G_DECLARE_FINAL_TYPE (ModelChecker, model_checker, MODEL, CHECKER, GObject)

ModelChecker *model_checker_new (GListModel *model);
/* How many signals there were, and since the last model_checker_reset(). */
guint model_checker_get_n_signals (ModelChecker *self);
void model_checker_reset (ModelChecker *self);

G_END_DECLS
