/* openapi: the description of the API on standard output, for the build of clients. */
#include <stdio.h>

#include "web/describe.h"

static enum rc print(void *self, str bytes)
{
    return fwrite(bytes.at, 1, bytes.len, self) == bytes.len ? RC_OK : RC_BROKEN;
}

int main(void)
{
    struct arena arena;
    static struct json json;

    arena_init(&arena, ARENA_JOB_MAX);
    json_init(&json, (struct byte_sink){stdout, print});
    json_open_map(&json);
    describe_put(&json, LANG_EN, &arena);
    json_close_map(&json);
    json_line(&json);
    bool is_printed = json_done(&json) == RC_OK && fclose(stdout) == 0;
    arena_done(&arena);
    return is_printed ? 0 : 1;
}
