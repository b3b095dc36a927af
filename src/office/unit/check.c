/* Do the dated rows of units agree with one another and with the registers? */
#include "base/num.h"
#include "office/unit/unit.h"
#include "office/unit/unit_check_sql.h"

/* What each statement finds, one row is enough: a unit (or a count) and a day. */
static const struct {
    const struct sql *find;
    enum msg_id msg;
    bool names_unit;
} CHECKS[] = {
    {&CHECK_ALIAS, MSG_UNIT_CHECK_ALIAS, true},     {&CHECK_DAYS, MSG_UNIT_CHECK_DAYS, true},
    {&CHECK_OVERLAP, MSG_UNIT_CHECK_OVERLAP, true}, {&CHECK_PARENT, MSG_UNIT_CHECK_PARENT, true},
    {&CHECK_WITHIN, MSG_UNIT_CHECK_WITHIN, true},   {&CHECK_COUNT, MSG_UNIT_CHECK_COUNT, false},
};

/* The code of the unit that day; its id where it had none. */
static enum rc name_of(const struct cx *cx, const struct val *found, str *out)
{
    const struct val in[] = {found[0], found[1]};
    struct val code = {0};
    char text[NUM_TEXT_MAX];
    enum rc rc = db_one(cx->db, &CHECK_CODE, in, &code, cx->arena, cx->err);

    if (rc == RC_MISSING) {
        *out = arena_str(cx->arena, num_print(text, found[0].number, 0));
        return RC_OK;
    }
    *out = code.text;
    return rc;
}

static enum rc run_check(const struct cx *cx, size_t which)
{
    struct val found[2] = {{0}};
    str name = {0};
    enum rc rc = db_one(cx->db, CHECKS[which].find, NULL, found, cx->arena, cx->err);

    if (rc == RC_MISSING) {
        return RC_OK;
    }
    TRY(rc);
    if (!CHECKS[which].names_unit) {
        return err_set(cx->err, RC_BROKEN, CHECKS[which].msg, arg_number(found[1].number),
                       arg_count(found[0].number));
    }
    TRY(name_of(cx, found, &name));
    return err_set(cx->err, RC_BROKEN, CHECKS[which].msg, arg_text(name),
                   arg_number(found[1].number));
}

enum rc unit_check(const struct cx *cx)
{
    for (size_t i = 0; i < COUNT_OF(CHECKS); i++) {
        TRY(run_check(cx, i));
    }
    return RC_OK;
}
