/* The inner loops. Compiled once for each instruction set, under the name KERNEL. */
#include "calc/solve/engine/kernel.h"

#include <stddef.h>
#include <string.h>

#if defined(__AVX2__) || defined(__AVX512F__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
enum { VECTOR_BYTES = 64 };
#elif defined(__AVX2__)
enum { VECTOR_BYTES = 32 };
#else
enum { VECTOR_BYTES = 16 };
#endif
enum { VECTOR = VECTOR_BYTES / 4, PARTS = KERNEL_LANES / VECTOR };

typedef float floats __attribute__((vector_size(VECTOR_BYTES)));
typedef int32_t wholes __attribute__((vector_size(VECTOR_BYTES)));

#define INLINE static inline __attribute__((always_inline))

extern const struct kernel KERNEL;

INLINE floats load_floats(const float *from)
{
    return *(const floats *)(const void *)from;
}

INLINE wholes load_wholes(const int32_t *from)
{
    return *(const wholes *)(const void *)from;
}

INLINE void store_floats(float *to, floats v)
{
    *(floats *)(void *)to = v;
}

INLINE void store_wholes(int32_t *to, wholes v)
{
    *(wholes *)(void *)to = v;
}

#if defined(__AVX512F__)
INLINE bool any_above(wholes a, wholes b)
{
    return _mm512_cmpgt_epi32_mask((__m512i)a, (__m512i)b) != 0;
}
#elif defined(__AVX2__)
INLINE bool any_above(wholes a, wholes b)
{
    wholes mask = a > b;

    return !_mm256_testz_si256((__m256i)mask, (__m256i)mask);
}
#else
INLINE bool any_above(wholes a, wholes b)
{
    wholes mask = a > b;
    int64_t half[2];

    memcpy(half, &mask, sizeof(half));
    return (half[0] | half[1]) != 0;
}
#endif

INLINE floats where(wholes mask, floats yes, floats no)
{
    return (floats)(((wholes)yes & mask) | ((wholes)no & ~mask));
}

/* Sixteen lanes added in a fixed order: halves, quarters, eighths. */
INLINE float sum_of(const float *lanes)
{
    float lane[KERNEL_LANES];

    memcpy(lane, lanes, sizeof(lane));
    for (int half = KERNEL_LANES / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
            lane[i] += lane[i + half];
        }
    }
    return lane[0];
}

/* The best options of the lanes of one part of a bundle, and their worth. */
INLINE wholes best_of(const struct kernel_run *run, const float *data, int options,
                      const float *price, floats *out_top)
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
        top = where(better, worth, top);
        best = (best & ~better) | (better & j);
    }
    *out_top = top;
    return best;
}

/* The same; lanes whose two best are within the margin are marked and choose the first option. */
INLINE wholes best_or_open(const struct kernel_run *run, const float *data, int options,
                           const float *price, floats *out_top, wholes *out_open)
{
    floats top = {0};
    floats second = top - 1e30F;
    wholes best = {0};
    size_t stride = ((size_t)run->rows + 1) * KERNEL_LANES;

    for (int j = 1; j < options; j++, data += stride) {
        floats worth = load_floats(data);
        for (int k = 0; k < run->rows; k++) {
            worth -= price[k] * load_floats(data + (size_t)(k + 1) * KERNEL_LANES);
        }
        wholes better = worth > top;
        floats lesser = where(better, top, worth);
        second = where(lesser > second, lesser, second);
        top = where(better, worth, top);
        best = (best & ~better) | (better & j);
    }
    wholes open = top - second < run->margin;
    *out_open = open;
    *out_top = (floats)((wholes)top & ~open);
    return best & ~open;
}

/* Uses of the best options, added to the run's scratch. */
INLINE void add_uses(const struct kernel_run *run, const float *data, int options, wholes best,
                     float *scratch)
{
    size_t stride = ((size_t)run->rows + 1) * KERNEL_LANES;

    for (int k = 0; k < run->rows; k++, scratch += KERNEL_LANES) {
        floats sum = load_floats(scratch);
        const float *use = data + (size_t)(k + 1) * KERNEL_LANES;
        for (int j = 1; j < options; j++, use += stride) {
            sum += (floats)((wholes)load_floats(use) & (best == j));
        }
        store_floats(scratch, sum);
    }
}

static void eval(const struct kernel_run *run, const float *price, double *use, double *worth)
{
    const float *data = run->data;
    size_t stride = ((size_t)run->rows + 1) * KERNEL_LANES;
    float total[KERNEL_LANES] __attribute__((aligned(KERNEL_ALIGN)));

    memset(run->scratch, 0, (size_t)run->rows * KERNEL_LANES * sizeof(float));
    for (int i = 0; i < run->bundles; i++) {
        for (int part = 0; part < PARTS; part++) {
            size_t lane = (size_t)part * VECTOR;
            size_t at = (size_t)i * KERNEL_LANES + lane;
            floats top;
            wholes best;
            if (run->open != NULL) {
                wholes open;
                best = best_or_open(run, data + lane, run->options[i], price, &top, &open);
                store_wholes(run->open + at, open);
            } else {
                best = best_of(run, data + lane, run->options[i], price, &top);
            }
            if (run->best != NULL) {
                store_wholes(run->best + at, best);
            }
            store_floats(total + lane, top);
            add_uses(run, data + lane, run->options[i], best, run->scratch + lane);
        }
        *worth += (double)sum_of(total);
        data += stride * (size_t)(run->options[i] - 1);
    }
    for (int k = 0; k < run->rows; k++) {
        use[run->row[k]] += (double)sum_of(run->scratch + (size_t)k * KERNEL_LANES);
    }
}

static void box(const int32_t *entry, int begin, int end, int width, int32_t *out)
{
    size_t size = (size_t)width * KERNEL_LANES;

    for (size_t lane = 0; lane < size; lane += VECTOR) {
        const int32_t *at = entry + (size_t)begin * size + lane;
        wholes low = load_wholes(at);
        wholes high = low;
        for (int i = begin; i < end; i++, at += size) {
            wholes x = load_wholes(at);
            wholes below = x < low;
            wholes above = x > high;
            low = (x & below) | (low & ~below);
            high = (x & above) | (high & ~above);
        }
        store_wholes(out + lane, low);
        store_wholes(out + size + lane, high);
    }
}

/* Does a + b stay within the room in every lane? */
INLINE bool within(const int32_t *a, const int32_t *b, const int32_t *room, int lanes)
{
    for (int at = 0; at < lanes; at += VECTOR) {
        if (any_above(load_wholes(a + at) + load_wholes(b + at), load_wholes(room + at))) {
            return false;
        }
    }
    return true;
}

/* Can no pair of the two boxes win? Either its least use exceeds the room, or its least loss and
 * the room it must leave over cost too much. */
INLINE bool hopeless(const struct kernel_join *join, const int32_t *a, const int32_t *b, int lanes)
{
    float cost[KERNEL_LANES] __attribute__((aligned(KERNEL_ALIGN)));

    if (!within(a, b, join->room, lanes)) {
        return true;
    }
    for (int part = 0; part < PARTS; part++) {
        floats sum = {0};
        for (int at = part * VECTOR; at < lanes; at += KERNEL_LANES) {
            wholes rest = load_wholes(join->room + at) - load_wholes(a + lanes + at) -
                          load_wholes(b + lanes + at);
            rest &= rest > 0;
            sum += __builtin_convertvector(rest, floats) * load_floats(join->price + at);
        }
        store_floats(cost + (size_t)part * VECTOR, sum);
    }
    return sum_of(cost) + (float)(a[join->loss_lane] + b[join->loss_lane]) > join->gap;
}

/* Every pair of two leaves. */
INLINE void join_leaves(struct kernel_join *join, const struct kernel_node *a,
                        const struct kernel_node *b, int lanes)
{
    for (int i = a->begin; i < a->end; i++) {
        const int32_t *x = join->a.entry + (size_t)i * (size_t)lanes;
        for (int j = b->begin; j < b->end; j++) {
            const int32_t *y = join->b.entry + (size_t)j * (size_t)lanes;
            if (within(x, y, join->room, lanes)) {
                join->hit(join, i, j);
            }
        }
    }
    join->steps += join->width * ((int64_t)(a->end - a->begin) * (b->end - b->begin)) >> 2;
}

struct pair {
    int a;
    int b;
};

INLINE void join_wide(struct kernel_join *join, int lanes)
{
    struct pair stack[4 * KERNEL_DEPTH_MAX];
    int depth = 0;
    size_t size = (size_t)lanes * 2;

    stack[depth++] = (struct pair){0, 0};
    while (depth > 0 && join->steps < join->steps_max) {
        struct pair at = stack[--depth];
        const struct kernel_node *a = &join->a.node[at.a];
        const struct kernel_node *b = &join->b.node[at.b];
        join->steps += join->width;
        if (hopeless(join, join->a.box + (size_t)at.a * size, join->b.box + (size_t)at.b * size,
                     lanes)) {
            continue;
        }
        if (a->left >= 0 && (b->left < 0 || a->end - a->begin >= b->end - b->begin)) {
            stack[depth++] = (struct pair){a->right, at.b};
            stack[depth++] = (struct pair){a->left, at.b};
        } else if (b->left >= 0) {
            stack[depth++] = (struct pair){at.a, b->right};
            stack[depth++] = (struct pair){at.a, b->left};
        } else {
            join_leaves(join, a, b, lanes);
        }
    }
}

static void join(struct kernel_join *join_)
{
    if (join_->width == 1) {
        join_wide(join_, KERNEL_LANES);
    } else if (join_->width == 2) {
        join_wide(join_, 2 * KERNEL_LANES);
    } else {
        join_wide(join_, join_->width * KERNEL_LANES);
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
