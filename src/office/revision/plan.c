/* Which sheets a dictionary has, and their columns: read off the grammar. */
#include "office/revision/revision_in.h"

static void add_column(struct plan *plan, str key, const struct field *field, str language)
{
    MUST(plan->column_count < PLAN_COLUMNS_MAX);
    plan->columns[plan->column_count++] = (struct plan_column){key, field, language};
}

static str dotted(struct arena *arena, str front, str back)
{
    struct buf out;
    str text = {0};

    buf_init(&out, arena, 256);
    buf_put(&out, front);
    buf_put(&out, front.len > 0 ? STR(".") : STR(""));
    buf_put(&out, back);
    MUST(buf_done(&out, &text));
    return text;
}

/* The ids of what an object stands in, then its own id or number. */
static void add_lead(struct plan *plan)
{
    for (int i = 0; i < plan->depth - 1; i++) {
        MUST(plan->chain[i] != NULL);
        add_column(plan, str_from(plan->chain[i]->key), NULL, STR(""));
    }
    const struct field *own = plan->chain[plan->depth - 1];
    MUST(own != NULL);
    if (own->type != FIELD_ONE) {
        bool is_map = own->type == FIELD_MAP;
        add_column(plan, is_map ? STR("id") : STR("nr"), NULL, STR(""));
    }
    plan->lead_count = plan->column_count;
}

static void add_fields(struct plan *plan, struct arena *arena)
{
    for (int i = 0; i < plan->shape->count; i++) {
        const struct field *field = &plan->shape->fields[i];
        str key = str_from(field->key);
        if (field->type == FIELD_MAP || field->type == FIELD_LIST) {
            continue;
        }
        if (field->type != FIELD_NAME) {
            add_column(plan, key, field, STR(""));
            continue;
        }
        add_column(plan, dotted(arena, key, STR("zh")), field, STR("zh"));
        add_column(plan, dotted(arena, key, STR("en")), field, STR("en"));
    }
}

static void plan_one(struct plan *plan, const struct plan *parent, const struct field *field,
                     struct arena *arena)
{
    *plan = (struct plan){.shape = field->shape};
    if (parent != NULL) {
        plan->name = parent->name;
        plan->depth = parent->depth;
        memcpy(plan->chain, parent->chain, sizeof(plan->chain));
    }
    MUST(plan->depth < PLAN_DEPTH_MAX);
    plan->name = dotted(arena, plan->name, str_from(field->key));
    plan->chain[plan->depth++] = field;
    add_lead(plan);
    add_fields(plan, arena);
}

/* Sheets for what stands in maps and lists of a sheet's objects. */
static int plan_children(struct plan plans[static PLANS_MAX], int count, int parent,
                         struct arena *arena)
{
    const struct shape *shape = plans[parent].shape;

    for (int i = 0; i < shape->count; i++) {
        enum field_type type = shape->fields[i].type;
        if (type == FIELD_MAP || type == FIELD_LIST) {
            plan_one(&plans[count++], &plans[parent], &shape->fields[i], arena);
        }
    }
    return count;
}

int plan_all(struct plan plans[static PLANS_MAX], struct arena *arena)
{
    int count = 0;

    for (int i = 0; i < ROOT.count; i++) {
        int first = count;
        MUST(count + PLANS_SECTION_MAX <= PLANS_MAX);
        plan_one(&plans[count++], NULL, &ROOT.fields[i], arena);
        for (int parent = first; parent < count; parent++) {
            count = plan_children(plans, count, parent, arena);
        }
    }
    return count;
}

/* "measures.levels" is called by its first and its last word: 建设内容档次. */
static void put_label(struct buf *out, str key, enum lang lang)
{
    str rest = key;
    str word = {0};
    str last = {0};

    (void)str_cut(&rest, '.', &word);
    buf_put(out, title_label(word, lang));
    while (str_cut(&rest, '.', &last)) {
        word = last;
    }
    buf_put(out, last.len > 0 ? title_label(word, lang) : STR(""));
}

str title_of(str key, enum lang lang, struct arena *arena)
{
    struct buf out;
    str text = {0};

    if (lang == LANG_EN && str_find(key, STR(".")) != STR_NONE) {
        return key; /* the words are in it, and a sheet's name has 31 characters */
    }
    buf_init(&out, arena, 256);
    put_label(&out, key, lang);
    if (buf_done(&out, &text) && str_equal(text, key)) {
        return key;
    }
    buf_char(&out, ' ');
    buf_put(&out, key);
    MUST(buf_done(&out, &text));
    return text;
}

str title_key(str title)
{
    str trimmed = str_trim(title);
    size_t begin = trimmed.len;

    while (begin > 0 && trimmed.at[begin - 1] != ' ' && trimmed.at[begin - 1] != '\n') {
        begin--;
    }
    return str_part(trimmed, begin, trimmed.len);
}
