/* Merging and normal form of definitions. */
#include "office/grammar/tree.h"

#include "base/map.h"

enum { TREE_DEPTH_MAX = 64 };

/* A map or list that grows. */
struct growing {
    struct arena *arena;
    struct doc *into;
    struct doc *last;
};

/* Hang a copy of `child`, without its siblings, at the end. */
static struct doc *append(struct growing *to, const struct doc *child)
{
    struct doc *copy = ARENA_NEW(to->arena, struct doc, 1);

    *copy = *child;
    copy->next = NULL;
    if (to->last == NULL) {
        to->into->first = copy;
    } else {
        to->last->next = copy;
    }
    to->last = copy;
    to->into->count++;
    return copy;
}

static void say_not_a_map(struct problems *problems, const struct doc *doc)
{
    SAY_ERROR(problems, place_of(doc), MSG_DEFINITION_EXPECTED_AT, arg_text(doc->key),
              arg_msg(MSG_DEFINITION_A_MAP));
}

static void gather(struct growing *to, struct map *seen, const struct doc *part,
                   struct problems *problems)
{
    if (part->kind == DOC_NULL) {
        return;
    }
    if (part->kind != DOC_MAP) {
        say_not_a_map(problems, part);
        return;
    }
    if (to->into->file.len == 0) {
        to->into->file = part->file;
        to->into->line = part->key_line;
        to->into->column = part->key_column;
    }
    for (const struct doc *child = part->first; child != NULL; child = child->next) {
        if (map_put(seen, child->key, 0)) {
            (void)append(to, child);
        } else {
            SAY_ERROR(problems, place_of_key(child), MSG_DEFINITION_ID_TWICE, arg_text(child->key));
        }
    }
}

static void say_unknown_sections(const struct doc *doc, struct problems *problems)
{
    for (const struct doc *child = doc->first; child != NULL; child = child->next) {
        str near = shape_nearest(&ROOT, child->key);
        if (shape_field(&ROOT, child->key) != NULL) {
            continue;
        }
        if (near.len > 0) {
            SAY_ERROR(problems, place_of_key(child), MSG_DEFINITION_KEY_NEAR, arg_text(child->key),
                      arg_text(near));
        } else {
            SAY_ERROR(problems, place_of_key(child), MSG_DEFINITION_SECTION_UNKNOWN,
                      arg_text(child->key));
        }
    }
}

const struct doc *tree_merge(const struct doc *const *docs, int count, struct arena *arena,
                             struct problems *problems)
{
    struct doc *root = ARENA_NEW(arena, struct doc, 1);
    struct growing sections = {.arena = arena, .into = root};

    *root = (struct doc){.kind = DOC_MAP, .file = docs[0]->file, .line = 1, .column = 1};
    for (int i = 0; i < count; i++) {
        if (docs[i]->kind == DOC_MAP) {
            say_unknown_sections(docs[i], problems);
        } else {
            say_not_a_map(problems, docs[i]);
        }
    }
    for (int i = 0; i < ROOT.count; i++) {
        struct doc section = {.kind = DOC_MAP, .key = str_from(ROOT.fields[i].key)};
        struct growing objects = {.arena = arena, .into = &section};
        struct map seen = {0};
        map_init(&seen, arena, 64);
        for (int k = 0; k < count; k++) {
            const struct doc *part = doc_get(docs[k], section.key);
            if (part != NULL) {
                gather(&objects, &seen, part, problems);
            }
        }
        if (section.count > 0) {
            (void)append(&sections, &section);
        }
    }
    return root;
}

const struct doc *tree_first(const struct doc *root, enum section section)
{
    const struct doc *found = doc_get(root, str_from(ROOT.fields[section].key));

    return found == NULL ? NULL : found->first;
}

/* One object whose fields still have to be put in order. */
struct normal_job {
    struct normal_job *next;
    const struct doc *from;
    struct doc *to;
    const struct shape *shape;
};

struct normal_queue {
    struct arena *arena;
    struct normal_job *first;
    struct normal_job *last;
};

static void push(struct normal_queue *queue, const struct doc *from, struct doc *to,
                 const struct shape *shape)
{
    struct normal_job *job = ARENA_NEW(queue->arena, struct normal_job, 1);

    *job = (struct normal_job){.from = from, .to = to, .shape = shape};
    to->first = NULL;
    to->count = 0;
    if (queue->last == NULL) {
        queue->first = job;
    } else {
        queue->last->next = job;
    }
    queue->last = job;
}

static void push_all(struct normal_queue *queue, struct doc *many, const struct shape *shape)
{
    struct growing to = {.arena = queue->arena, .into = many};
    const struct doc *first = many->first;

    many->first = NULL;
    many->count = 0;
    for (const struct doc *item = first; item != NULL; item = item->next) {
        struct doc *copy = append(&to, item);
        if (item->kind == DOC_MAP) {
            push(queue, item, copy, shape);
        }
    }
}

/* Chinese, then English; a plain text names a thing in both. */
static void order_name(struct growing *name, const struct doc *from)
{
    static const str LANGUAGES[] = {STR_INIT("zh"), STR_INIT("en")};

    *name->into = *from;
    name->into->kind = DOC_MAP;
    name->into->text = (str){0};
    name->into->first = name->into->next = NULL;
    name->into->count = 0;
    for (size_t i = 0; i < COUNT_OF(LANGUAGES); i++) {
        const struct doc *given = from->kind == DOC_TEXT ? from : doc_get(from, LANGUAGES[i]);
        if (given != NULL) {
            append(name, given)->key = LANGUAGES[i];
        }
    }
}

static void order_fields(struct normal_queue *queue, const struct normal_job *job)
{
    struct growing to = {.arena = queue->arena, .into = job->to};

    for (int i = 0; i < job->shape->count; i++) {
        const struct field *field = &job->shape->fields[i];
        const struct doc *from = doc_get(job->from, str_from(field->key));
        if (doc_is_empty(from) || (from->kind != DOC_TEXT && from->count == 0)) {
            continue;
        }
        struct doc *copy = append(&to, from);
        if (field->type == FIELD_NAME) {
            struct growing name = {.arena = queue->arena, .into = copy};
            order_name(&name, from);
        } else if (field->type == FIELD_ONE && from->kind == DOC_MAP) {
            push(queue, from, copy, field->shape);
        } else if (field->type == FIELD_MAP || field->type == FIELD_LIST) {
            push_all(queue, copy, field->shape);
        }
    }
}

const struct doc *tree_normal(const struct doc *root, struct arena *arena)
{
    struct normal_queue queue = {.arena = arena};
    struct doc *copy = ARENA_NEW(arena, struct doc, 1);

    *copy = *root;
    push(&queue, root, copy, &ROOT);
    while (queue.first != NULL) {
        order_fields(&queue, queue.first);
        queue.first = queue.first->next;
    }
    return copy;
}

static void put_quoted(struct buf *out, str text)
{
    buf_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        switch (c) {
        case '\n':
            buf_put(out, STR("\\n"));
            break;
        case '\r':
            buf_put(out, STR("\\r"));
            break;
        case '\t':
            buf_put(out, STR("\\t"));
            break;
        case '"':
        case '\\':
            buf_char(out, '\\');
            buf_char(out, c);
            break;
        default:
            buf_char(out, c);
        }
    }
    buf_char(out, '"');
}

/* What stands before a value: its key, and for sections and objects a new line. */
static void put_lead(struct buf *out, const struct doc *node, const struct doc *parent, int depth)
{
    buf_put(out, node == parent->first ? STR("") : STR(","));
    buf_put(out, depth <= 2 ? STR("\n") : STR(" "));
    if (parent->kind == DOC_MAP) {
        put_quoted(out, node->key);
        buf_put(out, STR(": "));
    }
}

/* Maps and lists that are open, and what comes next in each. */
struct writing {
    struct buf text;
    const struct doc *open[TREE_DEPTH_MAX];
    const struct doc *next[TREE_DEPTH_MAX];
    int depth;
};

static void put_node(struct writing *out, const struct doc *node)
{
    if (node->kind != DOC_MAP && node->kind != DOC_LIST) {
        put_quoted(&out->text, node->text);
        return;
    }
    MUST(out->depth < TREE_DEPTH_MAX);
    buf_char(&out->text, node->kind == DOC_MAP ? '{' : '[');
    out->open[out->depth] = node;
    out->next[out->depth++] = node->first;
}

enum rc tree_text(const struct doc *normal, struct arena *arena, str *out, struct err *err)
{
    struct writing writing = {0};

    buf_init(&writing.text, arena, TREE_TEXT_MAX);
    put_node(&writing, normal);
    while (writing.depth > 0) {
        const struct doc *parent = writing.open[writing.depth - 1];
        const struct doc *node = writing.next[writing.depth - 1];
        if (node == NULL) {
            writing.depth--;
            buf_char(&writing.text, parent->kind == DOC_MAP ? '}' : ']');
        } else {
            writing.next[writing.depth - 1] = node->next;
            put_lead(&writing.text, node, parent, writing.depth);
            put_node(&writing, node);
        }
    }
    buf_char(&writing.text, '\n');
    if (!buf_done(&writing.text, out)) {
        return err_set(err, RC_LIMIT, MSG_DEFINITION_TOO_LONG, arg_count(TREE_TEXT_MAX >> 20));
    }
    return RC_OK;
}
