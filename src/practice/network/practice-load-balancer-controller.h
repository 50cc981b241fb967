/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "practice-controller.h"

G_BEGIN_DECLS

/* Gives Services of type LoadBalancer an address from outside, as AWS does. */
#define PRACTICE_TYPE_LOAD_BALANCER_CONTROLLER (practice_load_balancer_controller_get_type ())
G_DECLARE_FINAL_TYPE (PracticeLoadBalancerController,
                      practice_load_balancer_controller,
                      PRACTICE,
                      LOAD_BALANCER_CONTROLLER,
                      PracticeController)

PracticeController *practice_load_balancer_controller_new (PracticeStore *store);
/* (transfer full) (nullable): the IPv4 address that a load balancer's host name has got by now. */
char *practice_load_balancer_resolve (PracticeStore *store, const char *host_name);
/* (transfer full) (nullable): the IPv4 address of a Service's load balancer, once it has one. */
char *practice_load_balancer_dup_address (PracticeStore *store, JsonNode *service);
/* The cloud gives no address to who has none. */
void
practice_load_balancer_controller_set_fails (PracticeLoadBalancerController *self, gboolean fails);

G_END_DECLS
