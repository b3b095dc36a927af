/* Writing the demonstration, file by file. */
#include "demo/demo_in.h"

enum rc demo_write(const struct demo_world *world, struct demo_sink out, struct arena *arena,
                   struct err *err)
{
    const struct demo_job job = {world, out, arena, err};

    TRY(demo_write_ledgers(&job));
    TRY(demo_write_planted(&job));
    return demo_write_papers(&job);
}
