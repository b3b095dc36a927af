/* Writing the demonstration, file by file. */
#include "demo/planted_in.h"

enum { PAPERS = DEMO_YEARS + 6 }; /* registers; truth, funds, locks, wishes, report, guide */

/* Ledgers of counties that have villages, and what the counties report themselves. */
int demo_file_count(const struct demo_world *world)
{
    int count = PAPERS + PLANTED_BOOK_COUNT + 1;

    for (int year = 0; year < DEMO_YEARS; year++) {
        bool is_counted = true;
        count++;
        for (int i = 0; i < world->order_count[year]; i++) {
            const struct demo_unit *unit = &world->units[world->order[year][i]];
            is_counted = is_counted && unit->level > COUNTY;
            if (!is_counted && unit->faces[year].is_village) {
                is_counted = true;
                count++;
            }
        }
    }
    return count;
}

enum rc demo_write(const struct demo_world *world, struct demo_sink out, struct arena *arena,
                   struct err *err)
{
    const struct demo_job job = {world, out, arena, err};

    TRY(demo_write_ledgers(&job));
    TRY(demo_write_planted(&job));
    return demo_write_papers(&job);
}
