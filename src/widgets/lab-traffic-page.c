/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-traffic-page.h"

#include "lab-freshness.h"
#include "lab-traffic-chooser.h"
#include "lab-traffic-guard.h"
#include "lab-traffic-loss.h"
#include "lab-traffic-observer.h"
#include "lab-traffic-offers.h"
#include "lab-traffic-outcome.h"
#include "lab-traffic-placeholder.h"
#include "lab-traffic-review.h"
#include "lab-traffic-routes.h"
#include "lab-traffic-surroundings.h"
#include "lab-traffic-toolbar.h"
#include "lab-traffic-tools.h"
#include "lab-traffic-warnings.h"
#include "mesh-editor.h"

struct _LabTrafficPage {
  AdwBin parent_instance;

  GtkStack *stack;
  LabTrafficLoss *loss;
  LabTrafficPlaceholder *placeholder;
  LabTrafficChooser *chooser;
  LabTrafficToolbar *toolbar;
  LabTrafficGuard *guard;
  LabTrafficOutcome *outcome;
  LabTrafficWarnings *warnings;
  LabTrafficRoutes *routes;
  LabTrafficOffers *offers;
  GtkBox *tools_box;
  LabFreshness *freshness;

  /* Made once they are for something: (nullable) */
  LabTrafficObserver *observer;
  LabTrafficTools *tools;
  LabTrafficOffers *other_offers;

  SessionLab *lab;           /* (nullable) */
  SessionResource *services; /* (nullable) of VirtualService */
  LabTrafficSurroundings *surroundings;
  LabTrafficReview *review;
  GSignalGroup *lab_signals;
  GSignalGroup *services_signals;
  GSignalGroup *object_signals;
  GSignalGroup *editor_signals;
  MeshEditor *editor; /* (nullable) */
  MeshCreations *creations;
  GHashTable *undos; /* uid to MeshUndo: what can be taken back outlives the connection */
};

G_DEFINE_FINAL_TYPE (LabTrafficPage, lab_traffic_page, ADW_TYPE_BIN)

/* (nullable): only what may be changed has an editor to change it with */
static MeshEditor *
get_open_editor (LabTrafficPage *self)
{
  return lab_traffic_guard_get_open (self->guard) ? self->editor : NULL;
}

/* What the user is to see: the server's object, with the changes that are on their way. */
static void
show_object (LabTrafficPage *self)
{
  KubeObject *object = lab_traffic_chooser_get_object (self->chooser);
  g_autoptr (JsonNode) json = NULL;
  const char *const *subsets = NULL;

  if (self->editor != NULL)
    json = mesh_editor_ref_draft (self->editor);
  else if (object != NULL)
    json = kube_object_ref_json (object);
  lab_traffic_routes_show (self->routes, json, self->surroundings);
  subsets = lab_traffic_routes_get_subsets (self->routes);
  if (subsets != NULL)
    lab_traffic_observer_set_subsets (self->observer, subsets);
  lab_traffic_warnings_show (self->warnings, json,
                             lab_traffic_surroundings_get (self->surroundings));
}

/* What else there is decides what a preset would run into. */
static void
surroundings_cb (LabTrafficPage *self)
{
  show_object (self);
  lab_traffic_tools_explain (self->tools);
}

static gboolean
can_step (LabTrafficPage *self, MeshUndoDirection direction)
{
  MeshEditor *editor = get_open_editor (self);

  return editor != NULL && mesh_editor_can (editor, direction);
}

/* (nullable) (transfer full): as the watch has shown it */
static JsonNode *
ref_shown (LabTrafficPage *self)
{
  KubeObject *object = lab_traffic_chooser_get_object (self->chooser);

  return object != NULL ? kube_object_ref_json (object) : NULL;
}

/* That an object was created comes before all that was changed of it. */
static gboolean
can_step_creation (LabTrafficPage *self, MeshUndoDirection direction)
{
  g_autoptr (JsonNode) shown = ref_shown (self);
  MeshEditor *editor = get_open_editor (self);

  if (self->lab == NULL || session_lab_get_client (self->lab) == NULL)
    return FALSE;
  if (direction == MESH_UNDO_BACK && (editor == NULL || mesh_editor_get_changing (editor)))
    return FALSE;
  return mesh_creations_can (self->creations, shown, direction);
}

static void
update_actions (LabTrafficPage *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "traffic.undo",
                                 can_step (self, MESH_UNDO_BACK) ||
                                   can_step_creation (self, MESH_UNDO_BACK));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "traffic.redo",
                                 can_step (self, MESH_UNDO_AGAIN) ||
                                   can_step_creation (self, MESH_UNDO_AGAIN));
}

static void
guard_cb (LabTrafficPage *self)
{
  if (self->tools == NULL)
    return;
  lab_traffic_routes_set_editor (self->routes, get_open_editor (self));
  lab_traffic_tools_set (self->tools, self->lab, get_open_editor (self),
                         lab_traffic_chooser_get_object (self->chooser));
  lab_traffic_observer_set_shown (self->observer, self->lab, get_open_editor (self),
                                  lab_traffic_chooser_get_object (self->chooser));
  update_actions (self);
}

static void
forbidden_cb (LabTrafficPage *self, const char *reason)
{
  lab_traffic_guard_refuse (self->guard, reason);
}

static void
undo_cb (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  LabTrafficPage *self = LAB_TRAFFIC_PAGE (widget);
  gboolean undo = g_str_equal (action_name, "traffic.undo");
  MeshUndoDirection direction = undo ? MESH_UNDO_BACK : MESH_UNDO_AGAIN;
  g_autoptr (JsonNode) shown = ref_shown (self);

  if (can_step (self, direction))
    mesh_editor_step (self->editor, direction);
  else if (can_step_creation (self, direction))
    mesh_creations_step (self->creations, session_lab_get_client (self->lab), shown, direction);
}

static void
creation_failed_cb (LabTrafficPage *self, GError *error)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", error->message);
}

/* Of @object, whichever connection or list it was last seen over. */
static MeshUndo *
get_undo (LabTrafficPage *self, KubeObject *object)
{
  const char *uid = kube_object_get_uid (object);
  MeshUndo *undo = uid != NULL ? g_hash_table_lookup (self->undos, uid) : NULL;

  if (uid != NULL && undo == NULL) {
    undo = mesh_undo_new ();
    g_hash_table_insert (self->undos, g_strdup (uid), undo);
  }
  return undo;
}

/* (nullable) (transfer full): over another connection, and for the same object in another list, the
 * editor goes on */
static MeshEditor *
make_editor (LabTrafficPage *self, KubeClient *client, KubeObject *object)
{
  if (object == NULL || client == NULL)
    return NULL;
  if (self->editor == NULL || !mesh_editor_is_of (self->editor, object))
    return mesh_editor_new (client, object, get_undo (self, object));
  mesh_editor_rebind (self->editor, client, object);
  return g_object_ref (self->editor);
}

static void
renew_editor (LabTrafficPage *self)
{
  KubeObject *object = lab_traffic_chooser_get_object (self->chooser);
  KubeClient *client = self->lab != NULL ? session_lab_get_client (self->lab) : NULL;
  g_autoptr (MeshEditor) editor = make_editor (self, client, object);

  if (g_set_object (&self->editor, editor)) {
    g_signal_group_set_target (self->editor_signals, self->editor);
    lab_traffic_toolbar_set_editor (self->toolbar, self->editor);
    lab_traffic_outcome_set_editor (self->outcome, self->editor);
    lab_traffic_review_set_editor (self->review, self->editor);
  }
  lab_traffic_guard_set_object (self->guard, client, object);
  guard_cb (self);
  show_object (self);
}

/* What is there again is another one for the server; its changes can be made again here. */
static void
renewed_cb (LabTrafficPage *self, const char *old_uid, const char *new_uid)
{
  gpointer key = NULL, undo = NULL;

  if (old_uid == NULL || new_uid == NULL ||
      !g_hash_table_steal_extended (self->undos, old_uid, &key, &undo))
    return;
  g_free (key);
  g_hash_table_insert (self->undos, g_strdup (new_uid), undo);
  /* the watch may have shown it before */
  g_clear_object (&self->editor);
  renew_editor (self);
}

static void
gone_cb (LabTrafficPage *self)
{
  KubeObject *object = lab_traffic_chooser_get_object (self->chooser);

  if (object != NULL)
    lab_traffic_loss_tell (self->loss, object);
}

/* A change may be under way of what the server has no more, or has another one of. To be told while
 * the slider is still held: it is let go where it is not seen any more. */
static void
tell_lost (LabTrafficPage *self)
{
  g_autoptr (KubeObject) object = g_signal_group_dup_target (self->object_signals);
  KubeObject *now = NULL;

  if (object == NULL || self->editor == NULL || !mesh_editor_get_changing (self->editor) ||
      session_resource_get_state (self->services) != KUBE_LIST_LIVE)
    return;
  now = session_resource_find (self->services, kube_object_get_namespace (object),
                               kube_object_get_name (object));
  if (now == NULL || g_strcmp0 (kube_object_get_uid (now), kube_object_get_uid (object)) != 0)
    lab_traffic_loss_tell (self->loss, object);
}

static void
object_cb (LabTrafficPage *self)
{
  KubeObject *object = lab_traffic_chooser_get_object (self->chooser);

  tell_lost (self);
  if (object == NULL || self->editor == NULL || !mesh_editor_is_of (self->editor, object))
    lab_traffic_routes_clear (self->routes);
  if (self->editor != NULL)
    mesh_editor_flush (self->editor);
  g_signal_group_set_target (self->object_signals, object);
  renew_editor (self);
}

static void
services_changed_cb (LabTrafficPage *self)
{
  guint n = self->services != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->services)) : 0;

  tell_lost (self);
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "routes" : "placeholder");
}

static void
lab_traffic_page_map (GtkWidget *widget)
{
  LabTrafficPage *self = LAB_TRAFFIC_PAGE (widget);

  GTK_WIDGET_CLASS (lab_traffic_page_parent_class)->map (widget);
  lab_traffic_surroundings_set_held (self->surroundings, TRUE);
}

static void
lab_traffic_page_unmap (GtkWidget *widget)
{
  LabTrafficPage *self = LAB_TRAFFIC_PAGE (widget);

  if (self->editor != NULL)
    mesh_editor_flush (self->editor);
  lab_traffic_surroundings_set_held (self->surroundings, FALSE);
  GTK_WIDGET_CLASS (lab_traffic_page_parent_class)->unmap (widget);
}

static void
lab_traffic_page_dispose (GObject *object)
{
  LabTrafficPage *self = LAB_TRAFFIC_PAGE (object);

  g_clear_object (&self->lab_signals);
  g_clear_object (&self->services_signals);
  g_clear_object (&self->object_signals);
  g_clear_object (&self->editor_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), LAB_TYPE_TRAFFIC_PAGE);
  self->observer = NULL;
  self->tools = NULL;
  self->other_offers = NULL;
  g_clear_object (&self->review);
  g_clear_object (&self->surroundings);
  g_clear_object (&self->editor);
  g_clear_pointer (&self->undos, g_hash_table_unref);
  g_clear_object (&self->creations);
  g_clear_object (&self->services);
  g_clear_object (&self->lab);

  G_OBJECT_CLASS (lab_traffic_page_parent_class)->dispose (object);
}

static void
edit_route_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  lab_traffic_tools_edit_route (LAB_TRAFFIC_PAGE (widget)->tools, g_variant_get_uint32 (parameter));
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/konvoylab/KonvoyLab/lab-traffic-page.ui");
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, stack);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, loss);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, placeholder);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, chooser);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, toolbar);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, guard);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, outcome);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, warnings);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, routes);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, offers);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, freshness);
  gtk_widget_class_bind_template_child (widget_class, LabTrafficPage, tools_box);
  gtk_widget_class_bind_template_callback (widget_class, object_cb);
  gtk_widget_class_bind_template_callback (widget_class, guard_cb);
  gtk_widget_class_bind_template_callback (widget_class, forbidden_cb);
  gtk_widget_class_bind_template_callback (widget_class, gone_cb);
}

static void
lab_traffic_page_class_init (LabTrafficPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = lab_traffic_page_dispose;
  widget_class->map = lab_traffic_page_map;
  widget_class->unmap = lab_traffic_page_unmap;

  gtk_widget_class_install_action (widget_class, "traffic.undo", NULL, undo_cb);
  gtk_widget_class_install_action (widget_class, "traffic.redo", NULL, undo_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "traffic.undo",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "traffic.redo", NULL);

  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "traffic.edit-route", "u", edit_route_action);
}

static GSignalGroup *
new_group (LabTrafficPage *self, GType type, const char *signal, GCallback callback)
{
  GSignalGroup *group = g_signal_group_new (type);

  g_signal_group_connect_swapped (group, signal, callback, self);

  return group;
}

static void
connect_groups (LabTrafficPage *self)
{
  self->lab_signals =
    new_group (self, SESSION_TYPE_LAB, "notify::client", G_CALLBACK (renew_editor));
  self->services_signals =
    new_group (self, SESSION_TYPE_RESOURCE, "items-changed", G_CALLBACK (services_changed_cb));
  self->object_signals = new_group (self, KUBE_TYPE_OBJECT, "changed", G_CALLBACK (show_object));
  self->editor_signals = new_group (self, MESH_TYPE_EDITOR, "drafted", G_CALLBACK (show_object));
  g_signal_group_connect_swapped (self->editor_signals, "notify::can-undo",
                                  G_CALLBACK (update_actions), self);
  g_signal_group_connect_swapped (self->editor_signals, "notify::can-redo",
                                  G_CALLBACK (update_actions), self);
  g_signal_group_connect_swapped (self->editor_signals, "notify::pending",
                                  G_CALLBACK (update_actions), self);
  g_signal_connect_object (self->creations, "changed", G_CALLBACK (update_actions), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->creations, "failed", G_CALLBACK (creation_failed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->creations, "renewed", G_CALLBACK (renewed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->surroundings, "changed", G_CALLBACK (surroundings_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
lab_traffic_page_init (LabTrafficPage *self)
{
  g_type_ensure (LAB_TYPE_FRESHNESS);
  g_type_ensure (LAB_TYPE_TRAFFIC_CHOOSER);
  g_type_ensure (LAB_TYPE_TRAFFIC_GUARD);
  g_type_ensure (LAB_TYPE_TRAFFIC_LOSS);
  g_type_ensure (LAB_TYPE_TRAFFIC_OFFERS);
  g_type_ensure (LAB_TYPE_TRAFFIC_OUTCOME);
  g_type_ensure (LAB_TYPE_TRAFFIC_PLACEHOLDER);
  g_type_ensure (LAB_TYPE_TRAFFIC_ROUTES);
  g_type_ensure (LAB_TYPE_TRAFFIC_TOOLBAR);
  g_type_ensure (LAB_TYPE_TRAFFIC_WARNINGS);
  gtk_widget_init_template (GTK_WIDGET (self));

  self->undos =
    g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)mesh_undo_unref);
  self->surroundings = lab_traffic_surroundings_new ();
  self->review = lab_traffic_review_new (GTK_WIDGET (self), self->surroundings);
  self->creations = mesh_creations_new ();
  lab_traffic_loss_set_creations (self->loss, self->creations);
  lab_traffic_placeholder_set_creations (self->placeholder, self->creations);
  lab_traffic_offers_set_creations (self->offers, self->creations);
  connect_groups (self);
  update_actions (self);
  services_changed_cb (self);
}

/* What is below the routes takes as long to make as all else: not in the same frame. */
static void
ensure_tools (LabTrafficPage *self)
{
  if (self->tools != NULL)
    return;

  self->observer = LAB_TRAFFIC_OBSERVER (lab_traffic_observer_new ());
  self->tools = LAB_TRAFFIC_TOOLS (lab_traffic_tools_new ());
  self->other_offers =
    g_object_new (LAB_TYPE_TRAFFIC_OFFERS, "scope", LAB_TRAFFIC_OFFERS_OTHERS, NULL);
  lab_traffic_tools_set_review (self->tools, self->review);
  lab_traffic_offers_set_creations (self->other_offers, self->creations);
  gtk_box_append (self->tools_box, GTK_WIDGET (self->observer));
  gtk_box_append (self->tools_box, GTK_WIDGET (self->tools));
  gtk_box_append (self->tools_box, GTK_WIDGET (self->other_offers));
}

/**
 * lab_traffic_page_new:
 *
 * Returns: (transfer floating): a page with nothing to show yet
 */
GtkWidget *
lab_traffic_page_new (void)
{
  return g_object_new (LAB_TYPE_TRAFFIC_PAGE, NULL);
}

/**
 * lab_traffic_page_set_lab:
 * @self: a page
 * @lab: (nullable): whose traffic it shares out
 */
void
lab_traffic_page_set_lab (LabTrafficPage *self, SessionLab *lab)
{
  SessionResource *services = NULL;

  g_return_if_fail (LAB_IS_TRAFFIC_PAGE (self));
  g_return_if_fail (lab == NULL || SESSION_IS_LAB (lab));

  if (self->lab == lab)
    return;

  ensure_tools (self);
  /* what is not sent yet is for the cluster that is left */
  if (self->editor != NULL)
    mesh_editor_flush (self->editor);
  g_clear_object (&self->editor);
  g_set_object (&self->lab, lab);
  if (lab != NULL)
    services = session_lab_get_resource (lab, "virtualservices");
  g_set_object (&self->services, services);
  g_signal_group_set_target (self->lab_signals, lab);
  g_signal_group_set_target (self->services_signals, self->services);
  lab_freshness_set_resource (self->freshness, self->services);
  lab_traffic_loss_set_lab (self->loss, lab);
  lab_traffic_placeholder_set_lab (self->placeholder, lab);
  lab_traffic_offers_set_lab (self->offers, lab);
  lab_traffic_offers_set_lab (self->other_offers, lab);
  lab_traffic_surroundings_set_lab (self->surroundings, lab);
  lab_traffic_surroundings_set_held (self->surroundings, gtk_widget_get_mapped (GTK_WIDGET (self)));
  lab_traffic_chooser_set_resource (self->chooser, self->services);
  /* also where there is no object: a lab that is connected already tells of no new client */
  renew_editor (self);
  services_changed_cb (self);
}

/**
 * lab_traffic_page_set_settings:
 * @self: a page
 * @settings: what it remembers of what is shown
 */
void
lab_traffic_page_set_settings (LabTrafficPage *self, LabSettings *settings)
{
  g_return_if_fail (LAB_IS_TRAFFIC_PAGE (self));

  ensure_tools (self);
  lab_traffic_tools_set_settings (self->tools, settings);
}

/**
 * lab_traffic_page_get_canary:
 * @self: a page
 *
 * Returns: (nullable) (transfer none): what is under way, and has to end before the window does
 */
SessionCanary *
lab_traffic_page_get_canary (LabTrafficPage *self)
{
  g_return_val_if_fail (LAB_IS_TRAFFIC_PAGE (self), NULL);

  return self->observer != NULL ? lab_traffic_observer_get_canary (self->observer) : NULL;
}
