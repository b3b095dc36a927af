/* The inner loops. Compiled once for each instruction set, under the name KERNEL. */
#include "calc/solve/engine/kernel.h"

#include <stddef.h>
#include <string.h>

#if defined(__AVX2__) || defined(__AVX512F__)
#include <immintrin.h>
#endif

typedef float floats __attribute__((vector_size(64)));
typedef int32_t wholes __attribute__((vector_size(64)));

#define INLINE static inline __attribute__((always_inline))

enum { STEPS_BETWEEN = 64 };

extern const struct kernel KERNEL;

INLINE floats load_floats(const float *from)
{
    return *(const floats *)(const void *)from;
}

INLINE wholes load_wholes(const int32_t *from)
{
    return *(const wholes *)(const void *)from;
}

#if defined(__AVX512F__)
INLINE bool any_above(wholes a, wholes b)
{
    return _mm512_cmpgt_epi32_mask((__m512i)a, (__m512i)b) != 0;
}

INLINE floats where_floats(wholes mask, floats yes, floats no)
{
    return (floats)_mm512_mask_blend_ps(_mm512_movepi32_mask((__m512i)mask), (__m512)no,
                                        (__m512)yes);
}
#else
INLINE bool any_above(wholes a, wholes b)
{
    wholes mask = a > b;
#if defined(__AVX2__)
    __m256i half[2];
    memcpy(half, &mask, sizeof(half));
    __m256i both = _mm256_or_si256(half[0], half[1]);
    return !_mm256_testz_si256(both, both);
#else
    int64_t part[8];
    memcpy(part, &mask, sizeof(part));
    return (part[0] | part[1] | part[2] | part[3] | part[4] | part[5] | part[6] | part[7]) != 0;
#endif
}

INLINE floats where_floats(wholes mask, floats yes, floats no)
{
    return (floats)(((wholes)yes & mask) | ((wholes)no & ~mask));
}
#endif

/* Lanes added in a fixed order: halves, quarters, eighths. */
INLINE float sum_of(floats v)
{
    float lane[KERNEL_LANES];

    memcpy(lane, &v, sizeof(lane));
    for (int half = KERNEL_LANES / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
            lane[i] += lane[i + half];
        }
    }
    return lane[0];
}

/* The best option of each lane of a bundle, and its worth. */
INLINE floats best_of(const struct kernel_run *run, const float *data, int options,
                      const float *price, wholes *out_best)
{
    floats top = {0};
    wholes best = {0};
    size_t stride = ((size_t)run->rows + 1) * KERNEL_LANES;

    for (int j = 1; j < options; j++, data += stride) {
        floats worth = load_floats(data);
        for (int k = 0; k < run->rows; k++) {
            worth -= price[k] * load_floats(data + (size_t)(k + 1) * KERNEL_LANES);
        }
        wholes better = worth > top;
        top = where_floats(better, worth, top);
        best = (best & ~better) | (better & j);
    }
    *out_best = best;
    return top;
}

/* Uses of the best options, added to the run's scratch. */
INLINE void add_uses(const struct kernel_run *run, const float *data, int options,
                     const wholes *best)
{
    size_t stride = ((size_t)run->rows + 1) * KERNEL_LANES;

    for (int k = 0; k < run->rows; k++) {
        floats sum = load_floats(run->scratch + (size_t)k * KERNEL_LANES);
        const float *use = data + (size_t)(k + 1) * KERNEL_LANES;
        for (int j = 1; j < options; j++, use += stride) {
            sum += (floats)((wholes)load_floats(use) & (*best == j));
        }
        memcpy(run->scratch + (size_t)k * KERNEL_LANES, &sum, sizeof(sum));
    }
}

static void eval(const struct kernel_run *run, const float *price, double *use, double *worth)
{
    const float *data = run->data;
    size_t stride = ((size_t)run->rows + 1) * KERNEL_LANES;

    memset(run->scratch, 0, (size_t)run->rows * KERNEL_LANES * sizeof(float));
    for (int i = 0; i < run->bundles; i++) {
        wholes best;
        floats top = best_of(run, data, run->options[i], price, &best);
        *worth += (double)sum_of(top);
        add_uses(run, data, run->options[i], &best);
        if (run->best != NULL) {
            memcpy(run->best + (size_t)i * KERNEL_LANES, &best, sizeof(best));
        }
        data += stride * (size_t)(run->options[i] - 1);
    }
    for (int k = 0; k < run->rows; k++) {
        use[run->row[k]] += (double)sum_of(load_floats(run->scratch + (size_t)k * KERNEL_LANES));
    }
}

static void box(const int32_t *entry, int begin, int end, int width, int32_t *out)
{
    for (int w = 0; w < width; w++) {
        const int32_t *at = entry + ((size_t)begin * (size_t)width + (size_t)w) * KERNEL_LANES;
        wholes low = load_wholes(at);
        wholes high = low;
        for (int i = begin; i < end; i++, at += (size_t)width * KERNEL_LANES) {
            wholes x = load_wholes(at);
            wholes below = x < low;
            wholes above = x > high;
            low = (x & below) | (low & ~below);
            high = (x & above) | (high & ~above);
        }
        memcpy(out + (size_t)w * KERNEL_LANES, &low, sizeof(low));
        memcpy(out + (size_t)(width + w) * KERNEL_LANES, &high, sizeof(high));
    }
}

/* Can no pair of the two boxes win? Either its least use exceeds the room, or its least loss and
 * the room it must leave over cost too much. */
INLINE bool hopeless(const struct kernel_join *join, const int32_t *a, const int32_t *b, int width)
{
    floats cost = {0};

    for (int w = 0; w < width; w++) {
        size_t at = (size_t)w * KERNEL_LANES;
        if (any_above(load_wholes(a + at) + load_wholes(b + at), load_wholes(join->room + at))) {
            return true;
        }
    }
    for (int w = 0; w < width; w++) {
        size_t at = (size_t)w * KERNEL_LANES;
        size_t high = (size_t)(width + w) * KERNEL_LANES;
        wholes rest = load_wholes(join->room + at) - load_wholes(a + high) - load_wholes(b + high);
        rest &= rest > 0;
        cost += __builtin_convertvector(rest, floats) * load_floats(join->price + at);
    }
    return sum_of(cost) + (float)(a[join->loss_lane] + b[join->loss_lane]) > join->gap;
}

/* Every pair of two leaves. */
INLINE void join_leaves(struct kernel_join *join, const struct kernel_node *a,
                        const struct kernel_node *b, int width)
{
    size_t size = (size_t)width * KERNEL_LANES;

    for (int i = a->begin; i < a->end; i++) {
        const int32_t *x = join->a.entry + (size_t)i * size;
        for (int j = b->begin; j < b->end; j++) {
            const int32_t *y = join->b.entry + (size_t)j * size;
            bool fits = true;
            for (int w = 0; w < width && fits; w++) {
                size_t at = (size_t)w * KERNEL_LANES;
                fits = !any_above(load_wholes(x + at) + load_wholes(y + at),
                                  load_wholes(join->room + at));
            }
            if (fits) {
                join->hit(join, i, j);
            }
        }
    }
    join->steps += ((int64_t)(a->end - a->begin) * (b->end - b->begin)) >> 2;
}

struct pair {
    int a;
    int b;
};

INLINE void join_wide(struct kernel_join *join, int width)
{
    struct pair stack[4 * KERNEL_DEPTH_MAX];
    int depth = 0;
    size_t size = (size_t)width * KERNEL_LANES * 2;

    stack[depth++] = (struct pair){0, 0};
    while (depth > 0 && join->steps < join->steps_max) {
        struct pair at = stack[--depth];
        const struct kernel_node *a = &join->a.node[at.a];
        const struct kernel_node *b = &join->b.node[at.b];
        join->steps++;
        if (hopeless(join, join->a.box + (size_t)at.a * size, join->b.box + (size_t)at.b * size,
                     width)) {
            continue;
        }
        if (a->left >= 0 && (b->left < 0 || a->end - a->begin >= b->end - b->begin)) {
            stack[depth++] = (struct pair){a->right, at.b};
            stack[depth++] = (struct pair){a->left, at.b};
        } else if (b->left >= 0) {
            stack[depth++] = (struct pair){at.a, b->right};
            stack[depth++] = (struct pair){at.a, b->left};
        } else {
            join_leaves(join, a, b, width);
        }
    }
}

static void join(struct kernel_join *join_)
{
    if (join_->width == 1) {
        join_wide(join_, 1);
    } else if (join_->width == 2) {
        join_wide(join_, 2);
    } else {
        join_wide(join_, join_->width);
    }
}

#define NAME_OF(name)   NAME_TEXT(name)
#define NAME_TEXT(name) #name

const struct kernel KERNEL = {
    .name = NAME_OF(KERNEL),
    .eval = eval,
    .join = join,
    .box = box,
};
