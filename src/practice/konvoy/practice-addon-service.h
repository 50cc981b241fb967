/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "practice-cluster.h"
#include "practice-resolve.h"

G_BEGIN_DECLS

/* The owner's side towards `konvoy` on the jumpserver, which asks about the cluster and switches
 * its add-ons. */
#define PRACTICE_TYPE_ADDON_SERVICE (practice_addon_service_get_type ())
G_DECLARE_FINAL_TYPE (
  PracticeAddonService, practice_addon_service, PRACTICE, ADDON_SERVICE, GObject)

/* Name of its socket, and the variable that names its path where it is not in the jumpserver. */
#define PRACTICE_ADDONS_NAME "addons"
#define PRACTICE_ADDONS_VARIABLE "KONVOY_LAB_ADDONS"

PracticeAddonService *practice_addon_service_new (const char *path,
                                                  PracticeCluster *cluster,
                                                  const char *kubeconfig,
                                                  GError **error);
void practice_addon_service_set_resolve (PracticeAddonService *self,
                                         PracticeResolveFunc resolve,
                                         gpointer user_data);

G_END_DECLS
