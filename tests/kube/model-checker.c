/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model-checker.h"

struct _ModelChecker {
  GObject parent_instance;

  GListModel *model;
  GPtrArray *items; /* of GObject */
  guint n_signals;
};

G_DEFINE_FINAL_TYPE (ModelChecker, model_checker, G_TYPE_OBJECT)

static void
compare (ModelChecker *self)
{
  g_assert_cmpuint (g_list_model_get_n_items (self->model), ==, self->items->len);
  for (guint i = 0; i < self->items->len; i++) {
    g_autoptr (GObject) item = g_list_model_get_item (self->model, i);

    g_assert_true (item == g_ptr_array_index (self->items, i));
  }
  g_assert_null (g_list_model_get_item (self->model, self->items->len));
}

static void
items_changed_cb (GListModel *model, guint position, guint removed, guint added, ModelChecker *self)
{
  g_assert_cmpuint (removed + added, >, 0);
  g_assert_cmpuint (position + removed, <=, self->items->len);
  if (removed > 0)
    g_ptr_array_remove_range (self->items, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (self->items, (int)(position + i),
                        g_list_model_get_item (model, position + i));
  self->n_signals++;
  compare (self);
}

static void
model_checker_dispose (GObject *object)
{
  ModelChecker *self = MODEL_CHECKER (object);

  if (self->model != NULL)
    compare (self);
  g_clear_object (&self->model);
  g_clear_pointer (&self->items, g_ptr_array_unref);

  G_OBJECT_CLASS (model_checker_parent_class)->dispose (object);
}

static void
model_checker_class_init (ModelCheckerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = model_checker_dispose;
}

static void
model_checker_init (ModelChecker *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

ModelChecker *
model_checker_new (GListModel *model)
{
  ModelChecker *self = g_object_new (MODEL_TYPE_CHECKER, NULL);

  self->model = g_object_ref (model);
  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    g_ptr_array_add (self->items, g_list_model_get_item (model, i));
  g_signal_connect_object (model, "items-changed", G_CALLBACK (items_changed_cb), self, 0);
  return self;
}

guint
model_checker_get_n_signals (ModelChecker *self)
{
  return self->n_signals;
}

void
model_checker_reset (ModelChecker *self)
{
  self->n_signals = 0;
}
