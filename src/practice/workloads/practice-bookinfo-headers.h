/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-launch.h"

G_BEGIN_DECLS

void practice_bookinfo_headers_forward (PracticeLaunch *launch,
                                        PracticeHttpRequest *from,
                                        PracticeHttpRequest *to);

G_END_DECLS
