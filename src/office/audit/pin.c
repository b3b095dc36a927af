/* Pins over the logs. */
#include "office/audit/pin.h"

#include "office/audit/pin_sql.h"

enum { LOGS_FIRST = 256 };

/* What kinds of events count for; those that are not here count always. */
enum weight { COUNTS_NEVER, COUNTS_NEAR, COUNTS_ALWAYS };
static const struct {
    str kind; /* or how it begins */
    enum weight weight;
} KINDS[] = {
    {STR_INIT("session."), COUNTS_NEVER},
    {STR_INIT("token."), COUNTS_NEVER},
    {STR_INIT("person."), COUNTS_NEVER},
    {STR_INIT("post."), COUNTS_NEVER},
    {STR_INIT("proposal."), COUNTS_NEVER}, /* what it leads to has events of its own */
    {STR_INIT("notice."), COUNTS_NEVER},
    {STR_INIT("appeal."), COUNTS_NEVER},
    {STR_INIT("run.keep"), COUNTS_NEVER},   /* a run rests on those it has looked up */
    {STR_INIT("rows.stamp"), COUNTS_NEVER}, /* of rows that have their own events */
    {STR_INIT("file.note"), COUNTS_NEVER},
    {STR_INIT("ledger.import"), COUNTS_NEVER}, /* its values have theirs */
    {STR_INIT("value."), COUNTS_NEAR},
    {STR_INIT("wish."), COUNTS_NEAR},
    {STR_INIT("tier.override"), COUNTS_NEAR},
};

static enum weight weight_of(str kind)
{
    for (size_t i = 0; i < COUNT_OF(KINDS); i++) {
        if (str_starts(kind, KINDS[i].kind)) {
            return KINDS[i].weight;
        }
    }
    return COUNTS_ALWAYS;
}

struct taking {
    struct arena *arena;
    struct pin *pin;
    int room;
};

static enum rc take_log(void *self, const struct val *row)
{
    struct taking *in = self;

    if (in->pin->count == in->room) {
        struct pin_log *more = ARENA_NEW(in->arena, struct pin_log, 2 * (size_t)in->room);
        memcpy(more, in->pin->logs, (size_t)in->room * sizeof(*more));
        in->pin->logs = more;
        in->room *= 2;
    }
    in->pin->logs[in->pin->count++] = (struct pin_log){row[0].number, row[1].number};
    return RC_OK;
}

enum rc pin_take(const struct cx *cx, struct pin *out)
{
    struct taking taking = {cx->arena, out, LOGS_FIRST};

    *out = (struct pin){.logs = ARENA_NEW(cx->arena, struct pin_log, LOGS_FIRST)};
    return db_each(cx->db, &PIN_LOGS, NULL, take_log, &taking, cx->err);
}

struct weighing {
    bool is_near;
    bool counts;
};

static enum rc weigh_kind(void *self, const struct val *row)
{
    struct weighing *in = self;
    enum weight weight = weight_of(row[0].text);

    in->counts = in->counts || weight == COUNTS_ALWAYS || (weight == COUNTS_NEAR && in->is_near);
    return RC_OK;
}

/* The two lists are in the order of their logs, and none ever ends. */
enum rc pin_holds(const struct cx *cx, const struct pin *pin,
                  bool (*is_near)(void *self, struct unit_id log), void *self, bool *out)
{
    struct pin now = {0};
    int at = 0;

    *out = true;
    TRY(pin_take(cx, &now));
    for (int i = 0; i < now.count && *out; i++) {
        struct unit_id log = {now.logs[i].log};
        bool was = at < pin->count && pin->logs[at].log == log.v;
        int64_t before = was ? pin->logs[at].size : 0;
        at += was ? 1 : 0;
        if (now.logs[i].size == before) {
            continue;
        }
        struct weighing weighing = {.is_near = is_near == NULL || is_near(self, log)};
        const struct val in[] = {v_int(log.v), v_int(before)};
        TRY(db_each(cx->db, &PIN_KINDS, in, weigh_kind, &weighing, cx->err));
        *out = !weighing.counts;
    }
    return RC_OK;
}
