/* The inner loops with AVX2 and FMA: 32 lanes are four registers of floats, two of short
 * integers. */
#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>

#define KERNEL    __attribute__((target("avx2,fma,popcnt")))
#define TILE_ROWS 2

typedef struct {
    __m256 part[4];
} f32;
typedef struct {
    __m256i first;
    __m256i second;
} i16;

#define EACH_PART(expression)                                                                      \
    {                                                                                              \
        {                                                                                          \
            expression(0), expression(1), expression(2), expression(3)                             \
        }                                                                                          \
    }

static inline KERNEL f32 f32_load(const float *at)
{
#define PART(p) _mm256_loadu_ps(at + (size_t)(p)*8)
    return (f32)EACH_PART(PART);
#undef PART
}

static inline KERNEL void f32_store(float *at, f32 x)
{
    _mm256_storeu_ps(at, x.part[0]);
    _mm256_storeu_ps(at + 8, x.part[1]);
    _mm256_storeu_ps(at + 16, x.part[2]);
    _mm256_storeu_ps(at + 24, x.part[3]);
}

static inline KERNEL f32 f32_all(float x)
{
    __m256 all = _mm256_set1_ps(x);

    return (f32){{all, all, all, all}};
}

static inline KERNEL f32 f32_add(f32 a, f32 b)
{
#define PART(p) _mm256_add_ps(a.part[p], b.part[p])
    return (f32)EACH_PART(PART);
#undef PART
}

static inline KERNEL f32 f32_sub(f32 a, f32 b)
{
#define PART(p) _mm256_sub_ps(a.part[p], b.part[p])
    return (f32)EACH_PART(PART);
#undef PART
}

static inline KERNEL f32 f32_mul(f32 a, f32 b)
{
#define PART(p) _mm256_mul_ps(a.part[p], b.part[p])
    return (f32)EACH_PART(PART);
#undef PART
}

static inline KERNEL f32 f32_div(f32 a, f32 b)
{
#define PART(p) _mm256_div_ps(a.part[p], b.part[p])
    return (f32)EACH_PART(PART);
#undef PART
}

static inline KERNEL f32 f32_min(f32 a, f32 b)
{
#define PART(p) _mm256_min_ps(a.part[p], b.part[p])
    return (f32)EACH_PART(PART);
#undef PART
}

static inline KERNEL f32 f32_max(f32 a, f32 b)
{
#define PART(p) _mm256_max_ps(a.part[p], b.part[p])
    return (f32)EACH_PART(PART);
#undef PART
}

static inline KERNEL f32 f32_whole(f32 x)
{
#define PART(p) _mm256_round_ps(x.part[p], 8)
    return (f32)EACH_PART(PART);
#undef PART
}

static inline KERNEL f32 f32_fma(f32 a, f32 b, f32 c)
{
#define PART(p) _mm256_fmadd_ps(a.part[p], b.part[p], c.part[p])
    return (f32)EACH_PART(PART);
#undef PART
}

static inline KERNEL __m256 div_or_zero(__m256 a, __m256 b)
{
    __m256 some = _mm256_cmp_ps(a, _mm256_setzero_ps(), _CMP_GT_OQ);

    return _mm256_and_ps(_mm256_div_ps(a, b), some);
}

/* a / b, 0 where a is 0. */
static inline KERNEL f32 f32_div_or_zero(f32 a, f32 b)
{
#define PART(p) div_or_zero(a.part[p], b.part[p])
    return (f32)EACH_PART(PART);
#undef PART
}

/* A condition in every lane: all ones or all zeros. */
typedef f32 where;

static inline KERNEL where f32_at_least(f32 a, f32 b)
{
#define PART(p) _mm256_cmp_ps(a.part[p], b.part[p], _CMP_GE_OQ)
    return (where)EACH_PART(PART);
#undef PART
}

static inline KERNEL uint32_t where_bits(where condition)
{
    return (uint32_t)_mm256_movemask_ps(condition.part[0]) |
           (uint32_t)_mm256_movemask_ps(condition.part[1]) << 8 |
           (uint32_t)_mm256_movemask_ps(condition.part[2]) << 16 |
           (uint32_t)_mm256_movemask_ps(condition.part[3]) << 24;
}

static inline KERNEL f32 f32_choose(where condition, f32 yes, f32 no)
{
#define PART(p) _mm256_blendv_ps(no.part[p], yes.part[p], condition.part[p])
    return (f32)EACH_PART(PART);
#undef PART
}

static inline KERNEL where f32_differs(f32 a, f32 b)
{
#define PART(p) _mm256_cmp_ps(a.part[p], b.part[p], _CMP_NEQ_UQ)
    return (where)EACH_PART(PART);
#undef PART
}

static inline KERNEL f32 i32_to_f32(const int32_t *at)
{
#define PART(p) _mm256_cvtepi32_ps(_mm256_loadu_si256((const __m256i_u *)(at + (size_t)(p)*8)))
    return (f32)EACH_PART(PART);
#undef PART
}

static inline KERNEL void f32_to_i32(int32_t *at, f32 x)
{
    _mm256_storeu_si256((__m256i_u *)at, _mm256_cvtps_epi32(x.part[0]));
    _mm256_storeu_si256((__m256i_u *)(at + 8), _mm256_cvtps_epi32(x.part[1]));
    _mm256_storeu_si256((__m256i_u *)(at + 16), _mm256_cvtps_epi32(x.part[2]));
    _mm256_storeu_si256((__m256i_u *)(at + 24), _mm256_cvtps_epi32(x.part[3]));
}

static inline KERNEL f32 i16_to_f32(i16 x)
{
    const __m128i quarters[4] = {
        _mm256_castsi256_si128(x.first),
        _mm256_extracti128_si256(x.first, 1),
        _mm256_castsi256_si128(x.second),
        _mm256_extracti128_si256(x.second, 1),
    };
#define PART(p) _mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(quarters[p]))
    return (f32)EACH_PART(PART);
#undef PART
}

static inline KERNEL __m256i grade_half(__m256 a, __m256 b)
{
    __m256i mixed = _mm256_packs_epi32(_mm256_cvtps_epi32(a), _mm256_cvtps_epi32(b));

    return _mm256_max_epi16(_mm256_permute4x64_epi64(mixed, 0xD8), _mm256_set1_epi16(-32767));
}

static inline KERNEL i16 f32_to_grade(f32 x)
{
    return (i16){grade_half(x.part[0], x.part[1]), grade_half(x.part[2], x.part[3])};
}

static inline KERNEL i16 i16_load(const int16_t *at)
{
    return (i16){_mm256_loadu_si256((const __m256i_u *)at),
                 _mm256_loadu_si256((const __m256i_u *)(at + 16))};
}

static inline KERNEL void i16_store(int16_t *at, i16 x)
{
    _mm256_storeu_si256((__m256i_u *)at, x.first);
    _mm256_storeu_si256((__m256i_u *)(at + 16), x.second);
}

static inline KERNEL i16 i16_all(int16_t x)
{
    return (i16){_mm256_set1_epi16(x), _mm256_set1_epi16(x)};
}

static inline KERNEL i16 i16_add(i16 a, i16 b)
{
    return (i16){_mm256_add_epi16(a.first, b.first), _mm256_add_epi16(a.second, b.second)};
}

static inline KERNEL i16 i16_min(i16 a, i16 b)
{
    return (i16){_mm256_min_epi16(a.first, b.first), _mm256_min_epi16(a.second, b.second)};
}

static inline KERNEL i16 i16_max(i16 a, i16 b)
{
    return (i16){_mm256_max_epi16(a.first, b.first), _mm256_max_epi16(a.second, b.second)};
}

/* -1 - x where `turn` is -1, x where it is 0. */
static inline KERNEL i16 i16_turned(i16 x, i16 turn)
{
    return (i16){_mm256_xor_si256(x.first, turn.first), _mm256_xor_si256(x.second, turn.second)};
}

static inline KERNEL __m256i half_if_below(__m256i a, __m256i b)
{
    return _mm256_blendv_epi8(_mm256_set1_epi16(-32768), a, _mm256_cmpgt_epi16(b, a));
}

/* a where it is below b, elsewhere the least there is. */
static inline KERNEL i16 i16_if_below(i16 a, i16 b)
{
    return (i16){half_if_below(a.first, b.first), half_if_below(a.second, b.second)};
}

/* All ones in the lanes whose bit is set in the lower half of `mask`. */
static inline KERNEL __m256i spread_bits(uint32_t mask)
{
    __m256i bit = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192,
                                    16384, -32768);
    __m256i all = _mm256_set1_epi16((int16_t)(mask & 0xFFFF));

    return _mm256_cmpeq_epi16(_mm256_and_si256(all, bit), bit);
}

/* x in the lanes of `mask`, GRADE_TAKEN in the others. */
static inline KERNEL i16 i16_keep(i16 x, uint32_t mask)
{
    __m256i taken = _mm256_set1_epi16(-32768);

    return (i16){_mm256_blendv_epi8(taken, x.first, spread_bits(mask)),
                 _mm256_blendv_epi8(taken, x.second, spread_bits(mask >> 16))};
}

/* All ones where a >= b, that is where max(a, b) is a. */
static inline KERNEL __m256i at_least(__m256i a, __m256i b)
{
    return _mm256_cmpeq_epi16(_mm256_max_epi16(a, b), a);
}

static inline KERNEL uint32_t i16_reaches(i16 a, i16 b)
{
    __m256i mixed = _mm256_packs_epi16(at_least(a.first, b.first), at_least(a.second, b.second));

    return (uint32_t)_mm256_movemask_epi8(_mm256_permute4x64_epi64(mixed, 0xD8));
}

static inline KERNEL i16 i16_add_if_reached(i16 sum, i16 a, i16 b)
{
    return (i16){_mm256_sub_epi16(sum.first, at_least(a.first, b.first)),
                 _mm256_sub_epi16(sum.second, at_least(a.second, b.second))};
}

#include "calc/robust/lanes_draw.h"
#include "calc/robust/lanes_grade.h"
#include "calc/robust/lanes_score.h"

const struct lanes_ops LANES_OPS_AVX2 = {
    .tile_rows = TILE_ROWS,
    .draw = draw,
    .score = score,
    .grade = grade,
    .reach = reach,
    .tally = tally,
};
