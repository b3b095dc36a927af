/* cube_bench LIBDUCKDB DIR province|nation: roll every unit of every level up, beside DuckDB.
 *
 * A synthetic tree of the real shape and 100 indicators, 3 % missing, go into one CSV file; both
 * read it. DuckDB computes in the best form known to us: one wide table, grouped by township, then
 * the partial results upward. Every cell of both is compared, without tolerance. */
#include <math.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/num.h"
#include "calc/cube/cube.h"
#include "calc/stat/draw.h"
#include "tests/bench/duck.h"
#include "tests/bench/measure.h"

enum { INDICATORS = 100, VALUE_MAX = 100000, THRESHOLD = 30000, WEIGHT = 0, UPDATES = 200000 };

/* Counts of levels from villages up; 0 ends. */
struct shape {
    const char *name;
    uint32_t count[CUBE_LEVELS_MAX];
};

static const struct shape SHAPES[] = {
    {"province", {18851, 1352, 117, 11, 1}},
    {"nation", {620573, 41352, 2978, 342, 31, 1}},
};

struct bench {
    const struct shape *shape;
    struct cube_tree tree;
    struct cube_indicator indicators[INDICATORS];
    struct arena arena;
    struct cube *cube;
    struct duck *duck;
    char csv[4096];
    size_t compared;
    size_t different;
};

static void stop(const char *why)
{
    (void)fprintf(stderr, "cube_bench: %s\n", why);
    exit(1); /* NOLINT(concurrency-mt-unsafe): nothing else runs */
}

/* Parents in order, their sizes as uneven as an exponential distribution, none empty. */
static uint32_t *make_parents(struct bench *b, uint64_t level, uint32_t count, uint32_t parents)
{
    uint32_t *made = ARENA_NEW(&b->arena, uint32_t, count);
    double *ends = ARENA_NEW(&b->arena, double, parents);
    double sum = 0;

    for (uint32_t p = 0; p < parents; p++) {
        sum += 0.3 + draw_exponential((struct draw_at){1, level, p});
        ends[p] = sum;
    }
    for (uint32_t u = 0, p = 0; u < count; u++) {
        bool is_last_chance = count - u <= parents - 1 - p;
        bool is_past = u > 0 && (double)u / count >= ends[p] / sum;
        if (u > 0 && p + 1 < parents && (is_past || is_last_chance)) {
            p++;
        }
        made[u] = p;
    }
    return made;
}

static void make_tree(struct bench *b)
{
    int levels = 0;

    while (levels < CUBE_LEVELS_MAX && b->shape->count[levels] > 0) {
        b->tree.count[levels] = b->shape->count[levels];
        levels++;
    }
    b->tree.level_count = levels;
    for (int l = 0; l + 1 < levels; l++) {
        b->tree.parent[l] = make_parents(b, (uint64_t)l, b->tree.count[l], b->tree.count[l + 1]);
    }
    for (int k = 0; k < INDICATORS; k++) {
        b->indicators[k] = (struct cube_indicator){
            .most = VALUE_MAX, .is_whole = true, .weight = WEIGHT, .threshold = THRESHOLD};
    }
}

/* Skewed values, as real ones are; the weight is a population. */
static int64_t value_of(int indicator, uint32_t village, bool *out_is_known)
{
    struct draw_at at = {2, (uint64_t)indicator, village};
    struct draw_bits bits = draw_bits(at);
    double u = (double)(bits.first >> 11) * 0x1p-53;
    double v = (double)(bits.second >> 11) * 0x1p-53;

    *out_is_known = v >= 0.03;
    return indicator == WEIGHT ? 100 + (int64_t)(3000 * u * u) : (int64_t)(VALUE_MAX * u * u);
}

static void write_row(const struct bench *b, FILE *file, uint32_t village)
{
    uint32_t unit = village;

    for (int l = 0; l + 1 < b->tree.level_count; l++) {
        unit = b->tree.parent[l][unit];
        (void)fprintf(file, l == 0 ? "%u" : ",%u", unit);
    }
    for (int k = 0; k < INDICATORS; k++) {
        bool is_known = false;
        int64_t value = value_of(k, village, &is_known);
        (void)fputc(',', file);
        if (is_known) {
            (void)fprintf(file, "%lld", (long long)value);
        }
    }
    (void)fputc('\n', file);
}

static void write_csv(const struct bench *b)
{
    FILE *file = fopen(b->csv, "w");

    if (file == NULL) {
        stop("the CSV file cannot be written");
    }
    for (int l = 1; l < b->tree.level_count; l++) {
        (void)fprintf(file, l == 1 ? "l%d" : ",l%d", l);
    }
    for (int k = 0; k < INDICATORS; k++) {
        (void)fprintf(file, ",v%d", k);
    }
    (void)fputc('\n', file);
    for (uint32_t i = 0; i < b->tree.count[0]; i++) {
        write_row(b, file, i);
    }
    if (fclose(file) != 0) {
        stop("the CSV file cannot be written");
    }
}

/* --- the cube --- */

/* One row of the CSV file into `columns`, a column after the other. */
static void read_row(const struct bench *b, str line, double *columns, uint32_t village)
{
    str cell;

    for (int skipped = 1; skipped < b->tree.level_count; skipped++) {
        (void)str_cut(&line, ',', &cell);
    }
    for (size_t k = 0; k < INDICATORS && str_cut(&line, ',', &cell); k++) {
        int64_t value = 0;
        bool is_known = num_parse_int(cell, 0, VALUE_MAX, &value);
        columns[k * b->tree.count[0] + village] = is_known ? (double)value : (double)NAN;
    }
}

static double *read_csv(const struct bench *b)
{
    double *columns = calloc((size_t)INDICATORS * b->tree.count[0], sizeof(*columns));
    FILE *file = fopen(b->csv, "r");
    char *line = NULL;
    size_t room = 0;
    ssize_t len = 0;

    if (columns == NULL || file == NULL || getline(&line, &room, file) < 0) {
        stop("the CSV file cannot be read");
    }
    for (uint32_t i = 0; (len = getline(&line, &room, file)) > 0; i++) {
        read_row(b, (str){line, (size_t)len - 1}, columns, i);
    }
    free(line);
    (void)fclose(file);
    return columns;
}

static void load_cube(struct bench *b)
{
    struct err err = {0};
    double begin = cpu_ms();
    double *columns = read_csv(b);
    double parsed = cpu_ms();

    if (cube_make(&b->tree, b->indicators, INDICATORS, &b->arena, &b->cube, &err) != RC_OK) {
        stop("no cube");
    }
    for (int k = 0; k < INDICATORS; k++) {
        if (cube_fill(b->cube, k, columns + (size_t)k * b->tree.count[0], NULL, &err) != RC_OK) {
            stop("a value is out of range");
        }
    }
    cube_roll(b->cube, 1);
    double filled = cpu_ms();
    free(columns);
    struct cube_stamp stamp = {.generation = 1};
    str bytes = cube_to_bytes(b->cube, &stamp);
    double wrote = cpu_ms();
    struct cube *again = NULL;
    void *copy = aligned_alloc(64, bytes.len);
    if (copy == NULL) {
        stop("memory");
    }
    memcpy(copy, bytes.at, bytes.len);
    double copied = cpu_ms();
    if (cube_from_bytes(copy, bytes.len, stamp.key, &b->arena, &again, &err) != RC_OK) {
        stop("the snapshot is refused");
    }
    printf("cube: CSV read %.0f ms, filled and rolled %.0f ms CPU; %.0f MiB in all; snapshot "
           "sealed in %.0f ms, checked and opened in %.0f ms\n",
           parsed - begin, filled - parsed, (double)bytes.len / 1048576.0, wrote - filled,
           cpu_ms() - copied);
    free(copy);
}

/* --- DuckDB --- */

static const char *const PARTS[] = {"s", "ws", "wd", "mn", "mx", "n", "ab"};
enum { PART_COUNT = 7 };

/* The aggregates of one indicator: over values at the first level, over parts above. */
static void put_aggregates(struct buf *sql, int level, int k)
{
    static const char *const FIRST[PART_COUNT] = {"sum(v#)",
                                                  "sum(v#*v0)",
                                                  "sum(CASE WHEN v# IS NOT NULL THEN v0 END)",
                                                  "min(v#)",
                                                  "max(v#)",
                                                  "count(v#)",
                                                  "count(*) FILTER (v#>=30000)"};
    static const char *const NEXT[PART_COUNT] = {"sum(s#)",  "sum(ws#)", "sum(wd#)", "min(mn#)",
                                                 "max(mx#)", "sum(n#)",  "sum(ab#)"};

    for (int part = 0; part < PART_COUNT; part++) {
        const char *from = level == 1 ? FIRST[part] : NEXT[part];
        buf_put(sql, STR(", "));
        for (; *from != '\0'; from++) {
            if (*from == '#') {
                buf_int(sql, k);
            } else {
                buf_char(sql, *from);
            }
        }
        buf_char(sql, ' ');
        buf_put(sql, str_from(PARTS[part]));
        buf_int(sql, k);
    }
}

static const char *text_of(struct buf *sql)
{
    str text = {0};

    buf_char(sql, '\0');
    if (!buf_done(sql, &text)) {
        stop("a statement is too long");
    }
    return text.at;
}

/* Level `level` from the one below. */
static const char *roll_statement(struct bench *b, int level)
{
    struct buf sql;

    buf_init(&sql, &b->arena, ARENA_MIB);
    buf_put(&sql, STR("CREATE OR REPLACE TEMP TABLE a"));
    buf_int(&sql, level);
    buf_put(&sql, STR(" AS SELECT l"));
    buf_int(&sql, level);
    for (int above = level + 1; above < b->tree.level_count; above++) {
        buf_put(&sql, STR(", any_value(l"));
        buf_int(&sql, above);
        buf_put(&sql, STR(") l"));
        buf_int(&sql, above);
    }
    for (int k = 0; k < INDICATORS; k++) {
        put_aggregates(&sql, level, k);
    }
    buf_put(&sql, level == 1 ? STR(" FROM w") : STR(" FROM a"));
    if (level > 1) {
        buf_int(&sql, level - 1);
    }
    buf_put(&sql, STR(" GROUP BY l"));
    buf_int(&sql, level);
    return text_of(&sql);
}

static void load_duck(struct bench *b, const char *library, const char *dir, const char *type)
{
    char database[4096];
    struct buf sql;

    (void)snprintf(database, sizeof(database), "%s/cube-%s.duckdb", dir, b->shape->name);
    (void)remove(database);
    b->duck = duck_open(library, database);
    double begin = cpu_ms();
    duck_run(b->duck, "SET threads=1");
    buf_init(&sql, &b->arena, ARENA_MIB);
    buf_put(&sql, STR("CREATE TABLE w AS SELECT l1"));
    for (int l = 2; l < b->tree.level_count; l++) {
        buf_put(&sql, STR(", l"));
        buf_int(&sql, l);
    }
    for (int k = 0; k < INDICATORS; k++) {
        buf_put(&sql, STR(", v"));
        buf_int(&sql, k);
        buf_put(&sql, STR("::"));
        buf_put(&sql, k == WEIGHT ? STR("DOUBLE") : str_from(type));
        buf_put(&sql, STR(" v"));
        buf_int(&sql, k);
    }
    buf_put(&sql, STR(" FROM read_csv('"));
    buf_put(&sql, str_from(b->csv));
    buf_put(&sql, STR("', header=true)"));
    duck_run(b->duck, text_of(&sql));
    duck_run(b->duck, "CHECKPOINT");
    printf("DuckDB %s: CSV to table %.0f ms CPU\n", duck_version(b->duck), cpu_ms() - begin);
}

/* --- every cell --- */

struct cells {
    struct bench *bench;
    int level;
    int indicator;
};

static void compare_cell(void *self, size_t row, size_t column, double value)
{
    const struct cells *cells = self;
    struct cube_sum sum =
        cube_unit(cells->bench->cube, cells->level, (uint32_t)row, cells->indicator);
    const double mine[PART_COUNT] = {sum.sum,  sum.weighted, sum.weight, sum.least,
                                     sum.most, sum.known,    sum.reached};
    /* A sum of nothing is NULL there and 0 here. */
    bool is_same = mine[column] == value || (isnan(value) && sum.known == 0) ||
                   (isnan(value) && sum.weight == 0 && mine[column] == 0);

    cells->bench->compared++;
    cells->bench->different += is_same ? 0 : 1;
}

static void compare_level(struct bench *b, int level, int k)
{
    struct cells cells = {b, level, k};
    struct buf sql;

    buf_init(&sql, &b->arena, ARENA_MIB);
    for (int part = 0; part < PART_COUNT; part++) {
        buf_put(&sql, part == 0 ? STR("SELECT ") : STR(", "));
        buf_put(&sql, str_from(PARTS[part]));
        buf_int(&sql, k);
        buf_put(&sql, STR("::DOUBLE"));
    }
    buf_put(&sql, STR(" FROM a"));
    buf_int(&sql, level);
    buf_put(&sql, STR(" ORDER BY l"));
    buf_int(&sql, level);
    duck_each(b->duck, text_of(&sql), compare_cell, &cells);
}

static void compare_all(struct bench *b)
{
    for (int level = 1; level < b->tree.level_count; level++) {
        for (int k = 0; k < INDICATORS; k++) {
            struct arena_mark mark = arena_mark(&b->arena);
            compare_level(b, level, k);
            arena_rewind(&b->arena, mark);
        }
    }
    printf("compared: %zu cells, %zu different\n", b->compared, b->different);
}

/* --- measured --- */

/* Reading alone: as many bytes as the roll-up reads, by the widest registers at hand. */
typedef uint64_t wide_word __attribute__((vector_size(64), aligned(64)));

static double read_ms(const wide_word *words, size_t count, uint64_t *out_sum)
{
    double begin = cpu_ms();
    wide_word sums[4] = {0};

    for (size_t i = 0; i + 4 <= count; i += 4) {
        sums[0] ^= words[i];
        sums[1] ^= words[i + 1];
        sums[2] ^= words[i + 2];
        sums[3] ^= words[i + 3];
    }
    wide_word all = sums[0] ^ sums[1] ^ sums[2] ^ sums[3];
    *out_sum += all[0] ^ all[7];
    return cpu_ms() - begin;
}

static double roll_ms(struct bench *b, int threads, int times, double (*clock)(void))
{
    double begin = clock();

    for (int i = 0; i < times; i++) {
        cube_roll(b->cube, threads);
    }
    return (clock() - begin) / times;
}

static double duck_ms(struct bench *b, const char *const *statements)
{
    double begin = cpu_ms();

    for (int level = 1; level < b->tree.level_count; level++) {
        duck_run(b->duck, statements[level]);
    }
    return cpu_ms() - begin;
}

static void say(const char *what, struct spread spread, const char *unit)
{
    printf("%-46s %10.3f %s  (%.3f to %.3f)\n", what, spread.median, unit, spread.least,
           spread.most);
}

static void measure_rolls(struct bench *b)
{
    const char *statements[CUBE_LEVELS_MAX] = {0};
    int times = b->tree.count[0] < 100000 ? 40 : 2;
    size_t tiles = (INDICATORS + 15) / 16;
    size_t words = tiles * b->tree.count[0];
    wide_word *plain = aligned_alloc(64, words * sizeof(*plain));
    double ours[RUNS];
    double wall[RUNS];
    double theirs[RUNS];
    double ratio[RUNS];
    double share[RUNS];
    uint64_t sum = 0;

    if (plain == NULL) {
        stop("memory");
    }
    memset(plain, 1, words * sizeof(*plain));
    for (int level = 1; level < b->tree.level_count; level++) {
        statements[level] = roll_statement(b, level);
    }
    for (int i = 0; i < RUNS; i++) {
        double reading = 0;
        theirs[i] = duck_ms(b, statements);
        ours[i] = roll_ms(b, 1, times, cpu_ms);
        wall[i] = roll_ms(b, 2, times, wall_ms);
        for (int k = 0; k < times; k++) {
            reading += read_ms(plain, words, &sum) / times;
        }
        ratio[i] = theirs[i] / ours[i];
        share[i] = 100 * reading / ours[i];
    }
    free(plain);
    say("DuckDB, CPU", spread_of(theirs, RUNS), "ms");
    say("cube, one thread, CPU", spread_of(ours, RUNS), "ms");
    say("cube, two threads, wall", spread_of(wall, RUNS), "ms");
    say("DuckDB / cube", spread_of(ratio, RUNS), "times");
    say("of the rate of reading the same bytes", spread_of(share, RUNS), "%");
    printf("(%zu MiB read; check %llu)\n", words * sizeof(*plain) >> 20, (unsigned long long)sum);
}

static void measure_updates(struct bench *b)
{
    double samples[RUNS];
    struct err err = {0};

    for (uint64_t run = 0; run < RUNS; run++) {
        double begin = cpu_ms();
        for (uint64_t i = 0; i < UPDATES; i++) {
            struct draw_bits bits = draw_bits((struct draw_at){3, run, i});
            uint32_t village = (uint32_t)(bits.first % b->tree.count[0]);
            int k = 1 + (int)((bits.first >> 32) % (INDICATORS - 1));
            double value = (double)(bits.second % VALUE_MAX);
            if (cube_set(b->cube, village, k, value, EXPR_KNOWN, &err) != RC_OK) {
                stop("an update is refused");
            }
        }
        samples[run] = (cpu_ms() - begin) * 1e6 / UPDATES;
    }
    say("one value in every level, random places", spread_of(samples, RUNS), "ns");
}

static void measure_medians(struct bench *b)
{
    double begin = cpu_ms();
    double sum = 0;

    for (int level = 1; level < b->tree.level_count; level++) {
        for (uint32_t u = 0; u < b->tree.count[level]; u++) {
            for (int k = 0; k < 10; k++) {
                sum += cube_quantile(b->cube, level, u, k, 0.5, &b->arena) > 0;
            }
        }
    }
    printf("medians of every unit, 10 indicators           %10.3f ms CPU (check %.0f)\n",
           cpu_ms() - begin, sum);
}

int main(int count, char **args)
{
    static struct bench b;
    const char *kernels[] = {"scalar", "AVX2", "AVX-512"};

    for (size_t i = 0; count == 4 && i < COUNT_OF(SHAPES); i++) {
        b.shape = strcmp(SHAPES[i].name, args[3]) == 0 ? &SHAPES[i] : b.shape;
    }
    if (b.shape == NULL) {
        stop("give a library, a directory, and province or nation");
    }
    arena_init(&b.arena, 2 * ARENA_JOB_MAX);
    (void)snprintf(b.csv, sizeof(b.csv), "%s/cube-%s.csv", args[2], b.shape->name);
    make_tree(&b);
    write_csv(&b);
    printf("== %s: %u villages, %d indicators\n", b.shape->name, b.tree.count[0], INDICATORS);
    load_cube(&b);
    double held = held_mib();
    load_duck(&b, args[1], args[2], "INTEGER");
    measure_rolls(&b);
    printf("memory: %.0f MiB before DuckDB, %.0f at the peak\n", held, peak_mib());
    compare_all(&b);
    duck_close(b.duck);
    for (int kernel = 0; kernel < CUBE_KERNELS; kernel++) {
        if (cube_use(b.cube, (enum cube_kernel)kernel)) {
            printf("%-46s %10.3f ms CPU\n", kernels[kernel], roll_ms(&b, 1, 3, cpu_ms));
        }
    }
    measure_updates(&b);
    measure_medians(&b);
    arena_done(&b.arena);
    return b.different == 0 ? 0 : 1;
}
