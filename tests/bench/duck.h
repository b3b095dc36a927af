/* DuckDB as a peer: its C library, loaded at run time from where the bench fetched it. */
#ifndef BENCH_DUCK_H
#define BENCH_DUCK_H

#include <stddef.h>

struct duck;

/* Ends the program with a word on stderr when something fails, as all here do. */
struct duck *duck_open(const char *library, const char *database);
void duck_close(struct duck *duck);
const char *duck_version(const struct duck *duck);
void duck_run(struct duck *duck, const char *statement);

/* Every row of a query whose columns all are DOUBLE: take(self, row, column, value); NaN for NULL.
 */
typedef void (*duck_take)(void *self, size_t row, size_t column, double value);
void duck_each(struct duck *duck, const char *query, duck_take take, void *self);

#endif
