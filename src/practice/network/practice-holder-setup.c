/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "practice-holder-private.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel gives the loopback device of every new network namespace this index. */
#define LOOPBACK_INDEX 1

/* Sends one rtnetlink request and waits for its acknowledgement: rtnetlink(7). */
static int
netlink_request (int netlink, struct nlmsghdr *request)
{
  struct {
    struct nlmsghdr header;
    struct nlmsgerr error;
    char more[256];
  } answer = { 0 };

  request->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
  if (send (netlink, request, request->nlmsg_len, 0) < 0)
    return errno;
  if (recv (netlink, &answer, sizeof answer, 0) < 0)
    return errno;
  return answer.header.nlmsg_type == NLMSG_ERROR ? -answer.error.error : EPROTO;
}

static int
raise_loopback (int netlink)
{
  struct {
    struct nlmsghdr header;
    struct ifinfomsg link;
  } request = {
    .header = { .nlmsg_len = sizeof request, .nlmsg_type = RTM_NEWLINK },
    .link = { .ifi_family = AF_UNSPEC,
              .ifi_index = LOOPBACK_INDEX,
              .ifi_flags = IFF_UP,
              .ifi_change = IFF_UP },
  };

  return netlink_request (netlink, &request.header);
}

/* `ip route add local 10.0.0.0/8 dev lo src ADDRESS`: each address of that net is then this
 * machine's own, and its connections come from its own address. */
static int
add_cluster_route (int netlink, guint32 own_address)
{
  struct {
    struct nlmsghdr header;
    struct rtmsg route;
    struct rtattr destination_header;
    struct in_addr destination;
    struct rtattr device_header;
    int device;
    struct rtattr source_header;
    struct in_addr source;
  } request = {
    .header = { .nlmsg_len = sizeof request,
                .nlmsg_type = RTM_NEWROUTE,
                .nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL },
    .route = { .rtm_family = AF_INET,
               .rtm_dst_len = 8,
               .rtm_table = RT_TABLE_LOCAL,
               .rtm_protocol = RTPROT_STATIC,
               .rtm_scope = RT_SCOPE_HOST,
               .rtm_type = RTN_LOCAL },
    .destination_header = { .rta_len = RTA_LENGTH (sizeof (struct in_addr)), .rta_type = RTA_DST },
    .destination = { .s_addr = htonl (10u << 24) },
    .device_header = { .rta_len = RTA_LENGTH (sizeof (int)), .rta_type = RTA_OIF },
    .device = LOOPBACK_INDEX,
    .source_header = { .rta_len = RTA_LENGTH (sizeof (struct in_addr)), .rta_type = RTA_PREFSRC },
    .source = { .s_addr = own_address },
  };

  return netlink_request (netlink, &request.header);
}

/* With no address but loopback's, getaddrinfo(3) finds no IPv4 address for those who ask by
 * AI_ADDRCONFIG. */
static int
add_own_address (int netlink, guint32 own_address)
{
  struct {
    struct nlmsghdr header;
    struct ifaddrmsg address;
    struct rtattr local_header;
    struct in_addr local;
  } request = {
    .header = { .nlmsg_len = sizeof request,
                .nlmsg_type = RTM_NEWADDR,
                .nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL },
    .address = { .ifa_family = AF_INET,
                 .ifa_prefixlen = 32,
                 .ifa_scope = RT_SCOPE_UNIVERSE,
                 .ifa_index = LOOPBACK_INDEX },
    .local_header = { .rta_len = RTA_LENGTH (sizeof (struct in_addr)), .rta_type = IFA_LOCAL },
    .local = { .s_addr = own_address },
  };

  return netlink_request (netlink, &request.header);
}

int
practice_holder_set_up_network (guint32 own_address)
{
  int netlink = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  int error;

  if (netlink < 0)
    return errno;
  error = raise_loopback (netlink);
  if (error == 0)
    error = add_own_address (netlink, own_address);
  if (error == 0)
    error = add_cluster_route (netlink, own_address);
  close (netlink);
  /* Where /proc/sys cannot be written the cluster's own ports work all the same, since this
   * process, which may, binds them. */
  practice_holder_write_text ("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
  practice_holder_write_text ("/proc/sys/net/ipv4/ping_group_range", "1000 1000");
  return error;
}
