/* Reducing a problem to what has to be decided. */
#include "calc/solve/engine/model.h"

#include <string.h>

#include "calc/solve/solve.h"

enum { DOMINANCE_OPTIONS_MAX = 512 };

__extension__ typedef __int128 wide;

/* What the total of a problem's row can be: between min and max, in steps from start. */
struct reach {
    int64_t start;
    int64_t step;
    int64_t min;
    int64_t max;
};

/* One group laid out as a table. */
struct sheet {
    int group;
    int options;
    int *option; /* of the problem, numbered over all groups */
    int rows;
    int *row;      /* of the problem */
    int64_t *use;  /* options × rows */
    int *place;    /* [rows of the problem] +1, 0 when the group does not touch it */
    bool *useless; /* [options] */
    int64_t *low;  /* [rows] least use among the options */
    int64_t *high; /* [rows] */
};

struct builder {
    const struct solve_problem *problem;
    struct arena *arena;
    struct model *model;
    struct sheet sheet;
    struct reach *reach; /* [rows of the problem] */
    int *row_plus;       /* [rows of the problem] model row that limits from above, or -1 */
    int *row_minus;      /* the same from below */
    int64_t *kept;       /* [rows of the problem] used by what is decided */
    int64_t rows_room;   /* of model->row_of */
    int64_t use_room;
    int64_t use_count;
    int row_count;
};

static int64_t divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

static void sheet_init(struct builder *b)
{
    const struct solve_problem *p = b->problem;
    int options = 0;

    for (int g = 0; g < p->groups; g++) {
        int n = p->first[g + 1] - p->first[g];
        options = n > options ? n : options;
    }
    b->sheet.option = ARENA_NEW(b->arena, int, (size_t)options);
    b->sheet.useless = ARENA_NEW(b->arena, bool, (size_t)options);
    b->sheet.row = ARENA_NEW(b->arena, int, SOLVE_GROUP_ROWS_MAX);
    b->sheet.low = ARENA_NEW(b->arena, int64_t, SOLVE_GROUP_ROWS_MAX);
    b->sheet.high = ARENA_NEW(b->arena, int64_t, SOLVE_GROUP_ROWS_MAX);
    b->sheet.use = ARENA_NEW(b->arena, int64_t, (size_t)options * SOLVE_GROUP_ROWS_MAX);
    b->sheet.place = ARENA_NEW(b->arena, int, (size_t)p->rows);
}

static void sheet_rows(struct sheet *s, const struct solve_problem *p)
{
    s->rows = 0;
    for (int i = 0; i < s->options; i++) {
        int o = s->option[i];
        for (int64_t u = p->use_first[o]; u < p->use_first[o + 1]; u++) {
            int row = p->use[u].row;
            if (s->place[row] == 0) {
                s->row[s->rows++] = row;
                s->place[row] = s->rows;
            }
        }
    }
}

static void sheet_uses(struct sheet *s, const struct solve_problem *p)
{
    memset(s->use, 0, (size_t)s->options * (size_t)s->rows * sizeof(*s->use));
    for (int i = 0; i < s->options; i++) {
        int o = s->option[i];
        for (int64_t u = p->use_first[o]; u < p->use_first[o + 1]; u++) {
            s->use[i * s->rows + s->place[p->use[u].row] - 1] = p->use[u].amount;
        }
    }
    for (int k = 0; k < s->rows; k++) {
        s->place[s->row[k]] = 0;
        s->low[k] = s->high[k] = s->use[k];
        for (int i = 1; i < s->options; i++) {
            int64_t use = s->use[i * s->rows + k];
            s->low[k] = use < s->low[k] ? use : s->low[k];
            s->high[k] = use > s->high[k] ? use : s->high[k];
        }
    }
}

/* Lay out the options of a group that may be taken. */
static void sheet_fill(struct builder *b, int group)
{
    struct sheet *s = &b->sheet;
    const struct solve_problem *p = b->problem;

    s->group = group;
    s->options = 0;
    for (int o = p->first[group]; o < p->first[group + 1]; o++) {
        if (solve_allowed(p, group, o)) {
            s->option[s->options++] = o;
        }
    }
    sheet_rows(s, p);
    if (s->options > 0) {
        sheet_uses(s, p);
    }
}

static void reach_add(struct builder *b)
{
    const struct sheet *s = &b->sheet;

    for (int k = 0; k < s->rows; k++) {
        struct reach *reach = &b->reach[s->row[k]];
        reach->start += s->use[k];
        reach->min += s->low[k];
        reach->max += s->high[k];
        for (int i = 1; i < s->options && reach->step != 1; i++) {
            reach->step = divisor(s->use[i * s->rows + k] - s->use[k], reach->step);
        }
    }
}

/* The greatest total ≤ limit that the steps reach; for at least, called with everything negated. */
static int64_t reached(int64_t limit, int64_t start, int64_t step)
{
    if (step <= 1) {
        return limit;
    }
    int64_t rest = (limit - start) % step;
    return limit - (rest < 0 ? rest + step : rest);
}

static int add_row(struct builder *b, int row, int sign)
{
    const struct reach *reach = &b->reach[row];
    struct model *m = b->model;
    int64_t limit = reached(sign * b->problem->limit[row], sign * reach->start, reach->step);

    if ((sign > 0 ? reach->min : -reach->max) > limit) {
        m->impossible = true;
    }
    if ((sign > 0 ? reach->max : -reach->min) <= limit) {
        return -1; /* holds whatever is chosen */
    }
    m->row_origin[m->rows] = row;
    m->row_sign[m->rows] = sign;
    m->limit[m->rows] = limit;
    return m->rows++;
}

static void add_rows(struct builder *b)
{
    const struct solve_problem *p = b->problem;
    struct model *m = b->model;

    m->limit = ARENA_NEW(b->arena, int64_t, (size_t)p->rows * 2);
    m->row_origin = ARENA_NEW(b->arena, int, (size_t)p->rows * 2);
    m->row_sign = ARENA_NEW(b->arena, int, (size_t)p->rows * 2);
    for (int r = 0; r < p->rows; r++) {
        b->row_plus[r] = p->sense[r] != SOLVE_AT_LEAST ? add_row(b, r, 1) : -1;
        b->row_minus[r] = p->sense[r] != SOLVE_AT_MOST ? add_row(b, r, -1) : -1;
    }
}

/* Does option j do at least as well as option i everywhere? Of equals the first is kept. */
static bool makes_useless(const struct builder *b, int j, int i)
{
    const struct sheet *s = &b->sheet;
    const int64_t *use_j = s->use + (size_t)j * (size_t)s->rows;
    const int64_t *use_i = s->use + (size_t)i * (size_t)s->rows;
    int64_t gain = b->problem->value[s->option[j]] - b->problem->value[s->option[i]];
    bool equal = gain == 0;

    if (gain < 0) {
        return false;
    }
    for (int k = 0; k < s->rows; k++) {
        int row = s->row[k];
        if ((use_j[k] > use_i[k] && b->row_plus[row] >= 0) ||
            (use_j[k] < use_i[k] && b->row_minus[row] >= 0)) {
            return false;
        }
        equal = equal && (use_j[k] == use_i[k] || (b->row_plus[row] < 0 && b->row_minus[row] < 0));
    }
    return !equal || j < i;
}

static void drop_useless(struct builder *b)
{
    struct sheet *s = &b->sheet;
    int kept = 0;

    if (s->options > DOMINANCE_OPTIONS_MAX) {
        return;
    }
    for (int i = 0; i < s->options; i++) {
        s->useless[i] = false;
        for (int j = 0; j < s->options && !s->useless[i]; j++) {
            s->useless[i] = j != i && makes_useless(b, j, i);
        }
    }
    for (int i = 0; i < s->options; i++) {
        if (!s->useless[i]) {
            memmove(s->use + (size_t)kept * (size_t)s->rows, s->use + (size_t)i * (size_t)s->rows,
                    (size_t)s->rows * sizeof(*s->use));
            s->option[kept++] = s->option[i];
        }
    }
    s->options = kept;
}

/* Room for one more group: rows twice over (an equality has two), uses options times that. */
static void room_for_sheet(struct builder *b)
{
    struct model *m = b->model;
    const struct sheet *s = &b->sheet;

    while (b->row_count + 2 * s->rows > b->rows_room) {
        int *rows = ARENA_NEW(b->arena, int, (size_t)b->rows_room * 2 + 1024);
        memcpy(rows, m->row_of, (size_t)b->row_count * sizeof(*rows));
        m->row_of = rows;
        b->rows_room = b->rows_room * 2 + 1024;
    }
    while (b->use_count + (int64_t)s->options * 2 * s->rows > b->use_room) {
        int64_t *use = ARENA_NEW(b->arena, int64_t, (size_t)b->use_room * 2 + 4096);
        memcpy(use, m->use, (size_t)b->use_count * sizeof(*use));
        m->use = use;
        b->use_room = b->use_room * 2 + 4096;
    }
}

static void keep_option(struct builder *b)
{
    const struct sheet *s = &b->sheet;
    int option = s->option[0];

    b->model->value_kept += b->problem->value[option];
    b->model->pick_kept[s->group] = option - b->problem->first[s->group];
    for (int k = 0; k < s->rows; k++) {
        b->kept[s->row[k]] += s->use[k];
    }
}

/* A row of the group in the model: from which column and with which sign its uses come. */
struct source {
    int row;
    int column;
    int sign;
};

static int put_source(struct source *source, int count, struct source new)
{
    int at = count;

    if (new.row < 0) {
        return count;
    }
    for (; at > 0 && source[at - 1].row > new.row; at--) {
        source[at] = source[at - 1];
    }
    source[at] = new;
    return count + 1;
}

static bool column_differs(const struct sheet *s, int column)
{
    for (int i = 1; i < s->options; i++) {
        if (s->use[i * s->rows + column] != s->use[column]) {
            return true;
        }
    }
    return false;
}

/* The rows of the group in the model, ascending. A row in which all options agree is decided. */
static int group_rows(struct builder *b, struct source *source)
{
    const struct sheet *s = &b->sheet;
    int rows = 0;

    for (int k = 0; k < s->rows; k++) {
        int row = s->row[k];
        if (!column_differs(s, k)) {
            b->kept[row] += s->use[k];
            continue;
        }
        rows = put_source(source, rows, (struct source){b->row_plus[row], k, 1});
        rows = put_source(source, rows, (struct source){b->row_minus[row], k, -1});
    }
    return rows;
}

static void add_group(struct builder *b)
{
    struct model *m = b->model;
    const struct sheet *s = &b->sheet;
    struct source source[2 * SOLVE_GROUP_ROWS_MAX];

    room_for_sheet(b);
    int rows = group_rows(b, source);
    for (int k = 0; k < rows; k++) {
        m->row_of[b->row_count + k] = source[k].row;
    }
    m->use_first[m->groups] = b->use_count;
    for (int i = 0; i < s->options; i++) {
        m->value[m->options] = b->problem->value[s->option[i]];
        m->option_origin[m->options] = s->option[i] - b->problem->first[s->group];
        m->options++;
        for (int k = 0; k < rows; k++) {
            m->use[b->use_count++] = source[k].sign * s->use[i * s->rows + source[k].column];
        }
    }
    b->row_count += rows;
    m->group_origin[m->groups] = s->group;
    m->pick_kept[s->group] = SOLVE_FREE;
    m->groups++;
    m->first[m->groups] = m->options;
    m->rows_first[m->groups] = b->row_count;
}

/* The groups in order of their blocks, which may have any numbers: first by sorting pairs. */
struct place {
    int block;
    int group;
};

static int by_block(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;

    if (x->block != y->block) {
        return x->block < y->block ? -1 : 1;
    }
    return x->group < y->group ? -1 : x->group > y->group;
}

static struct place *places_of(const struct solve_problem *p, struct arena *arena)
{
    struct place *places = ARENA_NEW(arena, struct place, (size_t)p->groups);
    bool sorted = true;

    for (int g = 0; g < p->groups; g++) {
        places[g] = (struct place){p->block[g], g};
        sorted = sorted && (g == 0 || p->block[g] >= p->block[g - 1]);
    }
    if (!sorted) {
        qsort(places, (size_t)p->groups, sizeof(*places), by_block);
    }
    return places;
}

static void add_groups(struct builder *b)
{
    struct model *m = b->model;
    const struct place *places = places_of(b->problem, b->arena);

    for (int i = 0; i < b->problem->groups; i++) {
        int before = m->groups;
        sheet_fill(b, places[i].group);
        if (b->sheet.options == 0) {
            continue;
        }
        drop_useless(b);
        if (b->sheet.options == 1) {
            keep_option(b);
        } else {
            add_group(b);
        }
        bool new_block = m->blocks == 0 || places[i].block != m->block_first[m->blocks];
        if (m->groups > before && new_block) {
            m->block_first[m->blocks++] = before;
            m->block_first[m->blocks] = places[i].block; /* which one is open, until the next */
        }
    }
    m->block_first[m->blocks] = m->groups;
}

static void model_room(struct builder *b)
{
    const struct solve_problem *p = b->problem;
    struct model *m = b->model;
    size_t groups = (size_t)p->groups + 1;

    b->reach = ARENA_NEW(b->arena, struct reach, (size_t)p->rows);
    b->row_plus = ARENA_NEW(b->arena, int, (size_t)p->rows);
    b->row_minus = ARENA_NEW(b->arena, int, (size_t)p->rows);
    b->kept = ARENA_NEW(b->arena, int64_t, (size_t)p->rows);
    b->rows_room = 1024;
    b->use_room = p->use_first[p->options] + 4096;
    m->block_first = ARENA_NEW(b->arena, int, groups + 1);
    m->first = ARENA_NEW(b->arena, int, groups);
    m->rows_first = ARENA_NEW(b->arena, int, groups);
    m->use_first = ARENA_NEW(b->arena, int64_t, groups);
    m->row_of = ARENA_NEW(b->arena, int, (size_t)b->rows_room);
    m->use = ARENA_NEW(b->arena, int64_t, (size_t)b->use_room);
    m->value = ARENA_NEW(b->arena, int64_t, (size_t)p->options);
    m->option_origin = ARENA_NEW(b->arena, int, (size_t)p->options);
    m->group_origin = ARENA_NEW(b->arena, int, groups);
    m->pick_kept = ARENA_NEW(b->arena, int, groups);
}

void model_find_blocks(struct model *m, struct arena *arena)
{
    bool *seen = ARENA_NEW(arena, bool, (size_t)m->rows);

    m->row_block = ARENA_NEW(arena, int, (size_t)m->rows);
    for (int b = 0; b < m->blocks; b++) {
        for (int i = m->rows_first[m->block_first[b]]; i < m->rows_first[m->block_first[b + 1]];
             i++) {
            int row = m->row_of[i];
            m->row_block[row] = seen[row] && m->row_block[row] != b ? MODEL_SHARED : b;
            seen[row] = true;
        }
    }
}

void model_of(const struct solve_problem *problem, struct arena *arena, struct model *out)
{
    struct builder b = {.problem = problem, .arena = arena, .model = out};

    *out = (struct model){0};
    model_room(&b);
    sheet_init(&b);
    for (int g = 0; g < problem->groups; g++) {
        sheet_fill(&b, g);
        out->impossible = out->impossible || b.sheet.options == 0;
        reach_add(&b);
    }
    add_rows(&b);
    add_groups(&b);
    model_find_blocks(out, arena);
    for (int r = 0; r < out->rows; r++) {
        out->limit[r] -= out->row_sign[r] * b.kept[out->row_origin[r]];
    }
}

/* What is left of an option's value when its uses are paid, scaled. */
static wide worth_of(const struct model *m, const int64_t *prices, int group, int option)
{
    const int *row = m->row_of + m->rows_first[group];
    const int64_t *use = model_use(m, group, option);
    int rows = model_rows(m, group);
    wide worth = (wide)m->value[m->first[group] + option] * ((wide)1 << SOLVE_PRICE_BITS);

    for (int k = 0; k < rows; k++) {
        worth -= (wide)prices[row[k]] * use[k];
    }
    return worth;
}

static int64_t whole_units(wide total)
{
    wide units = total >> SOLVE_PRICE_BITS; /* values are whole: the floor still bounds */

    if (units > INT64_MAX) {
        return INT64_MAX;
    }
    return units < INT64_MIN ? INT64_MIN : (int64_t)units;
}

int64_t model_bound(const struct model *m, const int64_t *prices, double *loss, int *best)
{
    wide total = (wide)m->value_kept * ((wide)1 << SOLVE_PRICE_BITS);

    for (int r = 0; r < m->rows; r++) {
        total += (wide)prices[r] * m->limit[r];
    }
    for (int g = 0; g < m->groups; g++) {
        int options = model_options(m, g);
        wide top = worth_of(m, prices, g, 0);
        best[g] = 0;
        for (int j = 1; j < options; j++) {
            wide worth = worth_of(m, prices, g, j);
            if (worth > top) {
                top = worth;
                best[g] = j;
            }
        }
        for (int j = 0; j < options; j++) {
            wide short_by = top - worth_of(m, prices, g, j);
            loss[m->first[g] + j] = (double)short_by / (1 << SOLVE_PRICE_BITS);
        }
        total += top;
    }
    return whole_units(total);
}

void choice_init(const struct model *m, struct arena *arena, struct choice *out)
{
    *out = (struct choice){
        .pick = ARENA_NEW(arena, int, (size_t)m->groups),
        .left = ARENA_NEW(arena, int64_t, (size_t)m->rows),
    };
}

void choice_move(const struct model *m, struct choice *choice, int group, int option)
{
    const int *row = m->row_of + m->rows_first[group];
    const int64_t *before = model_use(m, group, choice->pick[group]);
    const int64_t *after = model_use(m, group, option);
    int rows = model_rows(m, group);

    for (int k = 0; k < rows; k++) {
        choice->left[row[k]] += before[k] - after[k];
    }
    choice->value +=
        m->value[m->first[group] + option] - m->value[m->first[group] + choice->pick[group]];
    choice->pick[group] = option;
}

bool choice_fits(const struct model *m, const struct choice *choice)
{
    for (int r = 0; r < m->rows; r++) {
        if (choice->left[r] < 0) {
            return false;
        }
    }
    return true;
}

bool choice_take(const struct model *m, struct choice *choice, const int *pick)
{
    choice->value = 0;
    memcpy(choice->left, m->limit, (size_t)m->rows * sizeof(*choice->left));
    for (int g = 0; g < m->groups; g++) {
        const int *row = m->row_of + m->rows_first[g];
        const int64_t *use = model_use(m, g, pick[g]);
        int rows = model_rows(m, g);
        for (int k = 0; k < rows; k++) {
            choice->left[row[k]] -= use[k];
        }
        choice->value += m->value[m->first[g] + pick[g]];
        choice->pick[g] = pick[g];
    }
    choice->any = choice_fits(m, choice);
    return choice->any;
}

void choice_copy(const struct model *m, struct choice *to, const struct choice *from)
{
    to->any = from->any;
    to->value = from->value;
    memcpy(to->pick, from->pick, (size_t)m->groups * sizeof(*to->pick));
    memcpy(to->left, from->left, (size_t)m->rows * sizeof(*to->left));
}
