/* For tests of the office: a real database in memory, migrated, with a context on it. */
#ifndef OFFICE_TEST_WORLD_H
#define OFFICE_TEST_WORLD_H

#include "office/office.h"

struct world;

struct cx *world_cx(void *world);
/* Run a script as an attacker or an accident would: past every rule of the office. */
void world_script(void *at, const char *text);

int world_begin(void **state);
int world_end(void **state);

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, world_begin, world_end)

#endif
