/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "mesh-chance.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define CONFIDENCE 0.95
/* Of two that are equally likely, rounding would choose one. */
#define TIE 1e-9
/* Who sees fewer answers than this takes one split for another. */
#define DIFFERENCE 0.2

/* How likely @count of @n are where each is one with the probability @share. */
static double
get_likelihood (guint count, guint n, double share)
{
  double combinations = lgamma (n + 1.0) - lgamma (count + 1.0) - lgamma (n - count + 1.0);

  return exp (combinations + count * log (share) + (n - count) * log1p (-share));
}

/**
 * mesh_chance_get_range:
 * @n: how many answers there are
 * @share: the probability, 0 to 1, of each to be one of those counted
 *
 * The exact 95 % interval of the binomial distribution: the most likely counts, as few of them as
 * together hold 95 %. Of counts that are equally likely both belong to it or none. It takes as many
 * steps as the interval is wide.
 *
 * Returns: the counts that chance gives 19 times in 20
 */
MeshRange
mesh_chance_get_range (guint n, double share)
{
  guint mode;
  double sum, below, above;
  MeshRange range;

  if (!(share > 0) || n == 0)
    return (MeshRange){ 0, 0 };
  if (share >= 1)
    return (MeshRange){ n, n };

  mode = MIN ((guint)floor ((n + 1.0) * share), n);
  range = (MeshRange){ mode, mode };
  sum = get_likelihood (mode, n, share);
  below = mode > 0 ? sum * mode / (n - mode + 1.0) * (1 - share) / share : 0;
  above = mode < n ? sum * (n - mode) / (mode + 1.0) * share / (1 - share) : 0;
  while (sum < CONFIDENCE && (below > 0 || above > 0)) {
    gboolean take_below = below > 0 && below >= above * (1 - TIE);
    gboolean take_above = above > 0 && above >= below * (1 - TIE);

    if (take_below) {
      guint count = --range.least;

      sum += below;
      below = count > 0 ? below * count / (n - count + 1.0) * (1 - share) / share : 0;
    }
    if (take_above) {
      guint count = ++range.most;

      sum += above;
      above = count < n ? above * (n - count) / (count + 1.0) * share / (1 - share) : 0;
    }
  }

  return range;
}

/**
 * mesh_chance_can_tell:
 * @n: how many answers there are
 * @a: a probability, 0 to 1
 * @b: another one
 *
 * Returns: whether no count is one that chance gives with both
 */
gboolean
mesh_chance_can_tell (guint n, double a, double b)
{
  MeshRange low = mesh_chance_get_range (n, MIN (a, b));
  MeshRange high = mesh_chance_get_range (n, MAX (a, b));

  return low.most < high.least;
}

/**
 * mesh_chance_dup_words:
 * @count: how many answers are of the version
 * @n: how many there are in all
 * @share: what is configured for it, 0 to 1
 *
 * Returns: (transfer full): such as "18 of 50; 30 % expected 9 to 21"
 */
char *
mesh_chance_dup_words (guint count, guint n, double share)
{
  MeshRange range = mesh_chance_get_range (n, share);

  if (range.least == range.most)
    /* Translators: so many of so many answers; the share that is configured, and how many that are;
     * "50 of 50; 100 % expected 50" */
    return g_strdup_printf (_ ("%u of %u; %.3g %% expected %u"), count, n, share * 100,
                            range.least);
  /* Translators: so many of so many answers; the share that is configured, and how many that gives
   * with chance; "18 of 50; 30 % expected 9 to 21" */
  return g_strdup_printf (_ ("%u of %u; %.3g %% expected %u to %u"), count, n, share * 100,
                          range.least, range.most);
}

/**
 * mesh_chance_dup_verdict:
 * @count: how many answers are of the version
 * @n: how many there are in all
 * @share: what is configured for it, 0 to 1
 *
 * Returns: (transfer full) (nullable): that it is not what chance gives, where it is not
 */
char *
mesh_chance_dup_verdict (guint count, guint n, double share)
{
  MeshRange range = mesh_chance_get_range (n, share);

  if (count < range.least)
    return g_strdup (_ ("fewer than chance gives 19 times in 20"));
  if (count > range.most)
    return g_strdup (_ ("more than chance gives 19 times in 20"));
  return NULL;
}

/**
 * mesh_chance_dup_limit:
 * @n: how many answers there are
 * @share: what is configured, 0 to 1
 *
 * Returns: (transfer full) (nullable): that so few answers do not tell the share from one that is
 * 20 points away, where they do not
 */
char *
mesh_chance_dup_limit (guint n, double share)
{
  double other = share + DIFFERENCE <= 1 ? share + DIFFERENCE : share - DIFFERENCE;

  if (n == 0 || mesh_chance_can_tell (n, share, other))
    return NULL;
  /* Translators: "15 answers are too few to tell 50 % from 70 %." */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%u answer is too few to tell %.3g %% from %.3g %%.",
                                       "%u answers are too few to tell %.3g %% from %.3g %%.", n),
                          n, share * 100, other * 100);
}
