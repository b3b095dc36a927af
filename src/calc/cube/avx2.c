/* The kernel for AVX2: eight lanes at a time, twice over the lines of a unit, which stay near. */
#include <immintrin.h>
#include <math.h>

#include "calc/cube/cube_in.h"

#define AVX2 __attribute__((target("avx2,fma")))

enum { HALF = LANES / 2 };

/* Eight lanes of a tile_sum in registers; [0] and [1] are the lower and upper four. */
struct sums {
    __m256d sum[2];
    __m256d weighted[2];
    __m256d weight[2];
    __m256 least;
    __m256 most;
    __m256i known;
    __m256i reached;
    __m256i excluded;
};

AVX2 static inline struct sums begin(void)
{
    __m256d zero = _mm256_setzero_pd();
    __m256i none = _mm256_setzero_si256();

    return (struct sums){
        .sum = {zero, zero},
        .weighted = {zero, zero},
        .weight = {zero, zero},
        .least = _mm256_set1_ps(HUGE_VALF),
        .most = _mm256_set1_ps(-HUGE_VALF),
        .known = none,
        .reached = none,
        .excluded = none,
    };
}

AVX2 static inline void store_ints(uint32_t *out, __m256i ints)
{
    _mm256_storeu_si256((__m256i *)(void *)out, ints);
}

AVX2 static inline __m256i load_ints(const uint32_t *in)
{
    return _mm256_loadu_si256((const __m256i *)(const void *)in);
}

AVX2 static inline void store(const struct sums *s, struct tile_sum *out, int lane)
{
    for (int half = 0; half < 2; half++) {
        int at = lane + 4 * half;
        _mm256_storeu_pd(out->sum + at, s->sum[half]);
        _mm256_storeu_pd(out->weighted + at, s->weighted[half]);
        _mm256_storeu_pd(out->weight + at, s->weight[half]);
    }
    _mm256_storeu_ps(out->least + lane, s->least);
    _mm256_storeu_ps(out->most + lane, s->most);
    store_ints(out->known + lane, s->known);
    store_ints(out->reached + lane, s->reached);
    store_ints(out->excluded + lane, s->excluded);
}

/* What is not known adds zero to sums that never are minus zero, and so changes nothing. */
AVX2 static inline void add_quarter(struct sums *s, int half, __m128i known, __m128 values,
                                    __m256d weight)
{
    __m256d keep = _mm256_castsi256_pd(_mm256_cvtepi32_epi64(known));
    __m256d value = _mm256_and_pd(_mm256_cvtps_pd(values), keep);

    s->sum[half] = _mm256_add_pd(s->sum[half], value);
    s->weighted[half] = _mm256_fmadd_pd(value, weight, s->weighted[half]);
    s->weight[half] = _mm256_add_pd(s->weight[half], _mm256_and_pd(weight, keep));
}

AVX2 static void reduce_half(const float *lines, const float *weights, size_t count,
                             const float *threshold, struct sums *out)
{
    const __m256 bound = _mm256_loadu_ps(threshold);
    const __m256i mark = _mm256_set1_epi32((int)EXCLUDED_32);
    struct sums s = begin();

    for (size_t i = 0; i < count; i++) {
        _mm_prefetch((const char *)(lines + (i + LINES_AHEAD) * LANES), _MM_HINT_T0);
        __m256 v = _mm256_loadu_ps(lines + i * LANES);
        __m256d weight = _mm256_set1_pd((double)weights[i]);
        __m256 known = _mm256_cmp_ps(v, v, _CMP_ORD_Q);
        __m256 reached = _mm256_cmp_ps(v, bound, _CMP_GE_OQ);
        __m256i ones = _mm256_castps_si256(known);
        /* min and max take their second operand when the first is not a number. */
        s.least = _mm256_min_ps(v, s.least);
        s.most = _mm256_max_ps(v, s.most);
        s.known = _mm256_sub_epi32(s.known, ones);
        s.reached = _mm256_sub_epi32(s.reached, _mm256_castps_si256(reached));
        s.excluded = _mm256_sub_epi32(s.excluded, _mm256_cmpeq_epi32(_mm256_castps_si256(v), mark));
        add_quarter(&s, 0, _mm256_castsi256_si128(ones), _mm256_castps256_ps128(v), weight);
        add_quarter(&s, 1, _mm256_extracti128_si256(ones, 1), _mm256_extractf128_ps(v, 1), weight);
    }
    *out = s;
}

AVX2 static void reduce(const float *lines, const float *weights, size_t count,
                        const float *threshold, struct tile_sum *out)
{
    struct sums s;

    reduce_half(lines, weights, count, threshold, &s);
    store(&s, out, 0);
    reduce_half(lines + HALF, weights, count, threshold + HALF, &s);
    store(&s, out, HALF);
}

AVX2 static void combine_half(const struct tile_sum *children, size_t count, int lane,
                              struct tile_sum *out)
{
    struct sums s = begin();

    for (size_t i = 0; i < count; i++) {
        const struct tile_sum *c = &children[i];
        for (int half = 0; half < 2; half++) {
            int at = lane + 4 * half;
            s.sum[half] = _mm256_add_pd(s.sum[half], _mm256_loadu_pd(c->sum + at));
            s.weighted[half] = _mm256_add_pd(s.weighted[half], _mm256_loadu_pd(c->weighted + at));
            s.weight[half] = _mm256_add_pd(s.weight[half], _mm256_loadu_pd(c->weight + at));
        }
        s.least = _mm256_min_ps(_mm256_loadu_ps(c->least + lane), s.least);
        s.most = _mm256_max_ps(_mm256_loadu_ps(c->most + lane), s.most);
        s.known = _mm256_add_epi32(s.known, load_ints(c->known + lane));
        s.reached = _mm256_add_epi32(s.reached, load_ints(c->reached + lane));
        s.excluded = _mm256_add_epi32(s.excluded, load_ints(c->excluded + lane));
    }
    store(&s, out, lane);
}

AVX2 static void combine(const struct tile_sum *children, size_t count, struct tile_sum *out)
{
    combine_half(children, count, 0, out);
    combine_half(children, count, HALF, out);
}

const struct kernel CUBE_KERNEL_AVX2 = {reduce, combine};
