/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-block-item.h"

#include "course-template.h"

struct _LabBlockItem {
  GObject parent_instance;

  LabBlockType type;
  CourseSection *section;
  const CourseBlock *block; /* (nullable) of the section */
  SessionStep *step;        /* (nullable) */
  guint form;
  gboolean form_chosen; /* by the reader: facts that arrive later do not undo it */
  GPtrArray *texts;     /* (nullable): of Text, one for each form */
  char *edited;         /* (nullable): the reader's own text, never the course's */
  gboolean current;
  gboolean found;
};

G_DEFINE_FINAL_TYPE (LabBlockItem, lab_block_item, G_TYPE_OBJECT)

/* What a form comes to at this place. */
typedef struct {
  char *text;
  GStrv filled; /* what was filled in */
} Text;

enum {
  PROP_0,
  PROP_FORM,
  PROP_CURRENT,
  PROP_FOUND,
  PROP_EDITED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
text_free (gpointer data)
{
  Text *text = data;

  g_free (text->text);
  g_strfreev (text->filled);
  g_free (text);
}

static const Text *
get_text (LabBlockItem *self)
{
  return self->texts != NULL ? g_ptr_array_index (self->texts, self->form) : NULL;
}

/* The present form as it is at this place. */
static const char *
get_form_text (LabBlockItem *self)
{
  const Text *text = get_text (self);

  return text != NULL ? text->text : lab_block_item_get_form (self)->text;
}

static void
fill_texts (LabBlockItem *self, const CourseFacts *facts)
{
  GPtrArray *forms = course_step_get_forms (session_step_get_step (self->step));
  g_autofree char *old = g_strdup (get_form_text (self));

  g_clear_pointer (&self->texts, g_ptr_array_unref);
  self->texts = g_ptr_array_new_with_free_func (text_free);
  for (guint i = 0; i < forms->len; i++) {
    const CourseForm *form = g_ptr_array_index (forms, i);
    Text *text = g_new0 (Text, 1);

    text->text = course_template_fill (form->text, facts);
    text->filled = course_template_dup_values (form->text, facts);
    g_ptr_array_add (self->texts, text);
  }
  if (!g_str_equal (old, get_form_text (self)))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FORM]);
}

/* Takes @text (nullable). */
static void
take_edited (LabBlockItem *self, char *text)
{
  g_autofree char *old = g_steal_pointer (&self->edited);

  self->edited = text;
  if (g_strcmp0 (old, text) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_EDITED]);
}

static void
set_form (LabBlockItem *self, guint index)
{
  if (self->form == index)
    return;

  self->form = index;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FORM]);
}

static void
lab_block_item_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  LabBlockItem *self = LAB_BLOCK_ITEM (object);

  switch (property_id) {
    case PROP_FORM:
      g_value_set_uint (value, self->form);
      break;
    case PROP_CURRENT:
      g_value_set_boolean (value, self->current);
      break;
    case PROP_FOUND:
      g_value_set_boolean (value, self->found);
      break;
    case PROP_EDITED:
      g_value_set_string (value, self->edited);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
  }
}

static void
lab_block_item_dispose (GObject *object)
{
  LabBlockItem *self = LAB_BLOCK_ITEM (object);

  self->block = NULL;
  g_clear_object (&self->section);
  g_clear_object (&self->step);

  G_OBJECT_CLASS (lab_block_item_parent_class)->dispose (object);
}

static void
lab_block_item_finalize (GObject *object)
{
  LabBlockItem *self = LAB_BLOCK_ITEM (object);

  g_clear_pointer (&self->texts, g_ptr_array_unref);
  g_free (self->edited);

  G_OBJECT_CLASS (lab_block_item_parent_class)->finalize (object);
}

static void
lab_block_item_class_init (LabBlockItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = lab_block_item_get_property;
  object_class->dispose = lab_block_item_dispose;
  object_class->finalize = lab_block_item_finalize;

  properties[PROP_FORM] = g_param_spec_uint ("form", NULL, NULL, 0, G_MAXUINT, 0,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CURRENT] =
    g_param_spec_boolean ("current", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_FOUND] =
    g_param_spec_boolean ("found", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_EDITED] =
    g_param_spec_string ("edited", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
lab_block_item_init (LabBlockItem *self)
{
}

/**
 * lab_block_item_new:
 * @type: what kind of row
 * @section: the section it belongs to
 * @block: (nullable): of @section, for %LAB_BLOCK_CONTENT
 * @step: (nullable): live state, where @block is a step
 *
 * Returns: (transfer full): a row
 */
LabBlockItem *
lab_block_item_new (LabBlockType type,
                    CourseSection *section,
                    const CourseBlock *block,
                    SessionStep *step)
{
  LabBlockItem *self;

  g_return_val_if_fail (COURSE_IS_SECTION (section), NULL);
  g_return_val_if_fail (type != LAB_BLOCK_CONTENT || block != NULL, NULL);
  g_return_val_if_fail (step == NULL || SESSION_IS_STEP (step), NULL);

  self = g_object_new (LAB_TYPE_BLOCK_ITEM, NULL);
  self->type = type;
  self->section = g_object_ref (section);
  self->block = block;
  if (step != NULL)
    self->step = g_object_ref (step);

  return self;
}

/**
 * lab_block_item_get_block_type:
 * @self: a row
 *
 * Returns: what kind of row
 */
LabBlockType
lab_block_item_get_block_type (LabBlockItem *self)
{
  g_return_val_if_fail (LAB_IS_BLOCK_ITEM (self), LAB_BLOCK_CONTENT);

  return self->type;
}

/**
 * lab_block_item_get_section:
 * @self: a row
 *
 * Returns: (transfer none): its section
 */
CourseSection *
lab_block_item_get_section (LabBlockItem *self)
{
  g_return_val_if_fail (LAB_IS_BLOCK_ITEM (self), NULL);

  return self->section;
}

/**
 * lab_block_item_get_block:
 * @self: a row
 *
 * Returns: (nullable): what the course says there
 */
const CourseBlock *
lab_block_item_get_block (LabBlockItem *self)
{
  g_return_val_if_fail (LAB_IS_BLOCK_ITEM (self), NULL);

  return self->block;
}

/**
 * lab_block_item_get_step:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the live state of its step
 */
SessionStep *
lab_block_item_get_step (LabBlockItem *self)
{
  g_return_val_if_fail (LAB_IS_BLOCK_ITEM (self), NULL);

  return self->step;
}

/**
 * lab_block_item_get_form_index:
 * @self: the row of a step
 *
 * Returns: which of the step's forms is shown
 */
guint
lab_block_item_get_form_index (LabBlockItem *self)
{
  g_return_val_if_fail (LAB_IS_BLOCK_ITEM (self), 0);

  return self->form;
}

/**
 * lab_block_item_set_form_index:
 * @self: the row of a step
 * @index: which of its forms the reader wants
 *
 * What the reader has made of another form goes.
 */
void
lab_block_item_set_form_index (LabBlockItem *self, guint index)
{
  g_return_if_fail (LAB_IS_BLOCK_ITEM (self));
  g_return_if_fail (self->step != NULL);
  g_return_if_fail (index < course_step_get_forms (session_step_get_step (self->step))->len);

  self->form_chosen = TRUE;
  if (self->form != index)
    take_edited (self, NULL);
  set_form (self, index);
}

/**
 * lab_block_item_get_form:
 * @self: the row of a step
 *
 * Returns: (transfer none): the form that is shown
 */
const CourseForm *
lab_block_item_get_form (LabBlockItem *self)
{
  g_return_val_if_fail (LAB_IS_BLOCK_ITEM (self), NULL);
  g_return_val_if_fail (self->step != NULL, NULL);

  return g_ptr_array_index (course_step_get_forms (session_step_get_step (self->step)), self->form);
}

/**
 * lab_block_item_get_edited:
 * @self: the row of a step
 *
 * Returns: (nullable): the reader's own text; %NULL where the course's stands
 */
const char *
lab_block_item_get_edited (LabBlockItem *self)
{
  g_return_val_if_fail (LAB_IS_BLOCK_ITEM (self), NULL);

  return self->edited;
}

/**
 * lab_block_item_set_edited:
 * @self: the row of a step
 * @text: (nullable): what the reader has made of the form that is shown; %NULL puts the course's
 *   text back
 *
 * Lasts as long as the row.
 */
void
lab_block_item_set_edited (LabBlockItem *self, const char *text)
{
  g_return_if_fail (LAB_IS_BLOCK_ITEM (self));
  g_return_if_fail (self->step != NULL);

  if (text != NULL && g_str_equal (text, get_form_text (self)))
    text = NULL;
  take_edited (self, g_strdup (text));
}

/**
 * lab_block_item_get_text:
 * @self: the row of a step
 *
 * Returns: what Run types: the reader's own text, or that of the form that is shown, with what is
 *   known of the place filled in
 */
const char *
lab_block_item_get_text (LabBlockItem *self)
{
  g_return_val_if_fail (LAB_IS_BLOCK_ITEM (self), NULL);

  return self->edited != NULL ? self->edited : get_form_text (self);
}

/**
 * lab_block_item_get_filled:
 * @self: the row of a step
 *
 * Returns: (nullable): what the form that is shown has filled in for this place and student
 */
const char *const *
lab_block_item_get_filled (LabBlockItem *self)
{
  const Text *text;

  g_return_val_if_fail (LAB_IS_BLOCK_ITEM (self), NULL);

  text = get_text (self);

  return text != NULL ? (const char *const *)text->filled : NULL;
}

/**
 * lab_block_item_get_current:
 * @self: a row
 *
 * Returns: whether it is the step to do next
 */
gboolean
lab_block_item_get_current (LabBlockItem *self)
{
  g_return_val_if_fail (LAB_IS_BLOCK_ITEM (self), FALSE);

  return self->current;
}

/**
 * lab_block_item_set_current:
 * @self: a row
 * @current: whether it is the step to do next
 */
void
lab_block_item_set_current (LabBlockItem *self, gboolean current)
{
  g_return_if_fail (LAB_IS_BLOCK_ITEM (self));

  if (self->current == current)
    return;

  self->current = current;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURRENT]);
}

/**
 * lab_block_item_get_found:
 * @self: a row
 *
 * Returns: whether it is what the reader has searched for
 */
gboolean
lab_block_item_get_found (LabBlockItem *self)
{
  g_return_val_if_fail (LAB_IS_BLOCK_ITEM (self), FALSE);

  return self->found;
}

/**
 * lab_block_item_set_found:
 * @self: a row
 * @found: whether it is what the reader has searched for
 */
void
lab_block_item_set_found (LabBlockItem *self, gboolean found)
{
  g_return_if_fail (LAB_IS_BLOCK_ITEM (self));

  if (self->found == found)
    return;

  self->found = found;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOUND]);
}

/**
 * lab_block_item_set_facts:
 * @self: a row
 * @facts: what is known of the cluster
 *
 * Picks the form that fits, unless the reader has picked or edited one, and fills in what a course
 * leaves open. Does nothing for other rows
 * than steps.
 */
void
lab_block_item_set_facts (LabBlockItem *self, const CourseFacts *facts)
{
  CourseStep *step;
  guint index;

  g_return_if_fail (LAB_IS_BLOCK_ITEM (self));
  g_return_if_fail (facts != NULL);

  if (self->step == NULL)
    return;

  fill_texts (self, facts);
  if (self->form_chosen || self->edited != NULL)
    return;

  step = session_step_get_step (self->step);
  if (g_ptr_array_find (course_step_get_forms (step), course_step_pick_form (step, facts), &index))
    set_form (self, index);
}
