/* door ADDRESS: the test server of src/http behind a proxy, until its input is closed. */
#include <stdio.h>

#include "http/test_server.h"

int main(int argc, char **argv)
{
    static const str PROXIES[] = {STR_INIT("unix")};
    static struct bench bench;

    MUST(argc == 2);
    bench_init(&bench);
    bench.opts.listen = str_from(argv[1]);
    bench.opts.proxies = PROXIES;
    bench.opts.proxy_count = 1;
    bench_open(&bench);
    (void)printf("open\n");
    (void)fflush(stdout);
    while (getchar() != EOF) {
    }
    (void)bench_close(&bench, 1000);
    return 0;
}
