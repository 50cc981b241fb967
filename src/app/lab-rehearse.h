/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab-options.h"

G_BEGIN_DECLS

int lab_rehearse_run (const LabOptions *options);

G_END_DECLS
