/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "lab-connector.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "jump-question.h"
#include "jump-ssh.h"
#include "lab-question.h"

struct _LabConnector {
  GObject parent_instance;

  GtkWindow *window; /* not owned: owns us */
  LabBanner *offline_banner;
  LabBanner *notice_banner;
  LabBanner *insecure_banner;

  SessionLab *lab; /* (nullable) */
  GSignalGroup *lab_signals;
  GSignalGroup *place_signals;
  GSignalGroup *ssh_signals;
  GCancellable *cancellable; /* (nullable): of the attempt under way */
};

G_DEFINE_FINAL_TYPE (LabConnector, lab_connector, G_TYPE_OBJECT)

/* Connected, and yet without an answer: the lists go on by themselves when there is one. */
static void
update_trouble (LabConnector *self)
{
  const GError *trouble = session_lab_get_trouble (self->lab);

  if (trouble != NULL)
    lab_banner_show (self->offline_banner, trouble->message, NULL);
  else
    lab_banner_hide (self->offline_banner);
}

static void
update_offline (LabConnector *self)
{
  const GError *error = session_lab_get_error (self->lab);
  g_autofree char *text = NULL;

  if (session_lab_get_state (self->lab) == SESSION_LAB_ONLINE) {
    update_trouble (self);
    return;
  }
  if (session_lab_get_state (self->lab) != SESSION_LAB_OFFLINE || error == NULL ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    lab_banner_hide (self->offline_banner);
    return;
  }

  /* Translators: %s is the reason, a sentence */
  text = g_strdup_printf (_ ("Not connected. %s"), error->message);
  lab_banner_show (self->offline_banner, text, _ ("_Reconnect"));
}

static void
update_insecure (LabConnector *self)
{
  KubeClient *client = session_lab_get_client (self->lab);
  KubeContext *context = client != NULL ? kube_client_get_context (client) : NULL;

  if (context == NULL || !kube_context_get_insecure (context))
    lab_banner_hide (self->insecure_banner);
  else if (g_str_has_prefix (kube_context_get_server (context), "http:"))
    lab_banner_show (
      self->insecure_banner,
      _ ("The connection to the cluster is not encrypted: your kubeconfig says so. Others on the "
         "network may read and change what you do."),
      NULL);
  else
    lab_banner_show (
      self->insecure_banner,
      _ ("The server's certificate is not verified: your kubeconfig says so. Others on the "
         "network may read and change what you do."),
      NULL);
}

static void
update_notice (LabConnector *self)
{
  g_autofree char *notice = NULL;

  g_object_get (session_lab_get_place (self->lab), "notice", &notice, NULL);
  if (notice != NULL)
    lab_banner_show (self->notice_banner, notice, NULL);
  else
    lab_banner_hide (self->notice_banner);
}

static void
mend_answered (gboolean yes, gpointer user_data)
{
  LabConnector *self = LAB_CONNECTOR (user_data);
  JumpPlace *place = self->lab != NULL ? session_lab_get_place (self->lab) : NULL;
  g_autoptr (GError) error = NULL;

  if (!yes || !JUMP_IS_SSH (place))
    return;
  if (!jump_ssh_mend_identity (JUMP_SSH (place), &error)) {
    gtk_widget_activate_action (GTK_WIDGET (self->window), "win.toast", "s", error->message);
    return;
  }
  lab_connector_connect (self);
}

static void
ask_to_mend (LabConnector *self)
{
  JumpPlace *place = session_lab_get_place (self->lab);
  g_autofree char *body = NULL;

  if (!JUMP_IS_SSH (place))
    return;

  /* Translators: %s is the path of a private key */
  body = g_strdup_printf (_ ("Others on this computer can read %s, so SSH does not use it. Make it "
                             "readable by you alone, and connect again?"),
                          jump_ssh_get_identity (JUMP_SSH (place)));
  lab_question_ask (self->window, _ ("Private key is not private"), body, _ ("_Make it private"),
                    ADW_RESPONSE_SUGGESTED, mend_answered, g_object_ref (self), g_object_unref);
}

static void
exec_answered (gboolean yes, gpointer user_data)
{
  LabConnector *self = LAB_CONNECTOR (user_data);

  if (yes && self->lab != NULL)
    session_lab_approve_exec (self->lab);
}

static void
exec_argv_cb (LabConnector *self)
{
  const char *const *argv = session_lab_get_exec_argv (self->lab);
  g_autofree char *command = NULL;
  g_autofree char *body = NULL;

  if (argv == NULL)
    return;

  command = g_strjoinv (" ", (char **)argv);
  /* Translators: %s is a command line */
  body =
    g_strdup_printf (_ ("The kubeconfig asks for this program to sign you in:\n\n%s\n\nRun it only "
                        "if you trust where the kubeconfig came from."),
                     command);
  lab_question_ask (self->window, _ ("Run the sign-in program?"), body, _ ("_Run"),
                    ADW_RESPONSE_DESTRUCTIVE, exec_answered, g_object_ref (self), g_object_unref);
}

static void
host_key_answered (gboolean yes, gpointer user_data)
{
  jump_question_answer (JUMP_QUESTION (user_data), yes);
}

static void
host_key_cb (LabConnector *self, const char *fingerprint, JumpQuestion *question)
{
  lab_question_ask (self->window, jump_question_get_title (question),
                    jump_question_get_body (question), _ ("_Trust and connect"),
                    ADW_RESPONSE_DEFAULT, host_key_answered, g_object_ref (question),
                    g_object_unref);
}

static void
connect_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (LabConnector) self = user_data;
  g_autoptr (GError) error = NULL;

  if (session_lab_connect_finish (SESSION_LAB (source), result, &error) ||
      SESSION_LAB (source) != self->lab)
    return;
  if (g_error_matches (error, JUMP_ERROR, JUMP_ERROR_KEY_TOO_OPEN))
    ask_to_mend (self);
}

static void
lab_connector_dispose (GObject *object)
{
  LabConnector *self = LAB_CONNECTOR (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->lab_signals);
  g_clear_object (&self->place_signals);
  g_clear_object (&self->ssh_signals);
  g_clear_object (&self->lab);

  G_OBJECT_CLASS (lab_connector_parent_class)->dispose (object);
}

static void
lab_connector_class_init (LabConnectorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = lab_connector_dispose;
}

static void
lab_connector_init (LabConnector *self)
{
  self->lab_signals = g_signal_group_new (SESSION_TYPE_LAB);
  g_signal_group_connect_swapped (self->lab_signals, "notify::state", G_CALLBACK (update_offline),
                                  self);
  g_signal_group_connect_swapped (self->lab_signals, "notify::error", G_CALLBACK (update_offline),
                                  self);
  g_signal_group_connect_swapped (self->lab_signals, "notify::trouble", G_CALLBACK (update_offline),
                                  self);
  g_signal_group_connect_swapped (self->lab_signals, "notify::client", G_CALLBACK (update_insecure),
                                  self);
  g_signal_group_connect_swapped (self->lab_signals, "notify::exec-argv", G_CALLBACK (exec_argv_cb),
                                  self);

  self->place_signals = g_signal_group_new (G_TYPE_OBJECT);
  g_signal_group_connect_swapped (self->place_signals, "notify::notice", G_CALLBACK (update_notice),
                                  self);

  self->ssh_signals = g_signal_group_new (JUMP_TYPE_SSH);
  g_signal_group_connect_swapped (self->ssh_signals, "host-key-question", G_CALLBACK (host_key_cb),
                                  self);
}

/**
 * lab_connector_new:
 * @window: parent of the questions; it owns the connector
 * @offline_banner: of @window
 * @notice_banner: of @window
 * @insecure_banner: of @window
 *
 * Returns: (transfer full): a connector without a lab
 */
LabConnector *
lab_connector_new (GtkWindow *window,
                   LabBanner *offline_banner,
                   LabBanner *notice_banner,
                   LabBanner *insecure_banner)
{
  LabConnector *self;

  g_return_val_if_fail (GTK_IS_WINDOW (window), NULL);

  self = g_object_new (LAB_TYPE_CONNECTOR, NULL);
  self->window = window;
  self->offline_banner = offline_banner;
  self->notice_banner = notice_banner;
  self->insecure_banner = insecure_banner;
  g_signal_connect_object (offline_banner, "clicked", G_CALLBACK (lab_connector_connect), self,
                           G_CONNECT_SWAPPED);

  return self;
}

/**
 * lab_connector_set_lab:
 * @self: a connector
 * @lab: whose place to connect; not before lab_connector_connect()
 */
void
lab_connector_set_lab (LabConnector *self, SessionLab *lab)
{
  JumpPlace *place;

  g_return_if_fail (LAB_IS_CONNECTOR (self));
  g_return_if_fail (SESSION_IS_LAB (lab));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_set_object (&self->lab, lab);
  place = session_lab_get_place (lab);
  g_signal_group_set_target (self->lab_signals, lab);
  g_signal_group_set_target (self->place_signals, place);
  g_signal_group_set_target (self->ssh_signals, JUMP_IS_SSH (place) ? place : NULL);
  update_offline (self);
  update_insecure (self);
  update_notice (self);
}

/**
 * lab_connector_connect:
 * @self: a connector with a lab
 *
 * Connects, or connects again.
 */
void
lab_connector_connect (LabConnector *self)
{
  g_return_if_fail (LAB_IS_CONNECTOR (self));
  g_return_if_fail (self->lab != NULL);

  if (session_lab_get_state (self->lab) != SESSION_LAB_OFFLINE)
    return;

  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  session_lab_connect_async (self->lab, self->cancellable, connect_cb, g_object_ref (self));
}
