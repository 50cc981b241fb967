/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kube-timings.h"

const KubeTimings kube_timings_default = {
  .backoff_floor = 800,
  .backoff_ceiling = 30 * 1000,
  .healthy = 2 * 60 * 1000,
  .answer = 30 * 1000,
  .silence = 150 * 1000,
  .probe = 10 * 1000,
  .watch = 300 * 1000,
  .frame = 16,
  .absent = 20 * 1000,
  .forbidden = 5 * 60 * 1000,
};
