/* What happens to the invented units between two registers, with the truth known. */
#include "demo/demo_in.h"

/* What may befall a village that stays, in ten thousandths a year. */
struct fate {
    enum lineage_kind kind;
    int chance;
};
static const struct fate FATES[] = {
    {LINEAGE_RENAME, 40},
    {LINEAGE_RECODE, 30},
    {LINEAGE_TRANSFER, 20},
};

enum {
    TOWNSHIP_CHANCE = 60,  /* that a township is joined to the one before it */
    SPELLING_CHANCE = 400, /* that a county spells the endings of its villages out */
    SURE_EVERY = 2,        /* in the sure township every second village meets its fate in turn */
};

struct changing {
    struct demo_world *world;
    struct arena *arena;
    int year;
    bool *is_touched; /* by unit: nothing befalls one unit twice in a year */
    int *numbers;     /* by township: codes given so far, villages and residents */
    int *names;       /* by township: names given so far */
};

static struct demo_face *face_of(const struct changing *in, int unit)
{
    return &in->world->units[unit].faces[in->year];
}

/* From this year on the unit looks so. */
static void set_face(const struct changing *in, int unit, struct demo_face face)
{
    for (int year = in->year; year < DEMO_YEARS; year++) {
        in->world->units[unit].faces[year] = face;
    }
    in->is_touched[unit] = true;
}

static void tell(const struct changing *in, enum lineage_kind kind, int unit, int into)
{
    struct demo_world *world = in->world;

    MUST(world->change_count < DEMO_CHANGES_MAX);
    world->changes[world->change_count++] = (struct demo_change){in->year, kind, unit, into};
}

static str fresh_code(const struct changing *in, int township, bool is_village)
{
    int number = ++in->numbers[2 * township + (is_village ? 1 : 0)];
    str head = str_part(face_of(in, township)->code, 0, 9);

    return demo_code(in->arena, head, number, "");
}

static str fresh_name(const struct changing *in, int township, str ending)
{
    return demo_village_name(in->world, township, in->names[township]++, ending, in->arena);
}

static void end(const struct changing *in, int unit)
{
    struct demo_face face = *face_of(in, unit);

    face.is_there = false;
    set_face(in, unit, face);
}

static str ending_of(str name)
{
    static const str ENDINGS[] = {STR_INIT("村民委员会"), STR_INIT("村委会")};

    for (size_t i = 0; i < COUNT_OF(ENDINGS); i++) {
        if (str_ends(name, ENDINGS[i])) {
            return ENDINGS[i];
        }
    }
    return STR("社区居委会");
}

static str base_of(str name)
{
    return str_part(name, 0, name.len - ending_of(name).len);
}

/* Is a village of the township called as `unit` is? */
static bool has_name(const struct changing *in, int township, int unit)
{
    str base = base_of(face_of(in, unit)->name);

    for (int i = 0; i < in->world->count; i++) {
        const struct demo_face *face = face_of(in, i);
        bool is_same = in->world->units[i].level == VILLAGE && face->parent == township &&
                       str_equal(base_of(face->name), base);
        if (is_same) {
            return true;
        }
    }
    return false;
}

/* The people of a village that ends live in the one that took it in. */
static void join(const struct changing *in, int unit, int into)
{
    struct demo_unit *units = in->world->units;

    for (int year = in->year; year < DEMO_YEARS; year++) {
        units[into].people[year] += units[unit].people[year];
    }
    in->is_touched[into] = true;
    end(in, unit);
    tell(in, LINEAGE_MERGE, unit, into);
}

static void move(const struct changing *in, int unit, int township)
{
    struct demo_face face = *face_of(in, unit);

    face.parent = township;
    face.code = fresh_code(in, township, face.is_village);
    set_face(in, unit, face);
    tell(in, LINEAGE_TRANSFER, unit, NONE);
}

static void change_face(const struct changing *in, int unit, enum lineage_kind kind)
{
    struct demo_face face = *face_of(in, unit);
    str ending = ending_of(face.name);

    if (kind == LINEAGE_RENAME) {
        face.name = fresh_name(in, face.parent, ending);
    } else {
        face.is_village = face.is_village && kind != LINEAGE_UPGRADE;
        face.code = fresh_code(in, face.parent, face.is_village);
    }
    if (kind == LINEAGE_UPGRADE) {
        face.name = JOIN(in->arena, base_of(face.name), STR("社区居委会"));
    }
    set_face(in, unit, face);
    tell(in, kind, unit, NONE);
}

/* A village of the same township that can take another in: the nearest before it. */
static int village_before(const struct changing *in, int unit)
{
    int township = face_of(in, unit)->parent;

    for (int i = unit - 1; i > 0; i--) {
        const struct demo_face *face = face_of(in, i);
        bool is_one = face->is_there && face->is_village && face->parent == township &&
                      in->world->units[i].last_year != in->year;
        if (is_one) {
            return i;
        }
    }
    return NONE;
}

/* The next township of the county. */
static int township_after(const struct changing *in, int unit)
{
    int township = face_of(in, unit)->parent;

    for (int i = township + 1; i < in->world->count; i++) {
        const struct demo_face *face = face_of(in, i);
        bool is_one = in->world->units[i].level == TOWNSHIP && face->is_there &&
                      face->parent == face_of(in, township)->parent && !in->is_touched[i];
        if (is_one) {
            return i;
        }
    }
    return NONE;
}

static void merge(const struct changing *in, int unit)
{
    int into = village_before(in, unit);

    MUST(into != NONE);
    join(in, unit, into);
}

static void transfer(const struct changing *in, int unit)
{
    int township = township_after(in, unit);

    if (township != NONE && !has_name(in, township, unit)) {
        move(in, unit, township);
    }
}

static void befall(const struct changing *in, int unit, enum lineage_kind kind)
{
    if (kind == LINEAGE_MERGE) {
        merge(in, unit);
    } else if (kind == LINEAGE_TRANSFER) {
        transfer(in, unit);
    } else if (kind == LINEAGE_ABOLISH) {
        end(in, unit);
        tell(in, kind, unit, NONE);
    } else {
        change_face(in, unit, kind);
    }
}

/* `ordinal` of the village in the township where each fate comes in its turn. */
static void change_village(const struct changing *in, int unit, int ordinal)
{
    struct dice dice = dice_of(in->world->options.seed, SALT_FATE, unit, in->year);
    int roll = dice_below(&dice, CHANCES);
    int turn = ordinal % SURE_EVERY == 0 ? ordinal / SURE_EVERY : NONE;

    for (int i = 0; i < (int)COUNT_OF(FATES); i++) {
        roll -= FATES[i].chance;
        if (roll < 0 || i == turn) {
            befall(in, unit, FATES[i].kind);
            return;
        }
    }
}

/* The villages of a township that ends go under the one before it. */
static void join_township(const struct changing *in, int township, int into)
{
    end(in, township);
    tell(in, LINEAGE_MERGE, township, into);
    in->is_touched[into] = true;
    for (int i = township + 1; i < in->world->count; i++) {
        const struct demo_face *face = face_of(in, i);
        if (face->is_there && face->parent == township && in->world->units[i].level == VILLAGE) {
            move(in, i, into);
        }
    }
}

/* No two villages of both townships are called alike, and none begins or ends this year anyway. */
static bool can_join(const struct changing *in, int township, int into)
{
    for (int i = township + 1; i < in->world->count; i++) {
        const struct demo_face *face = face_of(in, i);
        bool is_inside = in->world->units[i].level == VILLAGE && face->parent == township;
        bool is_moving = in->world->units[i].last_year == in->year ||
                         face->is_there != in->world->units[i].faces[in->year - 1].is_there;
        if (is_inside && (is_moving || has_name(in, into, i))) {
            return false;
        }
    }
    return true;
}

static bool happens(const struct changing *in, int unit, int chance)
{
    struct dice dice = dice_of(in->world->options.seed, SALT_FATE, -1 - unit, in->year);

    return dice_below(&dice, CHANCES) < chance;
}

static void change_township(const struct changing *in, int township, int before)
{
    bool may = before != NONE && !in->is_touched[before] && township != in->world->sure &&
               face_of(in, before)->parent == face_of(in, township)->parent;

    if (may && happens(in, township, TOWNSHIP_CHANCE) && can_join(in, township, before)) {
        join_township(in, township, before);
    }
}

/* A whole county writes 村民委员会 for 村委会: another spelling, no change of units. */
static void spell_out(const struct changing *in, int county)
{
    str ending = STR("村委会");

    for (int i = county + 1; i < in->world->count; i++) {
        struct demo_face face = *face_of(in, i);
        bool is_in = in->world->units[i].level == VILLAGE && face.is_there &&
                     face_of(in, face.parent)->parent == county && !in->is_touched[i];
        if (is_in && str_ends(face.name, ending)) {
            face.name = JOIN(in->arena, base_of(face.name), STR("村民委员会"));
            set_face(in, i, face);
        }
    }
}

static void change_townships(const struct changing *in)
{
    int before = NONE;

    for (int i = 0; i < in->world->count; i++) {
        if (face_of(in, i)->is_there && in->world->units[i].level == TOWNSHIP) {
            change_township(in, i, before);
            before = face_of(in, i)->is_there ? i : before;
        }
    }
}

/* Villages that begin or end this year. */
static void change_number(const struct changing *in)
{
    const struct demo_world *world = in->world;

    for (int i = 0; i < world->count; i++) {
        bool is_new = face_of(in, i)->is_there && !world->units[i].faces[in->year - 1].is_there;
        if (is_new) {
            in->is_touched[i] = true;
            tell(in, LINEAGE_CREATE, i, NONE);
        }
        if (world->units[i].last_year == in->year && !in->is_touched[i]) {
            befall(in, i, world->units[i].end);
        }
    }
}

static void change_villages(const struct changing *in)
{
    const struct demo_world *world = in->world;
    int ordinal = 0;

    for (int i = 0; i < world->count; i++) {
        const struct demo_face *face = face_of(in, i);
        bool may = world->units[i].level == VILLAGE && face->is_there && face->is_village &&
                   world->units[i].last_year == 0 && !in->is_touched[i] &&
                   !in->is_touched[face->parent];
        if (may) {
            change_village(in, i, face->parent == world->sure ? ordinal++ : 1);
        }
    }
}

static void change_year(const struct changing *in)
{
    change_townships(in);
    change_number(in);
    change_villages(in);
    for (int i = 0; i < in->world->count; i++) {
        if (in->world->units[i].level == COUNTY && happens(in, i, SPELLING_CHANCE)) {
            spell_out(in, i);
        }
    }
}

/* How far the codes and names of each township are given out. */
static void begin(const struct changing *in)
{
    const struct demo_world *world = in->world;

    for (int i = 0; i < world->count; i++) {
        const struct demo_face *face = &world->units[i].faces[DEMO_LAST];
        if (world->units[i].level == TOWNSHIP) {
            in->numbers[2 * i + 1] = 199;
        } else if (world->units[i].level == VILLAGE) {
            in->names[face->parent]++;
            in->numbers[2 * face->parent + (face->is_village ? 1 : 0)]++;
        }
    }
}

void demo_change_all(struct demo_world *world, struct arena *arena)
{
    size_t room = (size_t)world->count;
    struct changing in = {
        .world = world,
        .arena = arena,
        .numbers = ARENA_NEW(arena, int, 2 * room),
        .names = ARENA_NEW(arena, int, room),
    };

    begin(&in);
    for (in.year = 1; in.year < DEMO_YEARS; in.year++) {
        in.is_touched = ARENA_NEW(arena, bool, room);
        change_year(&in);
    }
}
