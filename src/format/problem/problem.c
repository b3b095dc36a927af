/* Problem files: where things stand is looked up first, so that their order does not matter. */
#include "format/problem/problem.h"

#include "base/map.h"
#include "base/num.h"
#include "format/json/read.h"

/* Numbers without a name of their own are called by their place: "0", "1"… */
enum { PLACE_TEXT_MAX = 16, ROOM_FIRST = 256 };

struct reading {
    struct json_reader json;
    const struct problem_sink *sink;
    struct arena *arena;
    struct arena scratch; /* of one group */
    struct err *err;

    struct problem_resource *resources;
    int resource_count;
    struct map resource_places;
    int *last_option; /* [resources] number + 1 of the latest option that uses it */
    struct map blocks;

    str *groups;
    int *first;
    int group_count;
    int group_room;
    struct map group_places;
    str *options;
    int option_count;
    int option_room;
    int64_t use_count;
    int decimals;
};

/* A map's keys, and where the values of those that were seen begin. */
enum { KEYS_MAX = 5 }; /* those of a group, and of the document */

struct keys {
    const str *names;
    int count;
    unsigned seen;
    struct json_reader at[KEYS_MAX]; /* before the value */
    struct json_reader map;          /* at the map itself, for what is missing */
};

static bool was_seen(const struct keys *keys, int key)
{
    return (keys->seen >> key & 1U) != 0;
}

static str nearest_key(const struct keys *keys, str name)
{
    str best = keys->names[0];
    size_t distance = STR_NONE;

    for (int i = 0; i < keys->count; i++) {
        size_t now = str_distance(name, keys->names[i], name.len + 16);
        if (now < distance) {
            distance = now;
            best = keys->names[i];
        }
    }
    return best;
}

static enum rc note_key(struct reading *in, struct keys *keys)
{
    const struct json_reader *json = &in->json;

    for (int i = 0; i < keys->count; i++) {
        if (!str_equal(json->text, keys->names[i])) {
            continue;
        }
        if (was_seen(keys, i)) {
            return json_refuse(json, RC_INVALID, MSG_PROBLEM_TWICE, arg_text(json->text), ARG_LAST);
        }
        keys->seen |= 1U << i;
        keys->at[i] = *json;
        return RC_OK;
    }
    return json_refuse(json, RC_INVALID, MSG_PROBLEM_KEY, arg_text(json->text),
                       arg_text(nearest_key(keys, json->text)));
}

/* Walk over the map that was just opened, noting where the value of every key is. */
static enum rc find_keys(struct reading *in, struct keys *keys)
{
    bool is_key = false;

    keys->map = in->json;
    TRY(json_next_key(&in->json, &is_key));
    while (is_key) {
        TRY(note_key(in, keys));
        TRY(json_skip(&in->json));
        TRY(json_next_key(&in->json, &is_key));
    }
    return RC_OK;
}

/* Go to the value of a key that must be there. */
static enum rc go_to(struct reading *in, const struct keys *keys, int key)
{
    if (!was_seen(keys, key)) {
        return json_refuse(&keys->map, RC_INVALID, MSG_PROBLEM_MISSING, arg_text(keys->names[key]),
                           ARG_LAST);
    }
    in->json = keys->at[key];
    return RC_OK;
}

/* `old` with room for twice as many. */
static void *grown(struct arena *arena, const void *old, int room, size_t size)
{
    char *wide = arena_take_many(arena, room == 0 ? ROOM_FIRST : 2 * (size_t)room, size);

    if (room > 0) {
        memcpy(wide, old, (size_t)room * size);
    }
    return wide;
}

static enum rc too_many(struct reading *in, enum msg_id what, int64_t max)
{
    return json_refuse(&in->json, RC_LIMIT, MSG_PROBLEM_TOO_MANY, arg_msg(what), arg_count(max));
}

/* A name: text, or a number taken as it is written. */
static enum rc read_name(struct reading *in, str *out)
{
    TRY(json_next(&in->json));
    if ((in->json.token != JSON_TEXT && in->json.token != JSON_NUMBER) || in->json.text.len == 0) {
        return json_refuse(&in->json, RC_INVALID, MSG_PROBLEM_NAME, ARG_LAST, ARG_LAST);
    }
    *out = in->json.text;
    return RC_OK;
}

static enum rc read_name_or_place(struct reading *in, const struct keys *keys, int key, int place,
                                  str *out)
{
    char text[NUM_TEXT_MAX];

    if (was_seen(keys, key)) {
        in->json = keys->at[key];
        return read_name(in, out);
    }
    *out = arena_str(in->arena, num_print(text, place, 0));
    return RC_OK;
}

/* 1, 10, 100… as decimals. */
static enum rc read_scale(struct reading *in, const struct keys *keys, int key, int *out_decimals)
{
    int64_t scale = 1;

    *out_decimals = 0;
    if (!was_seen(keys, key)) {
        return RC_OK;
    }
    in->json = keys->at[key];
    TRY(json_expect_int(&in->json, 1, num_pow10(PROBLEM_DECIMALS_MAX), &scale));
    while (*out_decimals < PROBLEM_DECIMALS_MAX && num_pow10(*out_decimals) < scale) {
        (*out_decimals)++;
    }
    if (num_pow10(*out_decimals) != scale) {
        return json_refuse(&in->json, RC_INVALID, MSG_PROBLEM_SCALE, arg_text(in->json.text),
                           ARG_LAST);
    }
    return RC_OK;
}

/* --- resources --- */

enum { RESOURCE_ID, RESOURCE_SENSE, RESOURCE_LIMIT, RESOURCE_SCALE, RESOURCE_KEYS };
static const str RESOURCE_NAMES[RESOURCE_KEYS] = {
    [RESOURCE_ID] = STR_INIT("id"),
    [RESOURCE_SENSE] = STR_INIT("sense"),
    [RESOURCE_LIMIT] = STR_INIT("limit"),
    [RESOURCE_SCALE] = STR_INIT("scale"),
};

static enum rc read_sense(struct reading *in, enum problem_sense *out)
{
    static const str SENSES[] = {
        [PROBLEM_AT_MOST] = STR_INIT("le"),
        [PROBLEM_AT_LEAST] = STR_INIT("ge"),
        [PROBLEM_EQUAL] = STR_INIT("eq"),
    };

    TRY(json_expect(&in->json, JSON_TEXT));
    for (size_t i = 0; i < COUNT_OF(SENSES); i++) {
        if (str_equal(in->json.text, SENSES[i])) {
            *out = (enum problem_sense)i;
            return RC_OK;
        }
    }
    return json_refuse(&in->json, RC_INVALID, MSG_PROBLEM_SENSE, arg_text(in->json.text), ARG_LAST);
}

static enum rc read_resource(struct reading *in, struct problem_resource *out)
{
    struct keys keys = {.names = RESOURCE_NAMES, .count = RESOURCE_KEYS};

    TRY(find_keys(in, &keys));
    const struct json_reader end = in->json;
    TRY(read_name_or_place(in, &keys, RESOURCE_ID, in->resource_count, &out->id));
    if (!map_put(&in->resource_places, out->id, in->resource_count)) {
        return json_refuse(&in->json, RC_INVALID, MSG_PROBLEM_TWICE, arg_text(out->id), ARG_LAST);
    }
    if (was_seen(&keys, RESOURCE_SENSE)) {
        in->json = keys.at[RESOURCE_SENSE];
        TRY(read_sense(in, &out->sense));
    }
    TRY(read_scale(in, &keys, RESOURCE_SCALE, &out->decimals));
    TRY(go_to(in, &keys, RESOURCE_LIMIT));
    TRY(json_expect_int(&in->json, -PROBLEM_NUMBER_MAX, PROBLEM_NUMBER_MAX, &out->limit));
    in->json = end;
    return RC_OK;
}

/* The token of the next item of a list, which must be a map; false at the end of the list. */
static enum rc next_map(struct reading *in, bool *out_is_map)
{
    TRY(json_next(&in->json));
    *out_is_map = in->json.token == JSON_MAP;
    if (in->json.token != JSON_MAP && in->json.token != JSON_LIST_END) {
        return json_refuse(&in->json, RC_INVALID, MSG_JSON_EXPECTED, arg_msg(MSG_JSON_A_MAP),
                           ARG_LAST);
    }
    return RC_OK;
}

static enum rc read_resources(struct reading *in)
{
    bool is_map = false;
    int room = 0;

    TRY(json_expect(&in->json, JSON_LIST));
    TRY(next_map(in, &is_map));
    while (is_map) {
        if (in->resource_count == PROBLEM_RESOURCES_MAX) {
            return too_many(in, MSG_PROBLEM_RESOURCES, PROBLEM_RESOURCES_MAX);
        }
        if (in->resource_count == room) {
            in->resources = grown(in->arena, in->resources, room, sizeof(*in->resources));
            room = room == 0 ? ROOM_FIRST : 2 * room;
        }
        struct problem_resource *resource = &in->resources[in->resource_count];
        TRY(read_resource(in, resource));
        TRY(in->sink->resource(in->sink->self, resource));
        in->resource_count++;
        TRY(next_map(in, &is_map));
    }
    in->last_option = ARENA_NEW(in->arena, int, (size_t)in->resource_count + 1);
    return RC_OK;
}

/* --- options --- */

enum { OPTION_ID, OPTION_VALUE, OPTION_USE, OPTION_KEYS };
static const str OPTION_NAMES[OPTION_KEYS] = {
    [OPTION_ID] = STR_INIT("id"),
    [OPTION_VALUE] = STR_INIT("value"),
    [OPTION_USE] = STR_INIT("use"),
};

static enum rc read_use(struct reading *in, struct problem_use *out)
{
    int64_t place = 0;

    if (!map_get(&in->resource_places, in->json.text, &place)) {
        return json_refuse(&in->json, RC_INVALID, MSG_PROBLEM_RESOURCE, arg_text(in->json.text),
                           arg_text(in->groups[in->group_count]));
    }
    if (in->last_option[place] == in->option_count + 1) {
        return json_refuse(&in->json, RC_INVALID, MSG_PROBLEM_TWICE, arg_text(in->json.text),
                           ARG_LAST);
    }
    in->last_option[place] = in->option_count + 1;
    out->resource = (int)place;
    return json_expect_int(&in->json, -PROBLEM_NUMBER_MAX, PROBLEM_NUMBER_MAX, &out->amount);
}

static enum rc read_uses(struct reading *in, struct problem_use uses[PROBLEM_OPTION_USES_MAX],
                         int *out_count)
{
    bool is_key = false;
    int count = 0;

    TRY(json_expect(&in->json, JSON_MAP));
    TRY(json_next_key(&in->json, &is_key));
    for (; is_key; count++) {
        if (count == PROBLEM_OPTION_USES_MAX) {
            return too_many(in, MSG_PROBLEM_OPTION_USES, PROBLEM_OPTION_USES_MAX);
        }
        if (in->use_count++ == PROBLEM_USES_MAX) {
            return too_many(in, MSG_PROBLEM_USES, PROBLEM_USES_MAX);
        }
        TRY(read_use(in, &uses[count]));
        TRY(json_next_key(&in->json, &is_key));
    }
    *out_count = count;
    return RC_OK;
}

static enum rc option_room(struct reading *in, int group_options)
{
    if (group_options == PROBLEM_GROUP_OPTIONS_MAX) {
        return too_many(in, MSG_PROBLEM_GROUP_OPTIONS, PROBLEM_GROUP_OPTIONS_MAX);
    }
    if (in->option_count == PROBLEM_OPTIONS_MAX) {
        return too_many(in, MSG_PROBLEM_OPTIONS, PROBLEM_OPTIONS_MAX);
    }
    if (in->option_count == in->option_room) {
        in->options = grown(in->arena, in->options, in->option_room, sizeof(*in->options));
        in->option_room = in->option_room == 0 ? ROOM_FIRST : 2 * in->option_room;
    }
    return RC_OK;
}

static enum rc read_option(struct reading *in, int place, struct map *names)
{
    struct keys keys = {.names = OPTION_NAMES, .count = OPTION_KEYS};
    struct problem_use uses[PROBLEM_OPTION_USES_MAX];
    int64_t value = 0;
    int count = 0;

    TRY(option_room(in, place));
    TRY(find_keys(in, &keys));
    const struct json_reader end = in->json;
    str *id = &in->options[in->option_count];
    TRY(read_name_or_place(in, &keys, OPTION_ID, place, id));
    if (!map_put(names, *id, place)) {
        return json_refuse(&in->json, RC_INVALID, MSG_PROBLEM_TWICE, arg_text(*id), ARG_LAST);
    }
    if (was_seen(&keys, OPTION_USE)) {
        in->json = keys.at[OPTION_USE];
        TRY(read_uses(in, uses, &count));
    }
    TRY(go_to(in, &keys, OPTION_VALUE));
    TRY(json_expect_int(&in->json, -PROBLEM_NUMBER_MAX, PROBLEM_NUMBER_MAX, &value));
    TRY(in->sink->option(in->sink->self, value, uses, count));
    in->option_count++;
    in->json = end;
    return RC_OK;
}

static enum rc read_options(struct reading *in, struct map *names)
{
    bool is_map = false;
    int place = 0;

    TRY(json_expect(&in->json, JSON_LIST));
    TRY(next_map(in, &is_map));
    for (; is_map; place++) {
        TRY(read_option(in, place, names));
        TRY(next_map(in, &is_map));
    }
    if (place == 0) {
        return json_refuse(&in->json, RC_INVALID, MSG_PROBLEM_NO_OPTION,
                           arg_text(in->groups[in->group_count]), ARG_LAST);
    }
    return RC_OK;
}

/* --- groups --- */

enum { GROUP_ID, GROUP_BLOCK, GROUP_OPTIONS, GROUP_FIXED, GROUP_FORBID, GROUP_KEYS };
static const str GROUP_NAMES[GROUP_KEYS] = {
    [GROUP_ID] = STR_INIT("id"),           [GROUP_BLOCK] = STR_INIT("block"),
    [GROUP_OPTIONS] = STR_INIT("options"), [GROUP_FIXED] = STR_INIT("fixed"),
    [GROUP_FORBID] = STR_INIT("forbid"),
};

static enum rc refuse_option(struct reading *in)
{
    return json_refuse(&in->json, RC_INVALID, MSG_PROBLEM_OPTION, arg_text(in->json.text),
                       arg_text(in->groups[in->group_count]));
}

static enum rc read_fixed(struct reading *in, const struct map *names)
{
    int64_t place = 0;
    str id = {0};

    TRY(read_name(in, &id));
    return map_get(names, id, &place) ? in->sink->fix(in->sink->self, (int)place)
                                      : refuse_option(in);
}

static enum rc read_forbidden(struct reading *in, const struct map *names)
{
    int64_t place = 0;

    TRY(json_expect(&in->json, JSON_LIST));
    TRY(json_next(&in->json));
    while (in->json.token != JSON_LIST_END) {
        if (!map_get(names, in->json.text, &place)) {
            return refuse_option(in);
        }
        TRY(in->sink->forbid(in->sink->self, (int)place));
        TRY(json_next(&in->json));
    }
    return RC_OK;
}

static enum rc read_block(struct reading *in, const struct keys *keys, int *out)
{
    int64_t block = (int64_t)in->blocks.count;
    str id = {0};

    *out = 0;
    if (!was_seen(keys, GROUP_BLOCK)) {
        return RC_OK;
    }
    in->json = keys->at[GROUP_BLOCK];
    TRY(read_name(in, &id));
    if (!map_get(&in->blocks, id, &block)) {
        (void)map_put(&in->blocks, id, block);
    }
    *out = (int)block;
    return RC_OK;
}

static enum rc group_room(struct reading *in)
{
    if (in->group_count == PROBLEM_GROUPS_MAX) {
        return too_many(in, MSG_PROBLEM_GROUPS, PROBLEM_GROUPS_MAX);
    }
    if (in->group_count + 1 >= in->group_room) { /* one more first than groups */
        in->groups = grown(in->arena, in->groups, in->group_room, sizeof(*in->groups));
        in->first = grown(in->arena, in->first, in->group_room, sizeof(*in->first));
        in->group_room = in->group_room == 0 ? ROOM_FIRST : 2 * in->group_room;
    }
    return RC_OK;
}

/* What is fixed and forbidden, once the options have their names. */
static enum rc read_choices(struct reading *in, const struct keys *keys)
{
    struct map names;

    map_init(&names, &in->scratch, 16);
    TRY(go_to(in, keys, GROUP_OPTIONS));
    TRY(read_options(in, &names));
    if (was_seen(keys, GROUP_FIXED)) {
        in->json = keys->at[GROUP_FIXED];
        TRY(read_fixed(in, &names));
    }
    if (was_seen(keys, GROUP_FORBID)) {
        in->json = keys->at[GROUP_FORBID];
        TRY(read_forbidden(in, &names));
    }
    return RC_OK;
}

static enum rc read_group(struct reading *in)
{
    struct keys keys = {.names = GROUP_NAMES, .count = GROUP_KEYS};
    struct arena_mark mark = arena_mark(&in->scratch);
    int block = 0;

    TRY(group_room(in));
    TRY(find_keys(in, &keys));
    const struct json_reader end = in->json;
    str *id = &in->groups[in->group_count];
    TRY(read_name_or_place(in, &keys, GROUP_ID, in->group_count, id));
    if (!map_put(&in->group_places, *id, in->group_count)) {
        return json_refuse(&in->json, RC_INVALID, MSG_PROBLEM_TWICE, arg_text(*id), ARG_LAST);
    }
    TRY(read_block(in, &keys, &block));
    TRY(in->sink->group(in->sink->self, block));
    TRY(read_choices(in, &keys));
    in->first[++in->group_count] = in->option_count;
    in->json = end;
    arena_rewind(&in->scratch, mark);
    return RC_OK;
}

static enum rc read_groups(struct reading *in)
{
    bool is_map = false;

    TRY(json_expect(&in->json, JSON_LIST));
    TRY(next_map(in, &is_map));
    while (is_map) {
        TRY(read_group(in));
        TRY(next_map(in, &is_map));
    }
    return RC_OK;
}

/* --- files --- */

enum { TOP_SCHEMA, TOP_NAME, TOP_SCALE, TOP_RESOURCES, TOP_GROUPS, TOP_KEYS };
static const str TOP_NAMES[TOP_KEYS] = {
    [TOP_SCHEMA] = STR_INIT("schema"), [TOP_NAME] = STR_INIT("name"),
    [TOP_SCALE] = STR_INIT("scale"),   [TOP_RESOURCES] = STR_INIT("resources"),
    [TOP_GROUPS] = STR_INIT("groups"),
};

/* What is not a problem says so, should it name its schema. */
static enum rc read_schema(struct reading *in, const struct keys *keys)
{
    if (!was_seen(keys, TOP_SCHEMA)) {
        return RC_OK;
    }
    in->json = keys->at[TOP_SCHEMA];
    TRY(json_expect(&in->json, JSON_TEXT));
    if (!str_equal(in->json.text, STR("wancun.problem/1"))) {
        return json_refuse(&in->json, RC_INVALID, MSG_PROBLEM_SCHEMA, arg_text(in->json.text),
                           ARG_LAST);
    }
    return RC_OK;
}

static enum rc read_top(struct reading *in, struct keys *keys)
{
    TRY(json_expect(&in->json, JSON_MAP));
    TRY(find_keys(in, keys));
    const struct json_reader end = in->json;
    TRY(read_schema(in, keys));
    TRY(read_scale(in, keys, TOP_SCALE, &in->decimals));
    TRY(go_to(in, keys, TOP_RESOURCES));
    TRY(read_resources(in));
    in->json = end;
    return RC_OK;
}

static enum rc read_json(struct reading *in)
{
    struct keys keys = {.names = TOP_NAMES, .count = TOP_KEYS};

    if (in->json.bytes.len > PROBLEM_JSON_BYTES_MAX) {
        return err_set(in->err, RC_LIMIT, MSG_PROBLEM_LARGE, arg_text(in->json.file),
                       arg_count(PROBLEM_JSON_BYTES_MAX >> 20));
    }
    TRY(read_top(in, &keys));
    TRY(json_expect(&in->json, JSON_END));
    TRY(go_to(in, &keys, TOP_GROUPS));
    return read_groups(in);
}

static enum rc read_lines(struct reading *in)
{
    struct keys keys = {.names = TOP_NAMES, .count = TOP_KEYS};

    TRY(read_top(in, &keys));
    if (was_seen(&keys, TOP_GROUPS)) {
        return json_refuse(&keys.at[TOP_GROUPS], RC_INVALID, MSG_PROBLEM_LINES, ARG_LAST, ARG_LAST);
    }
    TRY(json_next(&in->json));
    while (in->json.token == JSON_MAP) {
        TRY(read_group(in));
        TRY(json_next(&in->json));
    }
    return in->json.token == JSON_END ? RC_OK
                                      : json_refuse(&in->json, RC_INVALID, MSG_JSON_EXPECTED,
                                                    arg_msg(MSG_JSON_A_MAP), ARG_LAST);
}

static enum rc read_file(struct reading *in)
{
    return str_ends(in->json.file, STR(".ndjson")) ? read_lines(in) : read_json(in);
}

enum rc problem_read(str bytes, str file, const struct problem_sink *sink, struct arena *arena,
                     struct problem_names *out, struct err *err)
{
    struct reading in = {.sink = sink, .arena = arena, .err = err};

    map_init(&in.resource_places, arena, ROOM_FIRST);
    map_init(&in.blocks, arena, ROOM_FIRST);
    map_init(&in.group_places, arena, ROOM_FIRST);
    arena_init(&in.scratch, ARENA_REQUEST_MAX);
    enum rc rc = json_read_begin(&in.json, bytes, file, arena, err);
    if (rc == RC_OK) {
        rc = read_file(&in);
    }
    arena_done(&in.scratch);
    if (rc == RC_OK) {
        *out = (struct problem_names){
            .decimals = in.decimals,
            .resources = in.resources,
            .resource_count = in.resource_count,
            .groups = in.groups,
            .first = in.first,
            .group_count = in.group_count,
            .options = in.options,
        };
    }
    return rc;
}
