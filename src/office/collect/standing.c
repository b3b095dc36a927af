/* What stands for a unit, and what was kept out. */
#include "office/collect/import_in.h"

#include "office/unit/unit.h"

const struct value *find_value(const struct value_row *row, int indicator)
{
    for (int i = 0; i < row->count; i++) {
        if (row->values[i].indicator == indicator) {
            return &row->values[i];
        }
    }
    return NULL;
}

/* Put a later address's values over those of earlier ones. */
static void lay_over(struct arena *arena, struct value_row *standing, const struct value_row *later)
{
    size_t room = (size_t)standing->count + (size_t)later->count;
    struct value *values = ARENA_NEW(arena, struct value, room);
    int count = later->count;

    memcpy(values, later->values, (size_t)count * sizeof(*values));
    for (int i = 0; i < standing->count; i++) {
        if (find_value(later, standing->values[i].indicator) == NULL) {
            values[count++] = standing->values[i];
        }
    }
    standing->values = values;
    standing->count = count;
}

enum rc standing_read(const struct cx *cx, struct unit_id unit, struct period period,
                      struct value_row *out)
{
    struct unit_address *addresses = NULL;
    int count = 0;

    *out = (struct value_row){.unit = unit, .period = period};
    TRY(unit_addresses(cx, unit, &addresses, &count));
    for (int i = 0; i < count; i++) {
        struct value_row row = {0};
        TRY(value_read(cx, addresses[i].home, addresses[i].unit, period, &row));
        if (row.count > 0) {
            lay_over(cx->arena, out, &row);
        }
    }
    return RC_OK;
}

bool says_same(const struct value *a, const struct value *b)
{
    return a->state == b->state && (a->state != REPORTED || (a->num == b->num && a->den == b->den));
}

struct value *kept_out_find(const struct kept_out *kept, const struct value *like)
{
    for (int i = 0; i < kept->count; i++) {
        if (kept->values[i].indicator == like->indicator &&
            kept->values[i].source == like->source) {
            return &kept->values[i];
        }
    }
    return NULL;
}

enum rc kept_out_take(void *self, const struct value_row *row)
{
    struct kept_out *kept = self;
    size_t room = (size_t)kept->count + (size_t)row->count;
    struct value *values = ARENA_NEW(kept->arena, struct value, room);

    for (int i = 0; i < kept->count; i++) {
        values[i] = kept->values[i];
    }
    kept->values = values;
    for (int i = 0; i < row->count; i++) {
        struct value *known = kept_out_find(kept, &row->values[i]);
        known = known == NULL ? &kept->values[kept->count++] : known;
        *known = row->values[i];
    }
    return RC_OK;
}
