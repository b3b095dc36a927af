/* What a server counts, as Prometheus reads it: at an address of its own, which only this machine
 * can reach, and with no word about data or persons. */
#ifndef WEB_METRICS_H
#define WEB_METRICS_H

#include "web/server.h"

struct metrics;

/* Answer GET /metrics at `listen`; RC_INVALID when others than this machine could reach it. */
enum rc metrics_open(struct server *server, str listen, struct metrics **out,
                     struct err *err) MUST_CHECK;
/* NULL is fine. */
void metrics_close(struct metrics *metrics);
int metrics_port(const struct metrics *metrics);

#endif
