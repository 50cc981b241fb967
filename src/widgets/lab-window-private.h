/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "course-watch.h"
#include "lab-connector.h"
#include "lab-panel-stack.h"
#include "lab-place-button.h"
#include "lab-search-page.h"
#include "lab-section-page.h"
#include "lab-sidebar.h"
#include "lab-terminal-pane.h"
#include "lab-window.h"
#include "session-lab.h"

G_BEGIN_DECLS

typedef struct _LabDestination LabDestination;

struct _LabWindow {
  AdwApplicationWindow parent_instance;

  AdwWindowTitle *title;
  LabPlaceButton *place_button;
  GtkMenuButton *menu_button;
  GtkToggleButton *panels_button;
  LabBanner *offline_banner;
  LabBanner *notice_banner;
  LabBanner *insecure_banner;
  LabBanner *needs_banner;
  LabBanner *progress_banner;
  LabBanner *course_banner;
  AdwToastOverlay *toast_overlay;
  AdwFlap *flap;
  LabSidebar *sidebar;
  GtkPaned *rows;
  GtkPaned *columns;
  AdwBin *terminal_bin;
  AdwBin *panels_bin;
  GtkStack *page_stack;
  LabSectionPage *section_page;

  /* Made after the first frame. */
  LabTerminalPane *terminal_pane; /* (nullable) */
  LabPanelStack *panel_stack;     /* (nullable) */
  LabSearchPage *search_page;     /* (nullable): made when it is first asked for */
  guint finish_tick;              /* while something is missing; 0: else */
  guint next_part;                /* of those that are missing */
  gboolean finished;              /* all parts show the lab */
  gboolean pinned;
  gboolean is_renewing;        /* a new practice cluster is on its way */
  gboolean is_leaving;         /* as soon as a canary is back where it was */
  LabDestination *destination; /* (nullable): where it goes then; NULL: it is closed */

  LabSettings *settings;
  LabTextScale *text_scale;
  LabConnector *connector;
  gboolean presenting;

  CourseCourse *course;   /* (nullable) */
  CourseSection *section; /* (nullable): the one that is open */
  GHashTable *dismissed;  /* (nullable) ids of sections, whatever they build on */
  CourseWatch *watch;     /* (nullable): of the course */
  SessionLab *lab;        /* (nullable) */
  gboolean is_exhibit;    /* the lab is somebody else's, and only shown */
  char *screen;           /* (nullable): what the terminal of an exhibit shows */
  GSignalGroup *lab_signals;
  GSignalGroup *progress_signals;
  char *student;                 /* (nullable) */
  GtkFileChooserNative *chooser; /* (nullable): while it is open */
  void (*open_chosen) (LabWindow *self, const char *path);
};

/* What a step asks to be done at the place. */
typedef enum {
  LAB_RUN_COMMAND, /* its text typed into the terminal */
  LAB_RUN_EDIT,    /* its change to a file made */
  LAB_RUN_LEFT,    /* it, and all the others of its section that are not done */
} LabRunType;

void lab_window_run_step (LabWindow *self, LabBlockItem *item, LabRunType type);
void lab_window_run_current (LabWindow *self);
void lab_window_run_left (LabWindow *self);
void lab_window_update_progress_notice (LabWindow *self);
void lab_window_update_needs_notice (LabWindow *self);
void lab_window_dismiss_needs_notice (LabWindow *self);
void lab_window_show_needed_section (LabWindow *self);
void lab_window_save_progress (LabWindow *self);
void lab_window_tell_course_errors (LabWindow *self);
void lab_window_show_course_errors (LabWindow *self);
void lab_window_open_page (LabWindow *self, const char *url, const char *via);
void lab_window_install_actions (GtkWidgetClass *widget_class);
void lab_window_update_actions (LabWindow *self);
const char *lab_window_get_place_kind (LabWindow *self);
void lab_window_set_place_kind (LabWindow *self, const char *kind);
void lab_window_choose_course (LabWindow *self, gboolean folder);
void lab_window_accept_drops (LabWindow *self);
void lab_window_choose_roster (LabWindow *self);
void lab_window_search (LabWindow *self);
void lab_window_end_search (LabWindow *self);
void lab_window_print (LabWindow *self, gboolean whole);
void lab_window_save_pdf (LabWindow *self, gboolean whole);
void lab_window_save_record (LabWindow *self);
void lab_window_reset_section (LabWindow *self);
void lab_window_reset_course (LabWindow *self);
gboolean lab_window_can_renew (LabWindow *self);
void lab_window_renew (LabWindow *self);
GtkWidget *lab_window_build_menu (LabWindow *self);
void lab_destination_free (LabDestination *self);
gboolean lab_window_close_later (LabWindow *self);
gboolean lab_window_open_later (LabWindow *self,
                                CourseCourse *course,
                                JumpPlace *place,
                                const char *context_name,
                                const char *student);
void lab_window_finish_later (LabWindow *self);
void lab_window_take_lab (LabWindow *self, SessionLab *lab);
void lab_window_show_section (LabWindow *self, CourseSection *section);
void lab_window_replace_section (LabWindow *self, CourseSection *section);
void lab_window_watch_course (LabWindow *self);
void lab_window_move_section (LabWindow *self, int by);

G_END_DECLS
