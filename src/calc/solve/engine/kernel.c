/* Which of the compiled inner loops this machine can run. */
#include "calc/solve/engine/kernel.h"

extern const struct kernel kernel_plain;
#if defined(__x86_64__)
extern const struct kernel kernel_avx2;
extern const struct kernel kernel_avx512;
#endif

int kernel_all(const struct kernel *kernels[3])
{
    int count = 0;

    kernels[count++] = &kernel_plain;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2")) {
        kernels[count++] = &kernel_avx2;
    }
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) {
        kernels[count++] = &kernel_avx512;
    }
#endif
    return count;
}

const struct kernel *kernel_best(void)
{
    const struct kernel *kernels[3];

    return kernels[kernel_all(kernels) - 1];
}
