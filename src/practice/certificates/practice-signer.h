/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Signs the certificates that were approved, where the signer is one of Kubernetes's own. */
#define PRACTICE_TYPE_SIGNER (practice_signer_get_type ())
G_DECLARE_FINAL_TYPE (PracticeSigner, practice_signer, PRACTICE, SIGNER, PracticeController)

PracticeController *practice_signer_new (PracticeStore *store);

G_END_DECLS
