/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-program.h"

G_BEGIN_DECLS

/* istio-proxy's own port, where the kubelet asks whether it is ready. */
#define PRACTICE_TYPE_PROXY_PROGRAM (practice_proxy_program_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeProxyProgram, practice_proxy_program, PRACTICE, PROXY_PROGRAM, PracticeProgram)

G_END_DECLS
