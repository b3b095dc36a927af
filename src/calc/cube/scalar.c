/* The kernel in plain C: what the others must give bit for bit; and the choice between them. */
#include <math.h>

#include "calc/cube/cube_in.h"

static void begin(struct tile_sum *sum)
{
    *sum = (struct tile_sum){0};
    for (int j = 0; j < LANES; j++) {
        sum->least[j] = HUGE_VALF;
        sum->most[j] = -HUGE_VALF;
    }
}

static void add_line(struct tile_sum *sum, const float *line, double weight, const float *threshold)
{
    for (int j = 0; j < LANES; j++) {
        const union word_32 word = {.number = line[j]};
        if (isnan(word.number)) {
            sum->excluded[j] += word.bits == EXCLUDED_32;
            continue;
        }
        sum->sum[j] += (double)word.number;
        sum->weighted[j] += (double)word.number * weight; /* the product is exact */
        sum->weight[j] += weight;
        sum->least[j] = word.number < sum->least[j] ? word.number : sum->least[j];
        sum->most[j] = word.number > sum->most[j] ? word.number : sum->most[j];
        sum->known[j]++;
        sum->reached[j] += word.number >= threshold[j];
    }
}

static void reduce(const float *lines, const float *weights, size_t count, const float *threshold,
                   struct tile_sum *out)
{
    struct tile_sum sum;

    begin(&sum);
    for (size_t i = 0; i < count; i++) {
        add_line(&sum, lines + i * LANES, (double)weights[i], threshold);
    }
    *out = sum;
}

static void combine(const struct tile_sum *children, size_t count, struct tile_sum *out)
{
    struct tile_sum sum;

    begin(&sum);
    for (size_t i = 0; i < count; i++) {
        const struct tile_sum *child = &children[i];
        for (int j = 0; j < LANES; j++) {
            sum.sum[j] += child->sum[j];
            sum.weighted[j] += child->weighted[j];
            sum.weight[j] += child->weight[j];
            sum.least[j] = child->least[j] < sum.least[j] ? child->least[j] : sum.least[j];
            sum.most[j] = child->most[j] > sum.most[j] ? child->most[j] : sum.most[j];
            sum.known[j] += child->known[j];
            sum.reached[j] += child->reached[j];
            sum.excluded[j] += child->excluded[j];
        }
    }
    *out = sum;
}

const struct kernel CUBE_KERNEL_SCALAR = {reduce, combine};

bool cube_use(struct cube *cube, enum cube_kernel kernel)
{
    switch (kernel) {
    case CUBE_SCALAR:
        cube->kernel = &CUBE_KERNEL_SCALAR;
        return true;
    case CUBE_AVX2:
        if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) {
            cube->kernel = &CUBE_KERNEL_AVX2;
            return true;
        }
        return false;
    case CUBE_AVX512:
        if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0) {
            cube->kernel = &CUBE_KERNEL_AVX512;
            return true;
        }
        return false;
    case CUBE_KERNELS:
        break;
    }
    return false;
}

void cube_choose_kernel(struct cube *cube)
{
    for (int kernel = CUBE_KERNELS - 1; !cube_use(cube, (enum cube_kernel)kernel); kernel--) {
    }
}
