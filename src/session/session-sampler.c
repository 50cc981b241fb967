/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-sampler.h"

#include "session-asker.h"
#include "session-gateway.h"
#include "session-hindrance.h"

/* Istio needs a moment to hand new settings to all sidecars; what is asked meanwhile may still have
 * the old ones. */
#define SETTLE_MS 3000
/* Where one lane finds that the way leads nowhere the others are given so long to find it, too. */
#define LEAVE_MS 300

struct _SessionSampler {
  GObject parent_instance;

  SessionLab *lab; /* (nullable) (weak) */
  SessionGateway *gateway;
  SessionAsker *askers[SESSION_N_LANES];
  SessionRules *rules;
  SessionSight *sight;       /* for what is in the way */
  SessionResource *gateways; /* what tells the ingress gateway to listen */
  guint settle_ms;
  double rate;
  gboolean is_running;
  gboolean is_unproven; /* nothing has come by this way yet */
  guint timer;          /* while there is a way */
  guint leave_timer;    /* while a way that leads nowhere is about to be left */
  SessionGatewayHitch hitch;
  char *reason; /* (nullable) */
};

G_DEFINE_FINAL_TYPE (SessionSampler, session_sampler, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_RUNNING,
  PROP_REASON,
  PROP_RATE,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

enum {
  SETTINGS,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const char *
get_namespace (SessionSampler *self)
{
  return course_course_get_namespace (session_lab_get_course (self->lab));
}

static void
update_reason (SessionSampler *self)
{
  g_autofree char *reason = NULL;
  g_autofree char *old = NULL;

  /* the gateway is about to say it */
  if (self->leave_timer != 0)
    return;
  if (self->is_running)
    reason = g_strdup (session_gateway_get_reason (self->gateway));
  for (guint i = 0; self->is_running && reason == NULL && i < SESSION_N_LANES; i++)
    reason = session_hindrance_dup_sentence (
      self->sight, session_asker_get_trouble (self->askers[i]), get_namespace (self));
  /* what was in the way last may still be: it stays on the screen until there is an answer */
  if (g_strcmp0 (reason, self->reason) == 0 || (self->is_unproven && reason == NULL))
    return;
  old = g_steal_pointer (&self->reason);
  self->reason = g_steal_pointer (&reason);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REASON]);
}

static gboolean
tick_cb (gpointer user_data)
{
  SessionSampler *self = SESSION_SAMPLER (user_data);

  g_autoptr (GHashTable) pods = session_rules_dup_new_pods (self->rules);

  for (guint i = 0; pods != NULL && i < SESSION_N_LANES; i++)
    session_asker_set_pods (self->askers[i], pods);
  for (guint i = 0; i < SESSION_N_LANES; i++)
    session_asker_ask (self->askers[i]);
  return G_SOURCE_CONTINUE;
}

static void
update_timer (SessionSampler *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (session_gateway_get_way (self->gateway) == NULL)
    return;
  self->timer = g_timeout_add ((guint)(1000 / self->rate), tick_cb, self);
  g_source_set_name_by_id (self->timer, "[session] sample");
}

static void
way_cb (SessionGateway *gateway, GParamSpec *pspec, SessionSampler *self)
{
  GSocketConnectable *way = session_gateway_get_way (gateway);

  self->is_unproven = way != NULL;
  g_clear_handle_id (&self->leave_timer, g_source_remove);
  for (guint i = 0; i < SESSION_N_LANES; i++)
    session_asker_set_way (self->askers[i], way,
                           way != NULL ? session_gateway_get_address (gateway) : NULL);
  update_timer (self);
  update_reason (self);
}

static gboolean
leave_cb (gpointer user_data)
{
  SessionSampler *self = SESSION_SAMPLER (user_data);

  self->leave_timer = 0;
  for (guint i = 0; i < SESSION_N_LANES; i++)
    session_asker_break (self->askers[i]);
  session_gateway_retry (self->gateway, self->hitch);
  update_reason (self);
  return G_SOURCE_REMOVE;
}

/* Each lane has its last answer from here, so that none shows what is so no more. */
static void
leave_way (SessionSampler *self, SessionGatewayHitch hitch)
{
  self->hitch = hitch;
  if (self->leave_timer != 0)
    return;
  self->leave_timer = g_timeout_add (LEAVE_MS, leave_cb, self);
  g_source_set_name_by_id (self->leave_timer, "[session] leave the way");
}

static void
answered_cb (SessionSampler *self, MeshHistory *history)
{
  guint n = mesh_history_get_n (history);

  if (!self->is_unproven || n == 0 ||
      mesh_history_get (history, n - 1)->outcome == MESH_OUTCOME_NONE)
    return;
  self->is_unproven = FALSE;
  update_reason (self);
}

/* Nobody has told it to listen. A load balancer before it takes connections all the same, and
 * breaks them off. */
static gboolean
is_deaf (SessionSampler *self)
{
  return session_resource_get_state (self->gateways) == KUBE_LIST_LIVE &&
         g_list_model_get_n_items (G_LIST_MODEL (self->gateways)) == 0;
}

static void
trouble_cb (SessionAsker *asker, GParamSpec *pspec, SessionSampler *self)
{
  SessionAskerTrouble trouble = session_asker_get_trouble (asker);

  if (trouble == SESSION_ASKER_NAMELESS)
    leave_way (self, SESSION_GATEWAY_NAMELESS);
  else if (trouble == SESSION_ASKER_REFUSED || (trouble == SESSION_ASKER_BROKEN && is_deaf (self)))
    leave_way (self, SESSION_GATEWAY_DEAF);
  else if (trouble == SESSION_ASKER_BROKEN)
    leave_way (self, SESSION_GATEWAY_BROKEN);
  update_reason (self);
}

static void
rules_cb (SessionSampler *self, gboolean were_known)
{
  if (were_known)
    session_sampler_mark (self);
  g_signal_emit (self, signals[SETTINGS], 0);
}

static void
session_sampler_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  SessionSampler *self = SESSION_SAMPLER (object);

  switch (id) {
    case PROP_RUNNING:
      g_value_set_boolean (value, self->is_running);
      break;
    case PROP_REASON:
      g_value_set_string (value, self->reason);
      break;
    case PROP_RATE:
      g_value_set_double (value, self->rate);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static void
session_sampler_dispose (GObject *object)
{
  SessionSampler *self = SESSION_SAMPLER (object);

  session_sampler_pause (self);
  g_clear_weak_pointer (&self->lab);
  G_OBJECT_CLASS (session_sampler_parent_class)->dispose (object);
}

static void
session_sampler_finalize (GObject *object)
{
  SessionSampler *self = SESSION_SAMPLER (object);

  for (guint i = 0; i < SESSION_N_LANES; i++)
    g_clear_object (&self->askers[i]);
  g_clear_object (&self->gateway);
  g_clear_object (&self->rules);
  g_clear_object (&self->sight);
  g_clear_object (&self->gateways);
  g_clear_pointer (&self->reason, g_free);
  G_OBJECT_CLASS (session_sampler_parent_class)->finalize (object);
}

static void
session_sampler_class_init (SessionSamplerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = session_sampler_get_property;
  object_class->dispose = session_sampler_dispose;
  object_class->finalize = session_sampler_finalize;

  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, flags);
  properties[PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, NULL, flags);
  properties[PROP_RATE] =
    g_param_spec_double ("rate", NULL, NULL, SESSION_SAMPLER_MIN_RATE, SESSION_SAMPLER_MAX_RATE,
                         SESSION_SAMPLER_RATE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * SessionSampler::settings:
   *
   * A rule in the namespace of Bookinfo has changed, or the rules are known for the first time.
   */
  signals[SETTINGS] = g_signal_new ("settings", SESSION_TYPE_SAMPLER, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
}

static void
session_sampler_init (SessionSampler *self)
{
  self->rate = SESSION_SAMPLER_RATE;
  self->settle_ms = SETTLE_MS;
  self->askers[SESSION_LANE_ANONYMOUS] = session_asker_new (NULL);
  self->askers[SESSION_LANE_JASON] = session_asker_new (SESSION_LANE_USER);
  for (guint i = 0; i < SESSION_N_LANES; i++) {
    g_signal_connect_object (self->askers[i], "notify::trouble", G_CALLBACK (trouble_cb), self, 0);
    g_signal_connect_object (session_asker_get_history (self->askers[i]), "changed",
                             G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  }
}

/* A list that is read for as long as the sampler lives, whoever holds it. */
static SessionResource *
follow (SessionSampler *self, const char *name, GCallback callback)
{
  SessionResource *resource = g_object_ref (session_lab_get_resource (self->lab, name));

  g_signal_connect_object (resource, "updated", callback, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (resource, "notify::state", callback, self, G_CONNECT_SWAPPED);
  return resource;
}

/**
 * session_sampler_new:
 * @lab: must outlive the sampler's being started
 *
 * Returns: (transfer full): paused
 */
SessionSampler *
session_sampler_new (SessionLab *lab)
{
  SessionSampler *self = NULL;

  g_return_val_if_fail (SESSION_IS_LAB (lab), NULL);

  self = g_object_new (SESSION_TYPE_SAMPLER, NULL);
  g_set_weak_pointer (&self->lab, lab);
  self->gateway = session_gateway_new (lab);
  g_signal_connect_object (self->gateway, "notify::way", G_CALLBACK (way_cb), self, 0);
  self->rules = session_rules_new (lab);
  g_signal_connect_object (self->rules, "changed", G_CALLBACK (rules_cb), self, G_CONNECT_SWAPPED);
  self->sight = session_sight_new (lab);
  g_signal_connect_object (self->sight, "changed", G_CALLBACK (update_reason), self,
                           G_CONNECT_SWAPPED);
  self->gateways = follow (self, "gateways", G_CALLBACK (update_reason));
  return self;
}

/**
 * session_sampler_start:
 *
 * Asks until session_sampler_pause().
 */
void
session_sampler_start (SessionSampler *self)
{
  g_return_if_fail (SESSION_IS_SAMPLER (self));

  if (self->is_running || self->lab == NULL)
    return;
  self->is_running = TRUE;
  session_rules_hold (self->rules);
  session_resource_hold (self->gateways);
  session_gateway_start (self->gateway);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

/**
 * session_sampler_pause:
 *
 * What is under way counts for nothing; what came is kept.
 */
void
session_sampler_pause (SessionSampler *self)
{
  g_return_if_fail (SESSION_IS_SAMPLER (self));

  if (!self->is_running)
    return;
  self->is_running = FALSE;
  session_gateway_stop (self->gateway);
  self->is_unproven = FALSE;
  session_rules_release (self->rules);
  session_sight_close (self->sight);
  session_resource_release (self->gateways);
  update_reason (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

gboolean
session_sampler_get_running (SessionSampler *self)
{
  g_return_val_if_fail (SESSION_IS_SAMPLER (self), FALSE);

  return self->is_running;
}

/**
 * session_sampler_set_rate:
 * @rate: requests a second, of each lane; less are sent where the answers take long, since a
 * bounded number is under way
 */
void
session_sampler_set_rate (SessionSampler *self, double rate)
{
  g_return_if_fail (SESSION_IS_SAMPLER (self));

  rate = CLAMP (rate, SESSION_SAMPLER_MIN_RATE, SESSION_SAMPLER_MAX_RATE);
  if (rate >= self->rate && rate <= self->rate)
    return;
  self->rate = rate;
  if (self->is_running)
    update_timer (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RATE]);
}

double
session_sampler_get_rate (SessionSampler *self)
{
  g_return_val_if_fail (SESSION_IS_SAMPLER (self), 0);

  return self->rate;
}

/**
 * session_sampler_set_target:
 * @target: what to ask for from now on; copied. Bookinfo's reviews by default
 *
 * What came for the last one is forgotten.
 */
void
session_sampler_set_target (SessionSampler *self, const MeshTarget *target)
{
  g_return_if_fail (SESSION_IS_SAMPLER (self));
  g_return_if_fail (target != NULL);

  if (mesh_target_equal (session_rules_get_target (self->rules), target))
    return;
  for (guint i = 0; i < SESSION_N_LANES; i++)
    session_asker_set_target (self->askers[i], target);
  session_rules_set_target (self->rules, target);
}

/**
 * session_sampler_get_target:
 *
 * Returns: (transfer none): what is asked for; good until another one is set
 */
const MeshTarget *
session_sampler_get_target (SessionSampler *self)
{
  g_return_val_if_fail (SESSION_IS_SAMPLER (self), NULL);

  return session_rules_get_target (self->rules);
}

/**
 * session_sampler_mark:
 *
 * The settings are new ones from now on, as soon as all sidecars have them: the counts begin anew.
 */
void
session_sampler_mark (SessionSampler *self)
{
  gint64 from = g_get_monotonic_time () + self->settle_ms * G_GINT64_CONSTANT (1000);

  g_return_if_fail (SESSION_IS_SAMPLER (self));

  for (guint i = 0; i < SESSION_N_LANES; i++)
    mesh_history_mark (session_asker_get_history (self->askers[i]), from);
}

/**
 * session_sampler_set_settle:
 * @milliseconds: how long after a change of the settings answers may still be of the old ones; 3 s
 * by default
 */
void
session_sampler_set_settle (SessionSampler *self, guint milliseconds)
{
  g_return_if_fail (SESSION_IS_SAMPLER (self));

  self->settle_ms = milliseconds;
}

guint
session_sampler_get_settle (SessionSampler *self)
{
  g_return_val_if_fail (SESSION_IS_SAMPLER (self), 0);

  return self->settle_ms;
}

/**
 * session_sampler_set_limit:
 * @milliseconds: how long an answer is waited for; 10 s by default
 */
void
session_sampler_set_limit (SessionSampler *self, guint milliseconds)
{
  g_return_if_fail (SESSION_IS_SAMPLER (self));

  for (guint i = 0; i < SESSION_N_LANES; i++)
    session_asker_set_limit (self->askers[i], milliseconds);
}

/**
 * session_sampler_get_history:
 *
 * Returns: (transfer none): what came for a lane; it is the same one for the life of the sampler
 */
MeshHistory *
session_sampler_get_history (SessionSampler *self, SessionLane lane)
{
  g_return_val_if_fail (SESSION_IS_SAMPLER (self), NULL);
  g_return_val_if_fail (lane < SESSION_N_LANES, NULL);

  return session_asker_get_history (self->askers[lane]);
}

/**
 * session_sampler_get_settings:
 *
 * Returns: (transfer none): what is configured for who asks in a lane; good until the next
 * "settings"
 */
const MeshSettings *
session_sampler_get_settings (SessionSampler *self, SessionLane lane)
{
  g_return_val_if_fail (SESSION_IS_SAMPLER (self), NULL);
  g_return_val_if_fail (lane < SESSION_N_LANES, NULL);

  return session_rules_get_settings (self->rules, lane);
}

/**
 * session_sampler_get_reason:
 *
 * Returns: (nullable) (transfer none): while it runs, why the page is not seen, and what to do
 */
const char *
session_sampler_get_reason (SessionSampler *self)
{
  g_return_val_if_fail (SESSION_IS_SAMPLER (self), NULL);

  return self->reason;
}
