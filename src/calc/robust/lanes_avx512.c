/* The inner loops with AVX-512: 32 lanes are two registers of floats, one of short integers. */
#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

#define KERNEL    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,fma,popcnt")))
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

static inline KERNEL f32 f32_sub(f32 a, f32 b)
{
    return (f32){_mm512_sub_ps(a.first, b.first), _mm512_sub_ps(a.second, b.second)};
}

static inline KERNEL f32 f32_mul(f32 a, f32 b)
{
    return (f32){_mm512_mul_ps(a.first, b.first), _mm512_mul_ps(a.second, b.second)};
}

static inline KERNEL f32 f32_div(f32 a, f32 b)
{
    return (f32){_mm512_div_ps(a.first, b.first), _mm512_div_ps(a.second, b.second)};
}

static inline KERNEL f32 f32_min(f32 a, f32 b)
{
    return (f32){_mm512_min_ps(a.first, b.first), _mm512_min_ps(a.second, b.second)};
}

static inline KERNEL f32 f32_max(f32 a, f32 b)
{
    return (f32){_mm512_max_ps(a.first, b.first), _mm512_max_ps(a.second, b.second)};
}

static inline KERNEL f32 f32_whole(f32 x)
{
    return (f32){_mm512_roundscale_ps(x.first, 0), _mm512_roundscale_ps(x.second, 0)};
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

/* A condition in every lane. */
typedef uint32_t where;

static inline KERNEL where f32_at_least(f32 a, f32 b)
{
    return (uint32_t)_mm512_cmp_ps_mask(a.first, b.first, _CMP_GE_OQ) |
           (uint32_t)_mm512_cmp_ps_mask(a.second, b.second, _CMP_GE_OQ) << 16;
}

static inline KERNEL uint32_t where_bits(where condition)
{
    return condition;
}

static inline KERNEL f32 f32_choose(where condition, f32 yes, f32 no)
{
    return (f32){_mm512_mask_mov_ps(no.first, (__mmask16)condition, yes.first),
                 _mm512_mask_mov_ps(no.second, (__mmask16)(condition >> 16), yes.second)};
}

static inline KERNEL where f32_differs(f32 a, f32 b)
{
    return (uint32_t)_mm512_cmp_ps_mask(a.first, b.first, _CMP_NEQ_UQ) |
           (uint32_t)_mm512_cmp_ps_mask(a.second, b.second, _CMP_NEQ_UQ) << 16;
}

static inline KERNEL f32 i32_to_f32(const int32_t *at)
{
    return (f32){_mm512_cvtepi32_ps(_mm512_loadu_si512(at)),
                 _mm512_cvtepi32_ps(_mm512_loadu_si512(at + 16))};
}

static inline KERNEL void f32_to_i32(int32_t *at, f32 x)
{
    _mm512_storeu_si512(at, _mm512_cvtps_epi32(x.first));
    _mm512_storeu_si512(at + 16, _mm512_cvtps_epi32(x.second));
}

static inline KERNEL f32 i16_to_f32(i16 x)
{
    __m512i first = _mm512_cvtepi16_epi32(_mm512_castsi512_si256(x));
    __m512i second = _mm512_cvtepi16_epi32(_mm512_extracti64x4_epi64(x, 1));

    return (f32){_mm512_cvtepi32_ps(first), _mm512_cvtepi32_ps(second)};
}

static inline KERNEL i16 f32_to_grade(f32 x)
{
    __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    __m512i mixed = _mm512_packs_epi32(_mm512_cvtps_epi32(x.first), _mm512_cvtps_epi32(x.second));

    return _mm512_max_epi16(_mm512_permutexvar_epi64(order, mixed), _mm512_set1_epi16(-32767));
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

static inline KERNEL i16 i16_min(i16 a, i16 b)
{
    return _mm512_min_epi16(a, b);
}

static inline KERNEL i16 i16_max(i16 a, i16 b)
{
    return _mm512_max_epi16(a, b);
}

/* -1 - x where `turn` is -1, x where it is 0. */
static inline KERNEL i16 i16_turned(i16 x, i16 turn)
{
    return _mm512_xor_si512(x, turn);
}

/* a where it is below b, elsewhere the least there is. */
static inline KERNEL i16 i16_if_below(i16 a, i16 b)
{
    return _mm512_mask_mov_epi16(_mm512_set1_epi16(-32768), _mm512_cmplt_epi16_mask(a, b), a);
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
    return _mm512_mask_sub_epi16(sum, _mm512_cmple_epi16_mask(b, a), sum, _mm512_set1_epi16(-1));
}

#include "calc/robust/lanes_draw.h"
#include "calc/robust/lanes_grade.h"
#include "calc/robust/lanes_score.h"

const struct lanes_ops LANES_OPS_AVX512 = {
    .tile_rows = TILE_ROWS,
    .draw = draw,
    .score = score,
    .grade = grade,
    .reach = reach,
    .tally = tally,
};
