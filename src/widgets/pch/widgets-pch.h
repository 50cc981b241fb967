/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Read once for the whole library: nearly every file of it includes these. */
#include <adwaita.h>
