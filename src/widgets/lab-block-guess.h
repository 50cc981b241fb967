/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab-block-item.h"

G_BEGIN_DECLS

int lab_block_guess_height (LabBlockItem *item, int line_height);

G_END_DECLS
