/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-review.h"

#include <glib/gi18n-lib.h>

#include "lab-question.h"
#include "mesh-consent.h"

struct _LabTrafficReview {
  GObject parent_instance;

  GtkWidget *page; /* (nullable) (weak) */
  LabTrafficSurroundings *surroundings;
  GSignalGroup *editor_signals;
  MeshConsent *consent;
  GPtrArray *asked; /* (nullable) of MeshWarning: while the question is open */
};

G_DEFINE_FINAL_TYPE (LabTrafficReview, lab_traffic_review, G_TYPE_OBJECT)

static gboolean
review_cb (LabTrafficReview *self, JsonNode *before, JsonNode *after)
{
  g_autoptr (GPtrArray) warnings = mesh_consent_find (
    self->consent, before, after, lab_traffic_surroundings_get (self->surroundings));

  return warnings->len > 0;
}

static void
answered_cb (gboolean yes, gpointer user_data)
{
  LabTrafficReview *self = LAB_TRAFFIC_REVIEW (user_data);
  g_autoptr (MeshEditor) editor = g_signal_group_dup_target (self->editor_signals);
  g_autoptr (GPtrArray) asked = g_steal_pointer (&self->asked);
  g_autoptr (JsonNode) base = NULL;

  if (editor == NULL)
    return;
  if (yes) {
    base = mesh_editor_ref_base (editor);
    mesh_consent_give (self->consent, base, asked);
    mesh_editor_agree (editor);
  } else {
    mesh_editor_refuse (editor);
  }
}

static char *
dup_body (const char *loss, GPtrArray *warnings)
{
  g_autofree char *text = mesh_consent_dup_text (warnings);

  if (loss == NULL || warnings->len == 0)
    return g_strdup (loss != NULL ? loss : text);
  return g_strdup_printf ("%s\n\n%s", loss, text);
}

/* The hand is off. Where what was to be asked is so no more it goes out unasked. */
static void
held_cb (LabTrafficReview *self, MeshEditor *editor)
{
  g_autoptr (JsonNode) base = mesh_editor_ref_base (editor);
  g_autoptr (JsonNode) draft = mesh_editor_ref_draft (editor);
  const char *loss = mesh_editor_get_loss (editor);
  GtkRoot *root = self->page != NULL ? gtk_widget_get_root (self->page) : NULL;
  g_autofree char *body = NULL;

  if (self->asked != NULL || !GTK_IS_WINDOW (root))
    return;
  self->asked = mesh_consent_find (self->consent, base, draft,
                                   lab_traffic_surroundings_get (self->surroundings));
  if (self->asked->len == 0 && loss == NULL) {
    g_clear_pointer (&self->asked, g_ptr_array_unref);
    mesh_editor_agree (editor);
    return;
  }
  body = dup_body (loss, self->asked);
  lab_question_ask (GTK_WINDOW (root), loss != NULL ? _ ("Drop rules?") : _ ("Send it anyway?"),
                    body, loss != NULL ? _ ("_Drop them") : _ ("_Send anyway"),
                    loss != NULL ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_DEFAULT, answered_cb,
                    g_object_ref (self), g_object_unref);
}

static void
lab_traffic_review_dispose (GObject *object)
{
  LabTrafficReview *self = LAB_TRAFFIC_REVIEW (object);

  g_clear_object (&self->editor_signals);
  g_clear_weak_pointer (&self->page);
  g_clear_object (&self->surroundings);

  G_OBJECT_CLASS (lab_traffic_review_parent_class)->dispose (object);
}

static void
lab_traffic_review_finalize (GObject *object)
{
  LabTrafficReview *self = LAB_TRAFFIC_REVIEW (object);

  g_clear_pointer (&self->consent, mesh_consent_free);
  g_clear_pointer (&self->asked, g_ptr_array_unref);

  G_OBJECT_CLASS (lab_traffic_review_parent_class)->finalize (object);
}

static void
lab_traffic_review_class_init (LabTrafficReviewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lab_traffic_review_dispose;
  G_OBJECT_CLASS (klass)->finalize = lab_traffic_review_finalize;
}

static void
lab_traffic_review_init (LabTrafficReview *self)
{
  self->consent = mesh_consent_new ();
  self->editor_signals = g_signal_group_new (MESH_TYPE_EDITOR);
  g_signal_group_connect_swapped (self->editor_signals, "review", G_CALLBACK (review_cb), self);
  g_signal_group_connect_swapped (self->editor_signals, "held", G_CALLBACK (held_cb), self);
}

/**
 * lab_traffic_review_new:
 * @page: in whose window it asks; not kept
 * @surroundings: what is beside the VirtualServices
 *
 * Returns: (transfer full): of no editor yet
 */
LabTrafficReview *
lab_traffic_review_new (GtkWidget *page, LabTrafficSurroundings *surroundings)
{
  LabTrafficReview *self = NULL;

  g_return_val_if_fail (GTK_IS_WIDGET (page), NULL);
  g_return_val_if_fail (LAB_IS_TRAFFIC_SURROUNDINGS (surroundings), NULL);

  self = g_object_new (LAB_TYPE_TRAFFIC_REVIEW, NULL);
  g_set_weak_pointer (&self->page, page);
  self->surroundings = g_object_ref (surroundings);
  return self;
}

/**
 * lab_traffic_review_set_editor:
 * @self: a review
 * @editor: (nullable): whose changes are looked at before they are sent
 *
 * What waits in the last one is dropped: the question about it has no answer any more.
 */
void
lab_traffic_review_set_editor (LabTrafficReview *self, MeshEditor *editor)
{
  g_autoptr (MeshEditor) before = NULL;

  g_return_if_fail (LAB_IS_TRAFFIC_REVIEW (self));
  g_return_if_fail (editor == NULL || MESH_IS_EDITOR (editor));

  before = g_signal_group_dup_target (self->editor_signals);
  if (before == editor)
    return;
  if (before != NULL)
    mesh_editor_refuse (before);
  g_signal_group_set_target (self->editor_signals, editor);
}

/**
 * lab_traffic_review_dup_warnings:
 * @before: a VirtualService as it is
 * @after: as it would be
 *
 * Returns: (transfer full) (nullable): what would be asked about
 */
char *
lab_traffic_review_dup_warnings (LabTrafficReview *self, JsonNode *before, JsonNode *after)
{
  g_autoptr (GPtrArray) warnings = NULL;

  g_return_val_if_fail (LAB_IS_TRAFFIC_REVIEW (self), NULL);

  warnings = mesh_consent_find (self->consent, before, after,
                                lab_traffic_surroundings_get (self->surroundings));
  return warnings->len > 0 ? mesh_consent_dup_text (warnings) : NULL;
}
