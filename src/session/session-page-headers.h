/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "session-origin.h"

G_BEGIN_DECLS

/* Cookies of relays, which no page is to see. Ports share a browser's cookies (RFC 6265 §8.5). */
#define SESSION_PAGE_COOKIE_PREFIX "konvoy-lab-"

/* Which headers a relay of pages hands on, and how. */
void session_page_headers_pass_request (const SessionOrigin *origin,
                                        const char *own,
                                        SoupMessageHeaders *from,
                                        SoupMessageHeaders *to);
void session_page_headers_pass_response (SoupMessageHeaders *from, SoupMessageHeaders *to);

G_END_DECLS
