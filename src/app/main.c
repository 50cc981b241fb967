/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>
#include <locale.h>
#include <stdlib.h>

#include "base-install.h"
#include "kube-client.h"
#include "lab-application.h"
#include "lab-lint.h"
#include "lab-options.h"
#include "lab-rehearse.h"

static void
init_translations (void)
{
  g_autofree char *locale_dir = base_install_dup_locale_dir ();

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (LabOptions) options = NULL;
  g_autoptr (LabApplication) application = NULL;

  /* before any thread exists */
  kube_client_init_process ();
  init_translations ();

  options = lab_options_parse (argv, NULL, &error);
  if (options == NULL) {
    g_printerr ("%s\n", error->message);
    return EXIT_FAILURE;
  }
  if (options->version) {
    g_print ("konvoy-lab %s\n", PACKAGE_VERSION);
    return EXIT_SUCCESS;
  }
  if (options->lint != NULL)
    return lab_lint_run (options->lint);
  if (options->rehearse)
    return lab_rehearse_run (options);

  g_set_application_name (_ ("Konvoy Lab"));
  application = lab_application_new ();

  return g_application_run (G_APPLICATION (application), argc, argv);
}
