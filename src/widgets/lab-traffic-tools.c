/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-tools.h"

#include <glib/gi18n-lib.h>

#include "base-json.h"
#include "lab-button-names.h"
#include "lab-route-dialog.h"
#include "lab-traffic-code.h"
#include "lab-wrap-box.h"
#include "mesh-description.h"
#include "mesh-destination-rule.h"
#include "mesh-preset.h"
#include "mesh-target.h"

#define PRESET "lab-preset"

struct _LabTrafficTools {
  AdwBin parent_instance;

  GtkLabel *words_label;
  GtkBox *presets_section;
  LabWrapBox *presets_box;
  GtkButton *add_button;
  GtkExpander *expander;
  LabTrafficCode *code;

  LabTrafficReview *review;  /* (nullable): what knows what a preset would run into */
  LabSettings *settings;     /* (nullable): remember whether the code is shown */
  SessionLab *lab;           /* (nullable) */
  MeshEditor *editor;        /* (nullable): without one nothing can be changed */
  MeshEditor *dialog_editor; /* (nullable): of the last dialog; outlives its object */
  KubeObject *object;        /* (nullable): what the server has */
  SessionResource *rules;    /* (nullable) of DestinationRule */
  char *namespace_;          /* (nullable): of the object */
  char *host;                /* (nullable): whose traffic is shared out */
  GStrv subsets;             /* (nullable): of that host; NULL: to be found */
  char *labels;              /* of the presets that are shown */
  GSignalGroup *object_signals;
  GSignalGroup *editor_signals;
  GSignalGroup *dialog_signals;
  GSignalGroup *rules_signals;
};

G_DEFINE_FINAL_TYPE (LabTrafficTools, lab_traffic_tools, ADW_TYPE_BIN)

/* What is to be seen: with the changes that the server has not yet. */
static JsonNode *
ref_draft (LabTrafficTools *self)
{
  if (self->editor != NULL)
    return mesh_editor_ref_draft (self->editor);
  return self->object != NULL ? kube_object_ref_json (self->object) : NULL;
}

static void
preset_clicked_cb (LabTrafficTools *self, GtkButton *button)
{
  MeshPreset *preset = g_object_get_data (G_OBJECT (button), PRESET);
  g_autoptr (JsonNode) draft = ref_draft (self);
  g_autoptr (JsonNode) target = NULL;
  g_autofree char *loss = NULL;
  g_autoptr (GError) error = NULL;

  if (self->editor == NULL || draft == NULL)
    return;
  target = mesh_preset_apply (preset, draft, &error);
  loss = mesh_preset_dup_loss (preset, draft);
  if (target != NULL)
    mesh_editor_apply_loss (self->editor, target, loss);
  else
    gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", error->message);
}

/* Takes @preset. */
static void
add_preset (LabTrafficTools *self, MeshPreset *preset)
{
  GtkWidget *button = gtk_button_new_with_label (mesh_preset_get_label (preset));

  g_object_set_data_full (G_OBJECT (button), PRESET, preset, (GDestroyNotify)mesh_preset_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (preset_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  lab_wrap_box_append (self->presets_box, button);
}

static char *
join_labels (GPtrArray *presets)
{
  GString *labels = g_string_new (NULL);

  for (guint i = 0; i < presets->len; i++)
    g_string_append_printf (labels, "%s\n", mesh_preset_get_label (presets->pdata[i]));
  return g_string_free (labels, FALSE);
}

/* (nullable) (transfer full): what the label leaves out, and what it would run into */
static char *
dup_explanation (LabTrafficTools *self, MeshPreset *preset, JsonNode *draft)
{
  g_autofree char *explanation = mesh_preset_dup_explanation (preset, draft);
  g_autoptr (JsonNode) target = mesh_preset_apply (preset, draft, NULL);
  g_autofree char *warnings = NULL;

  if (target != NULL && self->review != NULL)
    warnings = lab_traffic_review_dup_warnings (self->review, draft, target);
  if (explanation == NULL || warnings == NULL)
    return g_strdup (explanation != NULL ? explanation : warnings);
  return g_strdup_printf ("%s\n\n%s", explanation, warnings);
}

/* The buttons are made anew only where they are other ones, so that one keeps the focus. */
static void
show_presets (LabTrafficTools *self, JsonNode *draft)
{
  g_autoptr (GPtrArray) presets =
    mesh_preset_list (draft, self->host, (const char *const *)self->subsets);
  g_autofree char *labels = join_labels (presets);
  GtkWidget *child;

  if (g_strcmp0 (labels, self->labels) != 0) {
    g_free (self->labels);
    self->labels = g_steal_pointer (&labels);
    while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->presets_box))) != NULL)
      gtk_widget_unparent (child);
    g_ptr_array_set_free_func (presets, NULL);
    for (guint i = 0; i < presets->len; i++)
      add_preset (self, presets->pdata[i]);
  }
  gtk_widget_set_visible (GTK_WIDGET (self->presets_box),
                          gtk_widget_get_first_child (GTK_WIDGET (self->presets_box)) != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->presets_section), self->subsets[0] != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->presets_section), self->editor != NULL);
}

static void
show_code (LabTrafficTools *self)
{
  g_autoptr (JsonNode) draft = ref_draft (self);
  g_autoptr (JsonNode) server = self->object != NULL ? kube_object_ref_json (self->object) : NULL;

  if (draft != NULL && server != NULL)
    lab_traffic_code_show (self->code, server, draft,
                           self->editor != NULL && mesh_editor_get_changing (self->editor));
}

static void
expanded_cb (LabTrafficTools *self)
{
  if (self->settings != NULL)
    lab_settings_set_traffic_code (self->settings, gtk_expander_get_expanded (self->expander));
  show_code (self);
}

/* (transfer full) (element-type JsonNode) */
static GPtrArray *
collect_rules (LabTrafficTools *self)
{
  GPtrArray *rules = g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);
  guint n = self->rules != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->rules)) : 0;

  for (guint i = 0; i < n; i++) {
    g_autoptr (KubeObject) object = g_list_model_get_item (G_LIST_MODEL (self->rules), i);
    JsonNode *rule = kube_object_ref_json (object);

    if (rule != NULL)
      g_ptr_array_add (rules, rule);
  }
  return rules;
}

/* The rules are read only where they or the host are other ones: a slider that is dragged asks with
 * every step. */
static void
update_subsets (LabTrafficTools *self, JsonNode *draft)
{
  const char *namespace_ = base_json_get_string (draft, "metadata", "namespace", NULL);
  const char *host = mesh_target_find_host (draft);
  g_autoptr (GPtrArray) rules = NULL;

  if (self->subsets != NULL && g_strcmp0 (self->host, host) == 0 &&
      g_strcmp0 (self->namespace_, namespace_) == 0)
    return;
  g_free (self->host);
  self->host = g_strdup (host);
  g_free (self->namespace_);
  self->namespace_ = g_strdup (namespace_);
  rules = collect_rules (self);
  g_strfreev (self->subsets);
  self->subsets = mesh_destination_rule_dup_subsets_of_host (rules, host, namespace_);
}

static void
refresh (LabTrafficTools *self)
{
  g_autoptr (JsonNode) draft = ref_draft (self);
  g_autofree char *words = NULL;

  gtk_widget_set_visible (adw_bin_get_child (ADW_BIN (self)), draft != NULL);
  if (draft == NULL)
    return;
  update_subsets (self, draft);
  words = mesh_description_dup_text (draft);
  if (g_strcmp0 (gtk_label_get_label (self->words_label), words) != 0)
    gtk_label_set_label (self->words_label, words);
  show_presets (self, draft);
  show_code (self);
  lab_traffic_tools_explain (self);
}

static void
rules_changed_cb (LabTrafficTools *self)
{
  g_clear_pointer (&self->subsets, g_strfreev);
  refresh (self);
}

/* The minor number of an Istio such as "1.4.0"; 0 where it is not known. */
static guint
get_minor (SessionLab *lab)
{
  g_autofree char *version = NULL;
  guint64 minor = 0;

  if (lab != NULL)
    g_object_get (lab, "istio-version", &version, NULL);
  if (version != NULL && g_str_has_prefix (version, "1."))
    minor = g_ascii_strtoull (version + 2, NULL, 10);
  return (guint)MIN (minor, G_MAXUINT16);
}

/* While a dialog was open its object went, and what was written there with it. Else it is not ours
 * to tell. */
static void
dialog_failed_cb (LabTrafficTools *self, GError *error)
{
  g_autofree char *text = NULL;

  if (self->dialog_editor == self->editor)
    return;
  /* Translators: %s is the server's reason */
  text = g_strdup_printf (_ ("The change was not saved: %s"), error->message);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", text);
}

/* Takes both. */
static void
present_dialog (LabTrafficTools *self, GtkWidget *dialog, GError *error)
{
  g_autoptr (GError) owned = error;

  if (dialog == NULL) {
    gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", error->message);
    return;
  }
  g_set_object (&self->dialog_editor, self->editor);
  g_signal_group_set_target (self->dialog_signals, self->editor);
  gtk_window_present (GTK_WINDOW (dialog));
}

static GtkWindow *
get_window (LabTrafficTools *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
add_route_cb (LabTrafficTools *self)
{
  GError *error = NULL;
  GtkWidget *dialog = NULL;

  if (self->editor == NULL || self->host == NULL || self->subsets == NULL ||
      self->subsets[0] == NULL)
    return;
  dialog = lab_route_dialog_new_for_new (get_window (self), self->editor, self->host,
                                         (const char *const *)self->subsets, get_minor (self->lab),
                                         &error);
  present_dialog (self, dialog, error);
}

static void
lab_traffic_tools_dispose (GObject *object)
{
  LabTrafficTools *self = LAB_TRAFFIC_TOOLS (object);

  g_clear_object (&self->object_signals);
  g_clear_object (&self->editor_signals);
  g_clear_object (&self->dialog_signals);
  g_clear_object (&self->rules_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TRAFFIC_TOOLS);
  g_clear_object (&self->review);
  g_clear_object (&self->settings);
  g_clear_object (&self->lab);
  g_clear_object (&self->editor);
  g_clear_object (&self->dialog_editor);
  g_clear_object (&self->object);
  g_clear_object (&self->rules);

  G_OBJECT_CLASS (lab_traffic_tools_parent_class)->dispose (object);
}

static void
lab_traffic_tools_finalize (GObject *object)
{
  LabTrafficTools *self = LAB_TRAFFIC_TOOLS (object);

  g_free (self->namespace_);
  g_free (self->host);
  g_strfreev (self->subsets);
  g_free (self->labels);

  G_OBJECT_CLASS (lab_traffic_tools_parent_class)->finalize (object);
}

static void
lab_traffic_tools_class_init (LabTrafficToolsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_traffic_tools_dispose;
  G_OBJECT_CLASS (klass)->finalize = lab_traffic_tools_finalize;

  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-tools.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficTools, words_label);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficTools, presets_section);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficTools, presets_box);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficTools, add_button);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficTools, expander);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficTools, code);
  gtk_widget_class_bind_template_callback (widget_class, add_route_cb);
  gtk_widget_class_bind_template_callback (widget_class, expanded_cb);
}

static void
lab_traffic_tools_init (LabTrafficTools *self)
{
  g_type_ensure (LAB_TYPE_WRAP_BOX);
  g_type_ensure (LAB_TYPE_TRAFFIC_CODE);
  gtk_widget_init_template (GTK_WIDGET (self));
  lab_button_names_mend (GTK_WIDGET (self->add_button));
  self->object_signals = g_signal_group_new (KUBE_TYPE_OBJECT);
  g_signal_group_connect_swapped (self->object_signals, "changed", G_CALLBACK (refresh), self);
  self->editor_signals = g_signal_group_new (MESH_TYPE_EDITOR);
  g_signal_group_connect_swapped (self->editor_signals, "drafted", G_CALLBACK (refresh), self);
  self->dialog_signals = g_signal_group_new (MESH_TYPE_EDITOR);
  g_signal_group_connect_swapped (self->dialog_signals, "failed", G_CALLBACK (dialog_failed_cb),
                                  self);
  self->rules_signals = g_signal_group_new (SESSION_TYPE_RESOURCE);
  g_signal_group_connect_swapped (self->rules_signals, "updated", G_CALLBACK (rules_changed_cb),
                                  self);
  g_signal_group_connect_swapped (self->rules_signals, "items-changed",
                                  G_CALLBACK (rules_changed_cb), self);
}

/**
 * lab_traffic_tools_new:
 *
 * Returns: (transfer floating): tools for nothing yet
 */
GtkWidget *
lab_traffic_tools_new (void)
{
  return g_object_new (LAB_TYPE_TRAFFIC_TOOLS, NULL);
}

/**
 * lab_traffic_tools_set:
 * @self: tools
 * @lab: (nullable): where the object is; somebody else has to hold its resources
 * @editor: (nullable): who writes; %NULL: nothing can be changed
 * @object: (nullable): a VirtualService
 */
void
lab_traffic_tools_set (LabTrafficTools *self,
                       SessionLab *lab,
                       MeshEditor *editor,
                       KubeObject *object)
{
  SessionResource *rules = NULL;

  g_return_if_fail (LAB_IS_TRAFFIC_TOOLS (self));
  g_return_if_fail (lab == NULL || SESSION_IS_LAB (lab));
  g_return_if_fail (editor == NULL || MESH_IS_EDITOR (editor));
  g_return_if_fail (object == NULL || KUBE_IS_OBJECT (object));

  if (lab != NULL)
    rules = session_lab_get_resource (lab, "destinationrules");
  g_set_object (&self->lab, lab);
  g_set_object (&self->editor, editor);
  g_set_object (&self->object, object);
  g_set_object (&self->rules, rules);
  g_signal_group_set_target (self->object_signals, object);
  g_signal_group_set_target (self->editor_signals, editor);
  g_signal_group_set_target (self->rules_signals, self->rules);
  rules_changed_cb (self);
}

/**
 * lab_traffic_tools_set_settings:
 * @self: tools
 * @settings: remember whether the code is shown
 */
void
lab_traffic_tools_set_settings (LabTrafficTools *self, LabSettings *settings)
{
  g_return_if_fail (LAB_IS_TRAFFIC_TOOLS (self));
  g_return_if_fail (LAB_IS_SETTINGS (settings));

  if (g_set_object (&self->settings, settings))
    gtk_expander_set_expanded (self->expander, lab_settings_get_traffic_code (settings));
}

/**
 * lab_traffic_tools_set_review:
 * @self: tools
 * @review: knows what a change would run into
 */
void
lab_traffic_tools_set_review (LabTrafficTools *self, LabTrafficReview *review)
{
  g_return_if_fail (LAB_IS_TRAFFIC_TOOLS (self));
  g_return_if_fail (LAB_IS_TRAFFIC_REVIEW (review));

  g_set_object (&self->review, review);
}

/**
 * lab_traffic_tools_explain:
 * @self: tools
 *
 * Has each preset say anew what it leaves alone and what it would run into, once the hand is off
 * the sliders.
 */
void
lab_traffic_tools_explain (LabTrafficTools *self)
{
  g_autoptr (JsonNode) draft = NULL;

  g_return_if_fail (LAB_IS_TRAFFIC_TOOLS (self));

  if (self->editor != NULL && mesh_editor_get_changing (self->editor))
    return;
  draft = ref_draft (self);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->presets_box));
       draft != NULL && child != NULL; child = gtk_widget_get_next_sibling (child)) {
    g_autofree char *text =
      dup_explanation (self, g_object_get_data (G_OBJECT (child), PRESET), draft);

    gtk_widget_set_tooltip_text (child, text);
  }
}

/**
 * lab_traffic_tools_edit_route:
 * @self: tools
 * @route: an HTTP route of the object
 *
 * Opens the dialog for it.
 */
void
lab_traffic_tools_edit_route (LabTrafficTools *self, guint route)
{
  GError *error = NULL;
  GtkWidget *dialog = NULL;

  g_return_if_fail (LAB_IS_TRAFFIC_TOOLS (self));

  if (self->editor == NULL)
    return;
  dialog =
    lab_route_dialog_new (get_window (self), self->editor, route, get_minor (self->lab), &error);
  present_dialog (self, dialog, error);
}
