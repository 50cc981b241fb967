/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-record.h"

G_BEGIN_DECLS

gboolean lab_record_print_save_pdf (const CourseRecordSpec *spec, const char *path, GError **error);

G_END_DECLS
