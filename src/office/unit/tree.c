/* The tree of one day: read in one pass, put in tree order, looked up by hash. */
#include <stdlib.h>

#include "base/num.h"
#include "office/unit/tree.h"
#include "office/unit/unit_sql.h"

/* One slot of the hash from permanent ids to places. */
struct unit_place {
    int64_t id; /* 0: free */
    int place;
};

/* An id under which a unit was written before it was confirmed to be an older one. */
struct alias {
    int64_t id;
    int64_t older;
};

struct loading {
    const struct cx *cx;
    const struct programme *programme;
    struct tree_row *rows;
    int count;
    int room;
    struct alias *aliases; /* by id */
    int alias_count;
};

static size_t longest_ending(const struct programme *programme, int level, str name)
{
    size_t longest = 0;

    for (int k = 0; k < programme->kind_count; k++) {
        const struct kind *kind = &programme->kinds[k];
        for (int i = 0; kind->level == level && i < kind->name_ends.count; i++) {
            str ending = kind->name_ends.at[i];
            if (ending.len > longest && ending.len < name.len && str_ends(name, ending)) {
                longest = ending.len;
            }
        }
    }
    return longest;
}

str unit_base_name(const struct programme *programme, int level, str name)
{
    return str_part(name, 0, name.len - longest_ending(programme, level, name));
}

/* The digits of `code` that no higher level names. */
static str own_digits(const struct programme *programme, int level, str code)
{
    int before = 0;

    for (int i = 0; i < level; i++) {
        if (programme->levels[i].code_digits > before) {
            before = programme->levels[i].code_digits;
        }
    }
    int digits = programme->levels[level].code_digits;
    return digits > before ? str_part(code, (size_t)before, (size_t)(digits - before)) : STR("");
}

int unit_kind_of_code(const struct programme *programme, int level, str code)
{
    int64_t number = -1;
    int any = NONE;

    if (!num_parse_int(own_digits(programme, level, code), 0, INT32_MAX, &number)) {
        number = -1;
    }
    for (int k = 0; k < programme->kind_count; k++) {
        const struct kind *kind = &programme->kinds[k];
        if (kind->level != level) {
            continue;
        }
        if (kind->code_from == 0 && kind->code_to == 0) {
            any = any == NONE ? k : any;
        } else if (kind->code_from <= number && number <= kind->code_to) {
            return k;
        }
    }
    return any;
}

static struct unit_place *slot_of(const struct unit_tree *tree, int64_t id)
{
    size_t at = ((uint64_t)id * 0x9e3779b97f4a7c15U >> 20) & (tree->place_room - 1);

    while (tree->places[at].id != 0 && tree->places[at].id != id) {
        at = (at + 1) & (tree->place_room - 1);
    }
    return &tree->places[at];
}

static void put_place(const struct unit_tree *tree, int64_t id, int place)
{
    *slot_of(tree, id) = (struct unit_place){id, place};
}

static int place_of(const struct unit_tree *tree, int64_t id)
{
    const struct unit_place *slot = slot_of(tree, id);

    return slot->id == 0 ? NONE : slot->place;
}

static size_t room_for(size_t count)
{
    size_t room = 16;

    while (room < count * 2) {
        room *= 2;
    }
    return room;
}

static int by_code(const void *a, const void *b)
{
    const struct tree_row *first = a;
    const struct tree_row *second = b;

    return str_compare(first->unit.code, second->unit.code);
}

/* Hang every row under its parent, the last child first, so that lists come out by code. */
static int link_rows(struct tree_row *rows, int count, const struct unit_tree *tree)
{
    int root = NONE;

    for (int i = count - 1; i >= 0; i--) {
        struct tree_row *row = &rows[i];
        row->parent = row->parent_id == 0 ? NONE : place_of(tree, row->parent_id);
        if (row->parent == NONE) {
            root = i;
            continue;
        }
        row->next = rows[row->parent].first_child;
        rows[row->parent].first_child = i;
    }
    return root;
}

/* Close the subtrees that end with row `at`, and go to the row that follows in tree order. */
static int next_row(const struct tree_row *rows, int at, struct unit *units, int count)
{
    units[rows[at].place].end = count;
    while (rows[at].next == NONE) {
        at = rows[at].parent;
        if (at == NONE) {
            return NONE;
        }
        units[rows[at].place].end = count;
    }
    return rows[at].next;
}

static int place_rows(struct tree_row *rows, int root, struct unit *units)
{
    int count = 0;
    int at = root;

    while (at != NONE) {
        struct tree_row *row = &rows[at];
        row->place = count;
        row->unit.parent = row->parent == NONE ? NONE : rows[row->parent].place;
        units[count++] = row->unit;
        at = row->first_child != NONE ? row->first_child : next_row(rows, at, units, count);
    }
    return count;
}

/* The home of a unit that was read is on record; that of a new one is itself down to the partition
 * level and below it its parent's. */
static void set_homes(const struct unit_tree *tree, struct unit *units, const struct tree_row *rows)
{
    for (int i = 0; i < tree->count; i++) {
        units[rows[i].place].home = rows[i].home_id == 0 ? NONE : place_of(tree, rows[i].home_id);
    }
    for (int i = 0; i < tree->count; i++) {
        struct unit *unit = &units[i];
        if (unit->home == NONE) {
            bool is_below = unit->level > tree->programme->partition && unit->parent != NONE;
            unit->home = is_below ? units[unit->parent].home : i;
        }
    }
}

bool tree_build(const struct cx *cx, struct tree_row *rows, int count, int alias_count,
                struct unit_tree *tree)
{
    struct unit *units = ARENA_NEW(cx->arena, struct unit, (size_t)count);

    qsort(rows, (size_t)count, sizeof(struct tree_row), by_code);
    tree->place_room = room_for((size_t)count + (size_t)alias_count);
    tree->places = ARENA_NEW(cx->arena, struct unit_place, tree->place_room);
    for (int i = 0; i < count; i++) {
        rows[i].first_child = NONE;
        rows[i].next = NONE;
        put_place(tree, rows[i].unit.id.v, i);
    }
    int root = link_rows(rows, count, tree);
    tree->count = place_rows(rows, root, units);
    if (tree->count != count) {
        return false;
    }
    map_init(&tree->codes, cx->arena, (size_t)count);
    for (int i = 0; i < count; i++) {
        put_place(tree, units[i].id.v, i);
        (void)map_put(&tree->codes, units[i].code, i);
    }
    set_homes(tree, units, rows);
    tree->units = units;
    return true;
}

static int by_alias(const void *a, const void *b)
{
    int64_t first = ((const struct alias *)a)->id;
    int64_t second = ((const struct alias *)b)->id;

    return first < second ? -1 : first > second;
}

static int64_t older_id(const struct loading *loading, int64_t id)
{
    const struct alias key = {.id = id};
    const struct alias *found = NULL;

    if (loading->alias_count > 0) {
        found =
            bsearch(&key, loading->aliases, (size_t)loading->alias_count, sizeof(key), by_alias);
    }
    return found == NULL ? id : found->older;
}

static enum rc take_alias(void *self, const struct val *in)
{
    struct loading *loading = self;

    loading->aliases[loading->alias_count++] = (struct alias){in[0].number, in[1].number};
    return RC_OK;
}

static enum rc read_aliases(struct loading *loading)
{
    const struct cx *cx = loading->cx;
    struct val count = {0};

    TRY(db_one(cx->db, &UNIT_ALIAS_COUNT, NULL, &count, cx->arena, cx->err));
    loading->aliases = ARENA_NEW(cx->arena, struct alias, (size_t)count.number);
    return db_each(cx->db, &UNIT_ALIAS_LIST, NULL, take_alias, loading, cx->err);
}

static int kind_by_id(const struct programme *programme, str id)
{
    for (int i = 0; i < programme->kind_count; i++) {
        if (str_equal(programme->kinds[i].id, id)) {
            return i;
        }
    }
    return NONE;
}

static struct tree_row *new_row(struct loading *loading)
{
    if (loading->count == loading->room) {
        int room = loading->room == 0 ? 1024 : loading->room * 2;
        struct tree_row *rows = ARENA_NEW(loading->cx->arena, struct tree_row, (size_t)room);
        for (int i = 0; i < loading->count; i++) {
            rows[i] = loading->rows[i];
        }
        loading->rows = rows;
        loading->room = room;
    }
    return &loading->rows[loading->count++];
}

static enum rc take_row(void *self, const struct val *in)
{
    struct loading *loading = self;
    const struct cx *cx = loading->cx;
    int level = programme_level(loading->programme, in[1].text);

    if (level == NONE) {
        return err_set(cx->err, RC_CONFLICT, MSG_UNIT_LEVEL_UNKNOWN, arg_text(in[1].text),
                       arg_text(in[3].text));
    }
    str name = arena_str(cx->arena, in[4].text);
    *new_row(loading) = (struct tree_row){
        .parent_id = older_id(loading, in[5].number),
        .home_id = older_id(loading, in[6].number),
        .unit =
            {
                .id = {older_id(loading, in[0].number)},
                .code = arena_str(cx->arena, in[3].text),
                .name = name,
                .base = unit_base_name(loading->programme, level, name),
                .level = level,
                .kind = kind_by_id(loading->programme, in[2].text),
            },
    };
    return RC_OK;
}

/* The day of the register that shows the tree at `at`. */
static enum rc register_day(const struct cx *cx, date at, date *out)
{
    const struct val in[] = {v_int(date_key(at))};
    struct val day = {0};

    TRY(db_one(cx->db, &REGISTER_AT, in, &day, cx->arena, cx->err));
    if (day.kind != VAL_INT) {
        TRY(db_one(cx->db, &REGISTER_OLDEST, NULL, &day, cx->arena, cx->err));
    }
    if (day.kind != VAL_INT) {
        return err_set(cx->err, RC_MISSING, MSG_UNIT_NO_REGISTER);
    }
    *out = date_from_key((int32_t)day.number);
    return RC_OK;
}

enum rc unit_tree_load(const struct cx *cx, const struct programme *programme, date at,
                       struct unit_tree *out)
{
    struct loading loading = {.cx = cx, .programme = programme};
    struct unit_tree tree = {.programme = programme, .at = at};

    TRY(register_day(cx, at, &tree.register_day));
    TRY(read_aliases(&loading));
    const struct val in[] = {v_int(date_key(tree.register_day))};
    TRY(db_each(cx->db, &UNIT_SPAN_AT, in, take_row, &loading, cx->err));
    MUST(tree_build(cx, loading.rows, loading.count, loading.alias_count, &tree));
    for (int i = 0; i < loading.alias_count; i++) {
        int place = place_of(&tree, loading.aliases[i].older);
        if (place != NONE) {
            put_place(&tree, loading.aliases[i].id, place);
        }
    }
    *out = tree;
    return RC_OK;
}

int unit_tree_find_id(const struct unit_tree *tree, struct unit_id id)
{
    return place_of(tree, id.v);
}

enum rc unit_of_code(const struct cx *cx, str code, struct unit_id *out)
{
    const struct val in[] = {v_text(code)};
    struct val found = {0};

    TRY(db_one(cx->db, &UNIT_OF_CODE, in, &found, cx->arena, cx->err));
    *out = (struct unit_id){found.number};
    return RC_OK;
}

int unit_tree_find_code(const struct unit_tree *tree, str code)
{
    int64_t place = NONE;

    return map_get(&tree->codes, code, &place) ? (int)place : NONE;
}

int unit_tree_find_name(const struct unit_tree *tree, int within, int level, str name)
{
    str base = unit_base_name(tree->programme, level, name);
    int exact = NONE;
    int similar = NONE;

    for (int i = within + 1; i < tree->units[within].end; i++) {
        const struct unit *unit = &tree->units[i];
        if (unit->level != level || !str_equal(unit->base, base)) {
            continue;
        }
        similar = similar == NONE ? i : UNIT_SEVERAL;
        if (str_equal(unit->name, name)) {
            exact = exact == NONE ? i : UNIT_SEVERAL;
        }
    }
    return exact != NONE ? exact : similar;
}

int unit_tree_above(const struct unit_tree *tree, int place, int level)
{
    while (place != NONE && tree->units[place].level > level) {
        place = tree->units[place].parent;
    }
    return place != NONE && tree->units[place].level == level ? place : NONE;
}

/* Names of scripts that write words apart need something between them; Chinese ones do not. */
static bool needs_gap(str name)
{
    return name.len > 0 && (unsigned char)name.at[name.len - 1] < 0x80;
}

void unit_tree_put_path(const struct unit_tree *tree, int place, struct buf *out)
{
    int path[PROGRAMME_LEVELS_MAX];
    int depth = 0;

    for (int i = place; i != NONE && tree->units[i].parent != NONE; i = tree->units[i].parent) {
        path[depth++] = i;
    }
    while (depth > 0) {
        str name = tree->units[path[--depth]].name;
        buf_put(out, name);
        buf_put(out, depth > 0 && needs_gap(name) ? STR(" / ") : STR(""));
    }
}

struct addresses {
    const struct cx *cx;
    struct unit_address *rows;
    int count;
    int room;
};

static enum rc take_address(void *self, const struct val *in)
{
    struct addresses *to = self;

    if (to->count == to->room) {
        int room = to->room == 0 ? 4 : to->room * 2;
        struct unit_address *rows = ARENA_NEW(to->cx->arena, struct unit_address, (size_t)room);
        for (int i = 0; i < to->count; i++) {
            rows[i] = to->rows[i];
        }
        to->rows = rows;
        to->room = room;
    }
    to->rows[to->count++] = (struct unit_address){{in[0].number}, {in[1].number}};
    return RC_OK;
}

enum rc unit_addresses(const struct cx *cx, struct unit_id unit, struct unit_address **out,
                       int *out_count)
{
    struct addresses addresses = {.cx = cx};
    const struct val in[] = {v_int(unit.v)};

    TRY(db_each(cx->db, &UNIT_ADDRESS_LIST, in, take_address, &addresses, cx->err));
    *out = addresses.rows;
    *out_count = addresses.count;
    return RC_OK;
}
