/* The inner loops for any machine: 32 lanes are plain tables. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#define KERNEL
#define TILE_ROWS 1

typedef struct {
    float lane[32];
} f32;
typedef struct {
    int16_t lane[32];
} i16;

#define EACH_LANE for (int lane = 0; lane < 32; lane++)

static inline f32 f32_load(const float *at)
{
    f32 x = {{0}};

    EACH_LANE
    {
        x.lane[lane] = at[lane];
    }
    return x;
}

static inline void f32_store(float *at, f32 x)
{
    EACH_LANE
    {
        at[lane] = x.lane[lane];
    }
}

static inline f32 f32_all(float all)
{
    f32 x = {{0}};

    EACH_LANE
    {
        x.lane[lane] = all;
    }
    return x;
}

static inline f32 f32_add(f32 a, f32 b)
{
    EACH_LANE
    {
        a.lane[lane] += b.lane[lane];
    }
    return a;
}

static inline f32 f32_sub(f32 a, f32 b)
{
    EACH_LANE
    {
        a.lane[lane] = a.lane[lane] - b.lane[lane];
    }
    return a;
}

static inline f32 f32_mul(f32 a, f32 b)
{
    EACH_LANE
    {
        a.lane[lane] *= b.lane[lane];
    }
    return a;
}

static inline f32 f32_div(f32 a, f32 b)
{
    EACH_LANE
    {
        a.lane[lane] = a.lane[lane] / b.lane[lane];
    }
    return a;
}

static inline f32 f32_min(f32 a, f32 b)
{
    EACH_LANE
    {
        a.lane[lane] = a.lane[lane] < b.lane[lane] ? a.lane[lane] : b.lane[lane];
    }
    return a;
}

static inline f32 f32_max(f32 a, f32 b)
{
    EACH_LANE
    {
        a.lane[lane] = a.lane[lane] > b.lane[lane] ? a.lane[lane] : b.lane[lane];
    }
    return a;
}

static inline f32 f32_whole(f32 x)
{
    EACH_LANE
    {
        x.lane[lane] = rintf(x.lane[lane]);
    }
    return x;
}

static inline f32 f32_fma(f32 a, f32 b, f32 c)
{
    EACH_LANE
    {
        c.lane[lane] = fmaf(a.lane[lane], b.lane[lane], c.lane[lane]);
    }
    return c;
}

/* a / b, 0 where a is 0. */
static inline f32 f32_div_or_zero(f32 a, f32 b)
{
    EACH_LANE
    {
        a.lane[lane] = a.lane[lane] > 0 ? a.lane[lane] / b.lane[lane] : 0.0F;
    }
    return a;
}

/* A condition in every lane. */
typedef uint32_t where;

static inline where f32_at_least(f32 a, f32 b)
{
    uint32_t mask = 0;

    EACH_LANE
    {
        mask |= (uint32_t)(a.lane[lane] >= b.lane[lane]) << lane;
    }
    return mask;
}

static inline uint32_t where_bits(where condition)
{
    return condition;
}

static inline f32 f32_choose(where condition, f32 yes, f32 no)
{
    EACH_LANE
    {
        no.lane[lane] = (condition >> lane & 1) != 0 ? yes.lane[lane] : no.lane[lane];
    }
    return no;
}

static inline where f32_differs(f32 a, f32 b)
{
    uint32_t mask = 0;

    EACH_LANE
    {
        mask |= (uint32_t)(a.lane[lane] != b.lane[lane]) << lane;
    }
    return mask;
}

static inline f32 i32_to_f32(const int32_t *at)
{
    f32 x = {{0}};

    EACH_LANE
    {
        x.lane[lane] = (float)at[lane];
    }
    return x;
}

static inline void f32_to_i32(int32_t *at, f32 x)
{
    EACH_LANE
    {
        at[lane] = (int32_t)x.lane[lane];
    }
}

static inline f32 i16_to_f32(i16 x)
{
    f32 out = {{0}};

    EACH_LANE
    {
        out.lane[lane] = x.lane[lane];
    }
    return out;
}

/* Beyond the grades is at their end; the comparison comes first, so that every conversion fits. */
static inline i16 f32_to_grade(f32 x)
{
    i16 grade = {{0}};

    EACH_LANE
    {
        float at = x.lane[lane] < -32767.0F ? -32767.0F : x.lane[lane];
        grade.lane[lane] = (int16_t)(at > 32767.0F ? 32767.0F : rintf(at));
    }
    return grade;
}

static inline i16 i16_load(const int16_t *at)
{
    i16 x = {{0}};

    EACH_LANE
    {
        x.lane[lane] = at[lane];
    }
    return x;
}

static inline void i16_store(int16_t *at, i16 x)
{
    EACH_LANE
    {
        at[lane] = x.lane[lane];
    }
}

static inline i16 i16_all(int16_t all)
{
    i16 x = {{0}};

    EACH_LANE
    {
        x.lane[lane] = all;
    }
    return x;
}

static inline i16 i16_add(i16 a, i16 b)
{
    EACH_LANE
    {
        a.lane[lane] = (int16_t)(a.lane[lane] + b.lane[lane]);
    }
    return a;
}

static inline i16 i16_min(i16 a, i16 b)
{
    EACH_LANE
    {
        a.lane[lane] = (int16_t)(a.lane[lane] < b.lane[lane] ? a.lane[lane] : b.lane[lane]);
    }
    return a;
}

static inline i16 i16_max(i16 a, i16 b)
{
    EACH_LANE
    {
        a.lane[lane] = (int16_t)(a.lane[lane] > b.lane[lane] ? a.lane[lane] : b.lane[lane]);
    }
    return a;
}

/* -1 - x where `turn` is -1, x where it is 0. */
static inline i16 i16_turned(i16 x, i16 turn)
{
    EACH_LANE
    {
        x.lane[lane] = (int16_t)(x.lane[lane] ^ turn.lane[lane]);
    }
    return x;
}

/* a where it is below b, elsewhere the least there is. */
static inline i16 i16_if_below(i16 a, i16 b)
{
    EACH_LANE
    {
        a.lane[lane] = (int16_t)(a.lane[lane] < b.lane[lane] ? a.lane[lane] : INT16_MIN);
    }
    return a;
}

/* x in the lanes of `mask`, GRADE_TAKEN in the others. */
static inline i16 i16_keep(i16 x, uint32_t mask)
{
    EACH_LANE
    {
        if ((mask >> lane & 1) == 0) {
            x.lane[lane] = INT16_MIN;
        }
    }
    return x;
}

static inline uint32_t i16_reaches(i16 a, i16 b)
{
    uint32_t mask = 0;

    EACH_LANE
    {
        mask |= (uint32_t)(a.lane[lane] >= b.lane[lane]) << lane;
    }
    return mask;
}

static inline i16 i16_add_if_reached(i16 sum, i16 a, i16 b)
{
    EACH_LANE
    {
        int reached = a.lane[lane] >= b.lane[lane];
        sum.lane[lane] = (int16_t)(sum.lane[lane] + reached);
    }
    return sum;
}

#include "calc/robust/lanes_grade.h"
#include "calc/robust/lanes_score.h"

const struct lanes_ops LANES_OPS_SCALAR = {
    .tile_rows = TILE_ROWS,
    .draw = robust_draw,
    .score = score,
    .grade = grade,
    .reach = reach,
    .tally = tally,
};
