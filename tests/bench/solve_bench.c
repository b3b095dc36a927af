/* The solver on made problems: gaps after given times, and the problems for its peers.
 *
 * solve_bench run FAMILY SIZE SEED SECONDS [THREADS]   one line: gap, CPU and wall seconds
 * solve_bench again FAMILY SIZE SEED                   a budget changed by 2 %, from the answer on
 * solve_bench core FAMILY SIZE SEED SECONDS            the core after so long (MPS)
 * solve_bench write FAMILY SIZE SEED                   the whole problem (MPS)
 *
 * FAMILY: plain, lumpy, years (three of them), general; file: SIZE is then the path of a problem
 * file and SEED the solver's. SIZE: villages, or groups of a general one. Seconds are CPU seconds
 * over all threads: the solver is stopped when they are used. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "calc/solve/check.h"
#include "calc/solve/core_lp.h"
#include "calc/solve/solve.h"
#include "solve_make.h"
#include "solve_read.h"

enum { COUNTY_SMALL = 100, COUNTY = 161, SMALL = 500, MPS_MAX = 1024 * 1024 * 1024 };

/* Steps that are surely not done within the seconds: parts of the search share them out. */
static const double STEPS_WORTH = 2.2;

static double seconds_of(clockid_t clock)
{
    struct timespec t = {0};

    (void)clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static bool time_is_up(void *end)
{
    return seconds_of(CLOCK_PROCESS_CPUTIME_ID) > *(const double *)end;
}

static enum rc make(char **argv, struct arena *arena, struct err *err, struct solve_problem *out)
{
    bool is_file = argv[2][0] == 'f';
    int size = is_file ? 0 : (int)strtol(argv[3], NULL, 10);
    uint64_t seed = strtoull(argv[4], NULL, 10);
    const struct make_opts opts = {
        .seed = seed,
        .villages = size,
        .county_villages = size <= SMALL ? COUNTY_SMALL : COUNTY,
        .years = argv[2][0] == 'y' ? 3 : 1,
        .lumpy = argv[2][0] == 'l',
    };

    if (is_file) {
        return read_problem(argv[3], arena, err, out);
    }
    return argv[2][0] == 'g' ? make_general(seed, size, arena, err, out)
                             : make_villages(&opts, arena, err, out);
}

static bool is_sound(const struct solve_problem *p, const struct solve_answer *a,
                     struct arena *arena)
{
    struct check_verdict verdict = {0};
    const struct check_claim claim = {a->picks, a->prices, a->value, a->bound,
                                      a->status == SOLVE_SEARCHED};

    if (a->picks != NULL) {
        solve_check(p, &claim, arena, &verdict);
    }
    return a->picks != NULL && verdict.fault == CHECK_SOUND;
}

/* Solve and say how it went. */
static struct solve_answer run(const struct solve_problem *p, struct solve_opts opts,
                               double seconds, struct arena *arena, struct err *err)
{
    double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
    double wall = seconds_of(CLOCK_MONOTONIC);
    double end = cpu + seconds;
    double steps = STEPS_WORTH * (seconds > 0 ? seconds : 0) * (double)SOLVE_STEPS_PER_SECOND;
    struct solve_answer a = {0};

    opts.steps = seconds > 0 ? (int64_t)steps : opts.steps;
    opts.stop = seconds > 0 ? time_is_up : NULL;
    opts.stop_cx = &end;
    MUST(solve_run(p, &opts, arena, &a, err) == RC_OK);
    cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    wall = seconds_of(CLOCK_MONOTONIC) - wall;
    (void)fprintf(stderr, "value %ld bound %ld gap %.6f cpu %.4f wall %.4f steps %ld %s\n",
                  (long)a.value, (long)a.bound,
                  100.0 * (double)(a.bound - a.value) / (double)a.bound, cpu, wall, (long)a.steps,
                  is_sound(p, &a, arena) ? "sound" : "NOT SOUND");
    return a;
}

static void run_again(const struct solve_problem *p, struct arena *arena, struct err *err)
{
    int64_t *limit = ARENA_NEW(arena, int64_t, (size_t)p->rows);
    struct solve_problem changed = *p;
    struct solve_opts opts = {.seed = 1, .steps = INT64_MAX / 4, .threads = 2};
    struct solve_answer before = run(p, opts, 2, arena, err);

    memcpy(limit, p->limit, (size_t)p->rows * sizeof(*limit));
    limit[0] -= limit[0] / 50;
    changed.limit = limit;
    opts.prices = before.prices;
    opts.picks = before.picks;
    opts.steps = 0;
    (void)run(&changed, opts, 0, arena, err);
    opts.steps = SOLVE_STEPS_PER_SECOND / 10;
    (void)run(&changed, opts, 0, arena, err);
}

static void print(const struct buf *mps)
{
    str text = {0};

    MUST(buf_done(mps, &text));
    MUST(fwrite(text.at, 1, text.len, stdout) == text.len);
}

static void write_core(const struct solve_problem *p, double seconds, struct arena *arena,
                       struct err *err)
{
    const struct solve_opts opts = {.seed = 1, .steps = INT64_MAX / 4, .threads = 2};
    struct solve_answer a = run(p, opts, seconds, arena, err);
    struct core_lp core = {0};
    struct buf mps;

    buf_init(&mps, arena, MPS_MAX);
    core_lp_write(p, &a, &mps, arena, &core);
    print(&mps);
    (void)fprintf(stderr, "base %ld cutoff %ld columns %d groups %d\n", (long)core.base,
                  (long)core.cutoff, core.columns, core.groups);
}

/* Minimise the value with its sign turned; one option of every group. */
static void write_problem(const struct solve_problem *p)
{
    (void)printf("NAME P\nROWS\n N C\n");
    for (int r = 0; r < p->rows; r++) {
        (void)printf(" L R%d\n", r);
    }
    for (int g = 0; g < p->groups; g++) {
        (void)printf(" E G%d\n", g);
    }
    (void)printf("COLUMNS\n    M0 'MARKER' 'INTORG'\n");
    for (int g = 0; g < p->groups; g++) {
        for (int o = p->first[g]; o < p->first[g + 1]; o++) {
            (void)printf("    X%d C %ld\n    X%d G%d 1\n", o, -(long)p->value[o], o, g);
            for (int64_t u = p->use_first[o]; u < p->use_first[o + 1]; u++) {
                (void)printf("    X%d R%d %ld\n", o, p->use[u].row, (long)p->use[u].amount);
            }
        }
    }
    (void)printf("    M1 'MARKER' 'INTEND'\nRHS\n");
    for (int r = 0; r < p->rows; r++) {
        (void)printf("    RHS R%d %ld\n", r, (long)p->limit[r]);
    }
    for (int g = 0; g < p->groups; g++) {
        (void)printf("    RHS G%d 1\n", g);
    }
    (void)printf("BOUNDS\n");
    for (int o = 0; o < p->options; o++) {
        (void)printf(" UP BND X%d 1\n", o);
    }
    (void)printf("ENDATA\n");
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct err err = {0};
    struct solve_problem p = {0};
    double seconds = argc > 5 ? strtod(argv[5], NULL) : 1;
    struct solve_opts opts = {.seed = 1, .steps = INT64_MAX / 4, .threads = 1};

    arena_init(&arena, ARENA_JOB_MAX);
    if (argc < 5 || make(argv, &arena, &err, &p) != RC_OK) {
        (void)fprintf(stderr,
                      "usage: solve_bench run|again|core|write FAMILY SIZE SEED [SECONDS]\n");
        return 2;
    }
    opts.seed = argv[2][0] == 'f' ? strtoull(argv[4], NULL, 10) : opts.seed;
    opts.threads = argc > 6 ? (int)strtol(argv[6], NULL, 10) : 1;
    if (argv[1][0] == 'r') {
        (void)run(&p, opts, seconds, &arena, &err);
    } else if (argv[1][0] == 'a') {
        run_again(&p, &arena, &err);
    } else if (argv[1][0] == 'c') {
        write_core(&p, seconds, &arena, &err);
    } else {
        write_problem(&p);
    }
    arena_done(&arena);
    return 0;
}
