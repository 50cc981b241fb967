/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "jump-question.h"

/**
 * JumpQuestion:
 *
 * A yes-or-no question that a place has for its user. Who shows it keeps a reference and calls
 * jump_question_answer(); where nobody keeps one, the question is dropped, and that is a no.
 */

struct _JumpQuestion {
  GObject parent_instance;

  char *title;
  char *body;
  gboolean answered;
};

G_DEFINE_FINAL_TYPE (JumpQuestion, jump_question, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_TITLE,
  PROP_BODY,
  N_PROPS
};

enum {
  ANSWERED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
jump_question_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  JumpQuestion *self = JUMP_QUESTION (object);

  switch (prop_id) {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_BODY:
      g_value_set_string (value, self->body);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
jump_question_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  JumpQuestion *self = JUMP_QUESTION (object);

  switch (prop_id) {
    case PROP_TITLE:
      self->title = g_value_dup_string (value);
      break;
    case PROP_BODY:
      self->body = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
  }
}

static void
jump_question_dispose (GObject *object)
{
  jump_question_answer (JUMP_QUESTION (object), FALSE);

  G_OBJECT_CLASS (jump_question_parent_class)->dispose (object);
}

static void
jump_question_finalize (GObject *object)
{
  JumpQuestion *self = JUMP_QUESTION (object);

  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->body, g_free);

  G_OBJECT_CLASS (jump_question_parent_class)->finalize (object);
}

static void
jump_question_class_init (JumpQuestionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = jump_question_get_property;
  object_class->set_property = jump_question_set_property;
  object_class->dispose = jump_question_dispose;
  object_class->finalize = jump_question_finalize;

  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_BODY] = g_param_spec_string ("body", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[ANSWERED] = g_signal_new ("answered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
jump_question_init (JumpQuestion *self)
{
}

/**
 * jump_question_new:
 * @title: what is asked, in a few words
 * @body: what the user should know to answer
 */
JumpQuestion *
jump_question_new (const char *title, const char *body)
{
  return g_object_new (JUMP_TYPE_QUESTION, "title", title, "body", body, NULL);
}

const char *
jump_question_get_title (JumpQuestion *self)
{
  g_return_val_if_fail (JUMP_IS_QUESTION (self), NULL);

  return self->title;
}

const char *
jump_question_get_body (JumpQuestion *self)
{
  g_return_val_if_fail (JUMP_IS_QUESTION (self), NULL);

  return self->body;
}

/**
 * jump_question_answer:
 *
 * Emits "answered" with @yes. Only the first answer counts.
 */
void
jump_question_answer (JumpQuestion *self, gboolean yes)
{
  g_return_if_fail (JUMP_IS_QUESTION (self));

  if (self->answered)
    return;
  self->answered = TRUE;
  g_signal_emit (self, signals[ANSWERED], 0, yes);
}
