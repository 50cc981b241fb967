/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kube-context.h"
#include "kube-exec-config.h"

G_BEGIN_DECLS

struct _KubeContext {
  GObject parent_instance;

  char *name;
  char *namespace_;

  /* where to */
  char *server; /* no slash at the end */
  char *host;
  guint16 port;
  gboolean secure;       /* https */
  char *tls_server_name; /* (nullable): the name to verify instead of the host */
  char *proxy_url;       /* (nullable) */

  /* trusting what */
  GBytes *ca; /* (nullable): PEM; NULL for the system's */
  gboolean insecure;

  /* as whom */
  char *token;                /* (nullable) */
  char *token_file;           /* (nullable): where the token came from */
  gboolean local;             /* the kubeconfig is a file of this computer, so its paths are too */
  char *username;             /* (nullable) */
  char *password;             /* (nullable) */
  GBytes *client_certificate; /* (nullable): PEM */
  GBytes *client_key;         /* (nullable): PEM */
  KubeExecConfig *exec;       /* (nullable) */

  char *impersonate_user; /* (nullable) */
  char *impersonate_uid;  /* (nullable) */
  GStrv impersonate_groups;
  GStrv impersonate_extra; /* keys and values in turns */
};

G_END_DECLS
