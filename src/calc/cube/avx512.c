/* The kernel for AVX-512: a line of 16 values is one register. */
#include <immintrin.h>
#include <math.h>

#include "calc/cube/cube_in.h"

#define AVX512 __attribute__((target("avx512f,avx512dq")))

/* A tile_sum in registers; [0] and [1] are the lower and upper eight lanes. */
struct sums {
    __m512d sum[2];
    __m512d weighted[2];
    __m512d weight[2];
    __m512 least;
    __m512 most;
    __m512i known;
    __m512i reached;
    __m512i excluded;
};

AVX512 static inline struct sums begin(void)
{
    __m512d zero = _mm512_setzero_pd();
    __m512i none = _mm512_setzero_si512();

    return (struct sums){
        .sum = {zero, zero},
        .weighted = {zero, zero},
        .weight = {zero, zero},
        .least = _mm512_set1_ps(HUGE_VALF),
        .most = _mm512_set1_ps(-HUGE_VALF),
        .known = none,
        .reached = none,
        .excluded = none,
    };
}

AVX512 static inline void store(const struct sums *s, struct tile_sum *out)
{
    for (int half = 0; half < 2; half++) {
        int at = 8 * half;
        _mm512_storeu_pd(out->sum + at, s->sum[half]);
        _mm512_storeu_pd(out->weighted + at, s->weighted[half]);
        _mm512_storeu_pd(out->weight + at, s->weight[half]);
    }
    _mm512_storeu_ps(out->least, s->least);
    _mm512_storeu_ps(out->most, s->most);
    _mm512_storeu_si512(out->known, s->known);
    _mm512_storeu_si512(out->reached, s->reached);
    _mm512_storeu_si512(out->excluded, s->excluded);
}

/* Lanes that `known` leaves out keep what they had. */
AVX512 static inline void add_half(struct sums *s, int half, __mmask8 known, __m256 values,
                                   __m512d weight)
{
    __m512d value = _mm512_cvtps_pd(values);

    s->sum[half] = _mm512_mask_add_pd(s->sum[half], known, s->sum[half], value);
    s->weighted[half] = _mm512_mask3_fmadd_pd(value, weight, s->weighted[half], known);
    s->weight[half] = _mm512_mask_add_pd(s->weight[half], known, s->weight[half], weight);
}

AVX512 static void reduce(const float *lines, const float *weights, size_t count,
                          const float *threshold, struct tile_sum *out)
{
    const __m512 bound = _mm512_loadu_ps(threshold);
    const __m512i one = _mm512_set1_epi32(1);
    const __m512i mark = _mm512_set1_epi32((int)EXCLUDED_32);
    struct sums s = begin();

    for (size_t i = 0; i < count; i++) {
        _mm_prefetch((const char *)(lines + (i + LINES_AHEAD) * LANES), _MM_HINT_T0);
        __m512 v = _mm512_loadu_ps(lines + i * LANES);
        __m512d weight = _mm512_set1_pd((double)weights[i]);
        __mmask16 known = _mm512_cmp_ps_mask(v, v, _CMP_ORD_Q);
        __mmask16 reached = _mm512_cmp_ps_mask(v, bound, _CMP_GE_OQ);
        __mmask16 excluded = _mm512_cmpeq_epi32_mask(_mm512_castps_si512(v), mark);
        s.least = _mm512_mask_min_ps(s.least, known, v, s.least);
        s.most = _mm512_mask_max_ps(s.most, known, v, s.most);
        s.known = _mm512_mask_add_epi32(s.known, known, s.known, one);
        s.reached = _mm512_mask_add_epi32(s.reached, reached, s.reached, one);
        s.excluded = _mm512_mask_add_epi32(s.excluded, excluded, s.excluded, one);
        add_half(&s, 0, (__mmask8)known, _mm512_castps512_ps256(v), weight);
        add_half(&s, 1, (__mmask8)(known >> 8), _mm512_extractf32x8_ps(v, 1), weight);
    }
    store(&s, out);
}

AVX512 static void combine(const struct tile_sum *children, size_t count, struct tile_sum *out)
{
    struct sums s = begin();

    for (size_t i = 0; i < count; i++) {
        const struct tile_sum *c = &children[i];
        for (int half = 0; half < 2; half++) {
            int at = 8 * half;
            s.sum[half] = _mm512_add_pd(s.sum[half], _mm512_loadu_pd(c->sum + at));
            s.weighted[half] = _mm512_add_pd(s.weighted[half], _mm512_loadu_pd(c->weighted + at));
            s.weight[half] = _mm512_add_pd(s.weight[half], _mm512_loadu_pd(c->weight + at));
        }
        s.least = _mm512_min_ps(_mm512_loadu_ps(c->least), s.least);
        s.most = _mm512_max_ps(_mm512_loadu_ps(c->most), s.most);
        s.known = _mm512_add_epi32(s.known, _mm512_loadu_si512(c->known));
        s.reached = _mm512_add_epi32(s.reached, _mm512_loadu_si512(c->reached));
        s.excluded = _mm512_add_epi32(s.excluded, _mm512_loadu_si512(c->excluded));
    }
    store(&s, out);
}

const struct kernel CUBE_KERNEL_AVX512 = {reduce, combine};
