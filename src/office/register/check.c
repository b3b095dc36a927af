/* Is the tree of a register's day still its file? */
#include "office/register/register.h"
#include "office/register/register_check_sql.h"

struct walk {
    register_take take;
    void *self;
};

static enum rc give(void *self, const struct val *row)
{
    const struct walk *walk = self;
    struct register_file file = {
        .as_of = date_from_key((int32_t)row[0].number),
        .name = row[2].text,
    };

    if (row[1].text.len == HASH_BYTES) {
        memcpy(file.hash.bytes, row[1].text.at, HASH_BYTES);
    }
    return walk->take(walk->self, &file);
}

enum rc register_each(const struct cx *cx, register_take take, void *self)
{
    struct walk walk = {take, self};

    return db_each(cx->db, &REGISTER_FILES, NULL, give, &walk, cx->err);
}

static bool is_same(const struct unit_tree *tree, const struct register_row *row)
{
    int place = unit_tree_find_code(tree, row->code);

    return place != NONE && tree->units[place].level == row->level &&
           str_equal(tree->units[place].name, row->name);
}

enum rc register_check(const struct cx *cx, const struct register_reader *rows, date as_of)
{
    struct unit_tree tree = {0};

    TRY(unit_tree_load(cx, rows->programme, as_of, &tree));
    for (int i = 0; i < rows->count; i++) {
        if (!is_same(&tree, &rows->rows[i])) {
            return err_set(cx->err, RC_BROKEN, MSG_UNIT_CHECK_FILE, arg_text(rows->rows[i].code),
                           arg_number(date_key(as_of)));
        }
    }
    return tree.count == rows->count ? RC_OK
                                     : err_set(cx->err, RC_BROKEN, MSG_UNIT_CHECK_COUNT,
                                               arg_number(date_key(as_of)), arg_count(rows->count));
}
