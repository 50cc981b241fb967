/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What PracticeNetwork and its child say to each other: one request, one answer, in order. A
 * request to filter brings a socket of the network, and the program follows it: an array of struct
 * sock_filter, or nothing to have none any more. A request to mount is followed by the path of a
 * part of a volume. */
typedef enum {
  PRACTICE_HOLDER_MAKE,
  PRACTICE_HOLDER_FILTER,
  PRACTICE_HOLDER_MOUNT,
} PracticeHolderOperation;

typedef struct {
  gint32 operation; /* of PracticeHolderOperation */
  gint32 type;      /* SOCK_STREAM or SOCK_DGRAM */
  gint32 bind;      /* whether to bind it to address and port */
  guint32 volume;   /* number of what has the part */
  guint32 address;  /* network order */
  guint16 port;     /* network order */
} PracticeHolderRequest;

typedef struct {
  gint32 error; /* an errno; 0: what was asked for comes with this answer */
  guint32 part; /* number of what was mounted */
} PracticeHolderReply;

/* Where the folders of a pod's volumes are, "0" and on, and parts of them, "part-0" and on, in a
 * mount namespace of their own: a place that every system has and that nothing in a container needs
 * of this one. */
#define PRACTICE_HOLDER_VOLUMES "/dev/shm"
#define PRACTICE_HOLDER_PART PRACTICE_HOLDER_VOLUMES "/part-"
#define PRACTICE_HOLDER_MAX_VOLUMES 64
#define PRACTICE_HOLDER_MAX_PATH 4096

/* The heap that a child has of its parent; NULL where it is not known. */
typedef struct {
  void *start;
  gsize length;
} PracticeHolderHeap;

/* Runs in a child between fork and its end: nothing but system calls. @volumes: for each a folder
 * of the system that it shows, or NULL for an empty one. @heap is given back once the child is at
 * work, so that it does not keep what its parent has long freed. */
G_NORETURN void practice_holder_run (int socket,
                                     int parent,
                                     const char *uid_map,
                                     const char *gid_map,
                                     guint32 own_address,
                                     const char *const *volumes,
                                     guint n_volumes,
                                     const PracticeHolderHeap *heap);

G_END_DECLS
