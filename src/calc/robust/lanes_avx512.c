/* The inner loops with AVX-512: 32 lanes are two registers of floats, one of short integers. */
#include <immintrin.h>
#include <stdint.h>

#define KERNEL    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma")))
#define TILE_ROWS 8

typedef struct {
    __m512 first;
    __m512 second;
} f32;
typedef __m512i i16;

static inline KERNEL f32 f32_load(const float *at)
{
    return (f32){_mm512_loadu_ps(at), _mm512_loadu_ps(at + 16)};
}

static inline KERNEL void f32_store(float *at, f32 x)
{
    _mm512_storeu_ps(at, x.first);
    _mm512_storeu_ps(at + 16, x.second);
}

static inline KERNEL f32 f32_all(float x)
{
    return (f32){_mm512_set1_ps(x), _mm512_set1_ps(x)};
}

static inline KERNEL f32 f32_add(f32 a, f32 b)
{
    return (f32){_mm512_add_ps(a.first, b.first), _mm512_add_ps(a.second, b.second)};
}

static inline KERNEL f32 f32_fma(f32 a, f32 b, f32 c)
{
    return (f32){_mm512_fmadd_ps(a.first, b.first, c.first),
                 _mm512_fmadd_ps(a.second, b.second, c.second)};
}

static inline KERNEL __m512 div_or_zero(__m512 a, __m512 b)
{
    __mmask16 some = _mm512_cmp_ps_mask(a, _mm512_setzero_ps(), _CMP_GT_OQ);

    return _mm512_maskz_div_ps(some, a, b);
}

/* a / b, 0 where a is 0. */
static inline KERNEL f32 f32_div_or_zero(f32 a, f32 b)
{
    return (f32){div_or_zero(a.first, b.first), div_or_zero(a.second, b.second)};
}

static inline KERNEL uint32_t f32_reaches(f32 a, f32 b)
{
    return (uint32_t)_mm512_cmp_ps_mask(a.first, b.first, _CMP_GE_OQ) |
           (uint32_t)_mm512_cmp_ps_mask(a.second, b.second, _CMP_GE_OQ) << 16;
}

static inline KERNEL i16 f32_to_grade(f32 x)
{
    __m256i first = _mm512_cvtsepi32_epi16(_mm512_cvtps_epi32(x.first));
    __m256i second = _mm512_cvtsepi32_epi16(_mm512_cvtps_epi32(x.second));
    __m512i both = _mm512_inserti64x4(_mm512_castsi256_si512(first), second, 1);

    return _mm512_max_epi16(both, _mm512_set1_epi16(-32767));
}

static inline KERNEL i16 i16_load(const int16_t *at)
{
    return _mm512_loadu_si512(at);
}

static inline KERNEL void i16_store(int16_t *at, i16 x)
{
    _mm512_storeu_si512(at, x);
}

static inline KERNEL i16 i16_all(int16_t x)
{
    return _mm512_set1_epi16(x);
}

static inline KERNEL i16 i16_add(i16 a, i16 b)
{
    return _mm512_add_epi16(a, b);
}

/* x in the lanes of `mask`, GRADE_TAKEN in the others. */
static inline KERNEL i16 i16_keep(i16 x, uint32_t mask)
{
    return _mm512_mask_mov_epi16(_mm512_set1_epi16(-32768), mask, x);
}

static inline KERNEL uint32_t i16_reaches(i16 a, i16 b)
{
    return _mm512_cmpge_epi16_mask(a, b);
}

static inline KERNEL i16 i16_add_if_reached(i16 sum, i16 a, i16 b)
{
    return _mm512_mask_sub_epi16(sum, _mm512_cmpge_epi16_mask(a, b), sum, _mm512_set1_epi16(-1));
}

#include "calc/robust/lanes_body.h"

const struct lanes_ops LANES_OPS_AVX512 = LANES_OPS;
