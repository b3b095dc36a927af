/* Clocks, memory, medians. */
#include "tests/bench/measure.h"

#include <sys/resource.h>
#include <unistd.h>

static double clock_ms(clockid_t id)
{
    struct timespec t = {0};

    (void)clock_gettime(id, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

double cpu_ms(void)
{
    return clock_ms(CLOCK_PROCESS_CPUTIME_ID);
}

double wall_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}

double peak_mib(void)
{
    struct rusage usage = {0};

    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

double held_mib(void)
{
    unsigned long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file != NULL) {
        (void)fscanf(file, "%*u %lu", &pages); /* NOLINT(cert-err34-c): a number of the kernel's */
        (void)fclose(file);
    }
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1024.0 * 1024.0);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

struct spread spread_of(double *samples, size_t count)
{
    qsort(samples, count, sizeof(*samples), compare);
    return (struct spread){samples[count / 2], samples[0], samples[count - 1]};
}
