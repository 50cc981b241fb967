/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "session-chain.h"

#define NONE G_MAXUINT

/**
 * SessionChain:
 *
 * What a check waits for, stage after stage, as those tell it who look: a #SessionProbe, or the
 * lists. Each stage has the time from the beginning of the wait until it was seen to be so, where
 * it was not so at first sight. A wait begins when its step is set going; else when its first stage
 * comes to be, or when something is seen not to be so. Where all is so it is over, and another one
 * begins when that changes.
 */
struct _SessionChain {
  GObject parent_instance;

  GArray *stages;   /* of Stage */
  guint n_passed;   /* the first so many are so */
  gboolean is_seen; /* the first look is over */
  gint64 begun_at;  /* 0: nothing is waited for */
  gboolean was_set_going;
  gint64 set_going_at; /* what was whole, and was not confirmed since; 0: nothing was */
  gint64 confirmed_at; /* that all is so; 0: not yet */
  guint fallen;        /* the stage that ended what was whole; NONE */
};

typedef struct {
  CourseStage kind;
  gint64 ms;        /* -1: not waited for */
  gint64 passed_at; /* 0: before the first look */
  guint n;          /* so many are so ... */
  guint of;         /* ... of so many; 0: nothing is counted */
} Stage;

G_DEFINE_FINAL_TYPE (SessionChain, session_chain, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static Stage *
get_stage (SessionChain *self, guint index)
{
  return &g_array_index (self->stages, Stage, index);
}

/* That it was so before is all that a new wait knows of a stage. */
static void
forget_times (SessionChain *self)
{
  for (guint i = 0; i < self->stages->len; i++)
    get_stage (self, i)->ms = -1;
}

static void
rise (SessionChain *self, guint n_passed, gint64 now)
{
  for (guint i = self->n_passed; i < n_passed; i++) {
    /* nobody could expect more before there was anything at all */
    if (i == 0 && self->begun_at != 0 && !self->was_set_going)
      self->begun_at = now;
    get_stage (self, i)->passed_at = self->is_seen ? now : 0;
    get_stage (self, i)->ms = -1;
    if (self->is_seen && self->begun_at != 0 && self->begun_at < now)
      get_stage (self, i)->ms = (now - self->begun_at) / 1000;
  }
  if (n_passed > self->n_passed)
    self->fallen = NONE;
  self->n_passed = n_passed;
}

static void
fall (SessionChain *self, guint n_passed, gint64 now)
{
  if (session_chain_is_whole (self)) {
    forget_times (self);
    self->was_set_going = self->set_going_at != 0;
    self->begun_at = self->was_set_going ? self->set_going_at : now;
    self->fallen = self->was_set_going ? NONE : n_passed;
    self->set_going_at = 0;
  } else if (self->fallen != NONE) {
    self->fallen = n_passed;
  }
  self->n_passed = n_passed;
}

/* At least @least stages are so, and at most @most. @is_over: for now no more will be seen. */
static void
see (SessionChain *self, guint least, guint most, gboolean is_over, gint64 now)
{
  guint n_passed = CLAMP (self->n_passed, least, most);
  gboolean is_waiting = most < self->stages->len;
  gboolean changed = n_passed != self->n_passed || (is_over && !self->is_seen);

  if (n_passed > self->n_passed)
    rise (self, n_passed, now);
  else if (n_passed < self->n_passed)
    fall (self, n_passed, now);
  self->is_seen = self->is_seen || is_over;
  if (n_passed == self->stages->len)
    self->begun_at = 0;
  else if (is_waiting && self->begun_at == 0)
    self->begun_at = now;
  if (changed)
    g_signal_emit (self, signals[CHANGED], 0);
}

/* How many of its stages come before @kind, which need not be one of them. */
static guint
count_before (SessionChain *self, CourseStage kind)
{
  guint n = 0;

  while (n < self->stages->len && get_stage (self, n)->kind < kind)
    n++;
  return n;
}

static void
session_chain_finalize (GObject *object)
{
  g_array_unref (SESSION_CHAIN (object)->stages);
  G_OBJECT_CLASS (session_chain_parent_class)->finalize (object);
}

static void
session_chain_class_init (SessionChainClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = session_chain_finalize;

  signals[CHANGED] = g_signal_new ("changed", SESSION_TYPE_CHAIN, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
session_chain_init (SessionChain *self)
{
  self->stages = g_array_new (FALSE, FALSE, sizeof (Stage));
  self->fallen = NONE;
}

/**
 * session_chain_new:
 * @stages: (element-type CourseStage): in ascending order, at least one
 *
 * Returns: (transfer full): a chain of which nothing is known
 */
SessionChain *
session_chain_new (const GArray *stages)
{
  SessionChain *self = NULL;

  g_return_val_if_fail (stages != NULL && stages->len > 0, NULL);

  self = g_object_new (SESSION_TYPE_CHAIN, NULL);
  session_chain_set_stages (self, stages);
  return self;
}

static gboolean
has_stages (SessionChain *self, const GArray *stages)
{
  if (self->stages->len != stages->len)
    return FALSE;
  for (guint i = 0; i < stages->len; i++)
    if (get_stage (self, i)->kind != g_array_index (stages, CourseStage, i))
      return FALSE;
  return TRUE;
}

static gboolean
is_wait_for (const CourseWait *wait, const GArray *stages)
{
  if (course_wait_get_n_stages (wait) != stages->len)
    return FALSE;
  for (guint i = 0; i < stages->len; i++)
    if (course_wait_get_stage (wait, i) != g_array_index (stages, CourseStage, i))
      return FALSE;
  return TRUE;
}

/**
 * session_chain_set_stages:
 * @stages: (element-type CourseStage): as for session_chain_new()
 *
 * What there is to wait for turned out to be something else. The first stages that are the same
 * stay as they are.
 */
void
session_chain_set_stages (SessionChain *self, const GArray *stages)
{
  guint n_kept = 0;

  g_return_if_fail (SESSION_IS_CHAIN (self));
  g_return_if_fail (stages != NULL && stages->len > 0);

  if (has_stages (self, stages))
    return;
  while (n_kept < MIN (self->stages->len, stages->len) &&
         get_stage (self, n_kept)->kind == g_array_index (stages, CourseStage, n_kept))
    n_kept++;
  g_array_set_size (self->stages, n_kept);
  for (guint i = n_kept; i < stages->len; i++) {
    Stage stage = { .kind = g_array_index (stages, CourseStage, i), .ms = -1 };

    g_array_append_val (self->stages, stage);
  }
  self->n_passed = MIN (self->n_passed, n_kept);
  self->fallen = NONE;
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * session_chain_begin:
 *
 * What it waits for was set going. Where all is so already, there is nothing to wait for.
 */
void
session_chain_begin (SessionChain *self, gint64 now)
{
  g_return_if_fail (SESSION_IS_CHAIN (self));

  if (session_chain_is_whole (self))
    return;
  forget_times (self);
  self->begun_at = now;
  self->was_set_going = TRUE;
  self->fallen = NONE;
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * session_chain_begin_anew:
 *
 * As session_chain_begin(), by a step that was not done before: what is so already was not waited
 * for, and what turns out not to be is waited for since @now.
 */
void
session_chain_begin_anew (SessionChain *self, gint64 now)
{
  g_return_if_fail (SESSION_IS_CHAIN (self));

  if (!session_chain_is_whole (self)) {
    session_chain_begin (self, now);
    return;
  }
  forget_times (self);
  self->set_going_at = now;
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * session_chain_pass:
 * @stage: need not be one of the chain's
 *
 * All stages up to @stage are so, but for the last, which is what the check asks for: of that
 * session_chain_pass_all() tells.
 */
void
session_chain_pass (SessionChain *self, CourseStage stage, gint64 now)
{
  g_return_if_fail (SESSION_IS_CHAIN (self));

  see (self, MIN (count_before (self, stage + 1), self->stages->len - 1), self->stages->len, FALSE,
       now);
}

/**
 * session_chain_pass_all:
 *
 * The check has passed.
 */
void
session_chain_pass_all (SessionChain *self, gint64 now)
{
  g_return_if_fail (SESSION_IS_CHAIN (self));

  self->confirmed_at = now;
  self->set_going_at = 0;
  see (self, self->stages->len, self->stages->len, TRUE, now);
}

/**
 * session_chain_fail:
 * @first: the first stage that may not be so
 * @last: the last one that may be the first that is not so; the same as @first, where it is known
 *
 * The check has not passed. Neither stage need be one of the chain's.
 */
void
session_chain_fail (SessionChain *self, CourseStage first, CourseStage last, gint64 now)
{
  guint most;

  g_return_if_fail (SESSION_IS_CHAIN (self));
  g_return_if_fail (first <= last);

  most = MIN (count_before (self, last), self->stages->len - 1);
  see (self, MIN (count_before (self, first), most), most, TRUE, now);
}

/**
 * session_chain_set_count:
 * @stage: need not be one of the chain's
 * @n: how many of those that are waited for have come through it
 * @of: how many there are, or should be; 0: nothing is counted
 */
void
session_chain_set_count (SessionChain *self, CourseStage stage, guint n, guint of)
{
  g_return_if_fail (SESSION_IS_CHAIN (self));

  for (guint i = 0; i < self->stages->len; i++) {
    Stage *its = get_stage (self, i);

    if (its->kind != stage || (its->n == n && its->of == of))
      continue;
    its->n = n;
    its->of = of;
    g_signal_emit (self, signals[CHANGED], 0);
  }
}

/**
 * session_chain_restore:
 * @stages: (element-type CourseStage): as for session_chain_new()
 * @wait: how it was waited for, before anything was seen by this chain
 *
 * All was so when @wait was over. Where that was for other stages than @stages, nothing is taken
 * from it.
 *
 * Returns: whether it is taken
 */
gboolean
session_chain_restore (SessionChain *self, const GArray *stages, const CourseWait *wait)
{
  g_return_val_if_fail (SESSION_IS_CHAIN (self), FALSE);
  g_return_val_if_fail (stages != NULL && stages->len > 0, FALSE);
  g_return_val_if_fail (wait != NULL, FALSE);

  if (self->is_seen || !is_wait_for (wait, stages))
    return FALSE;
  session_chain_set_stages (self, stages);
  for (guint i = 0; i < self->stages->len; i++)
    get_stage (self, i)->ms = course_wait_get_ms (wait, i);
  self->n_passed = self->stages->len;
  self->begun_at = 0;
  self->is_seen = TRUE;
  g_signal_emit (self, signals[CHANGED], 0);
  return TRUE;
}

/**
 * session_chain_dup_wait:
 * @says: the sentence of its check
 *
 * Returns: (transfer full) (nullable): how it was waited for; %NULL where it is not over
 */
CourseWait *
session_chain_dup_wait (SessionChain *self, const char *says)
{
  CourseWait *wait = NULL;

  g_return_val_if_fail (SESSION_IS_CHAIN (self), NULL);

  if (!session_chain_is_whole (self))
    return NULL;
  wait = course_wait_new (says);
  for (guint i = 0; i < self->stages->len; i++) {
    const Stage *stage = get_stage (self, i);

    course_wait_add (wait, stage->kind, stage->ms);
  }
  return wait;
}

/**
 * session_chain_is_whole:
 *
 * Returns: whether all of its stages are so
 */
gboolean
session_chain_is_whole (SessionChain *self)
{
  g_return_val_if_fail (SESSION_IS_CHAIN (self), FALSE);

  return self->n_passed == self->stages->len;
}

/**
 * session_chain_is_telling:
 *
 * Returns: whether there is anything to tell: a stage is so, or is waited for by somebody
 */
gboolean
session_chain_is_telling (SessionChain *self)
{
  g_return_val_if_fail (SESSION_IS_CHAIN (self), FALSE);

  return self->n_passed > 0 || self->fallen != NONE || self->was_set_going;
}

guint
session_chain_get_n_stages (SessionChain *self)
{
  g_return_val_if_fail (SESSION_IS_CHAIN (self), 0);

  return self->stages->len;
}

CourseStage
session_chain_get_stage (SessionChain *self, guint index)
{
  g_return_val_if_fail (SESSION_IS_CHAIN (self), COURSE_N_STAGES);
  g_return_val_if_fail (index < self->stages->len, COURSE_N_STAGES);

  return get_stage (self, index)->kind;
}

SessionStageState
session_chain_get_state (SessionChain *self, guint index)
{
  g_return_val_if_fail (SESSION_IS_CHAIN (self), SESSION_STAGE_NOT_YET);

  if (index < self->n_passed)
    return SESSION_STAGE_DONE;
  if (index > self->n_passed || (!self->is_seen && self->begun_at == 0))
    return SESSION_STAGE_NOT_YET;
  return self->fallen == index ? SESSION_STAGE_FALLEN : SESSION_STAGE_UNDER_WAY;
}

/**
 * session_chain_get_ms:
 *
 * Returns: milliseconds from the beginning of the wait until the stage was so; -1 where it is not,
 *   or was before, or nobody knows
 */
gint64
session_chain_get_ms (SessionChain *self, guint index)
{
  g_return_val_if_fail (SESSION_IS_CHAIN (self), -1);

  return index < self->n_passed ? get_stage (self, index)->ms : -1;
}

/**
 * session_chain_get_passed_at:
 *
 * Returns: when the stage was seen to be so; 0 where it is not, or was before the first look
 */
gint64
session_chain_get_passed_at (SessionChain *self, guint index)
{
  g_return_val_if_fail (SESSION_IS_CHAIN (self), 0);

  return index < self->n_passed ? get_stage (self, index)->passed_at : 0;
}

/**
 * session_chain_get_confirmed_at:
 *
 * Returns: when all was seen to be so last; 0 where it never was by this chain
 */
gint64
session_chain_get_confirmed_at (SessionChain *self)
{
  g_return_val_if_fail (SESSION_IS_CHAIN (self), 0);

  return self->confirmed_at;
}

/**
 * session_chain_get_count:
 * @n: (out): how many have come through the stage
 *
 * Returns: of how many, while not all have; 0 where there are not several to count
 */
guint
session_chain_get_count (SessionChain *self, guint index, guint *n)
{
  const Stage *stage;

  g_return_val_if_fail (SESSION_IS_CHAIN (self), 0);
  g_return_val_if_fail (index < self->stages->len, 0);

  stage = get_stage (self, index);
  *n = stage->n;
  return index == self->n_passed && stage->of > 1 ? stage->of : 0;
}
