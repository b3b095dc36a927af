/* Catalogue look-up and the filling of {1}, {2}… */
#include "base/msg.h"

#include "gen/msg_table.h"

str msg_key(enum msg_id id)
{
    return MSG_KEYS[id];
}

str msg_text(enum lang lang, enum msg_id id)
{
    MUST((int)id >= 0 && (int)id < MSG_COUNT);
    return MSG_TEXTS[lang][id];
}

static void put_arg(struct buf *out, enum lang lang, const struct arg *arg)
{
    switch (arg->kind) {
    case ARG_TEXT:
        buf_put(out, arg->text);
        return;
    case ARG_COUNT:
        buf_fixed_grouped(out, arg->number, 0);
        return;
    case ARG_FIXED:
        buf_fixed_grouped(out, arg->number, arg->decimals);
        return;
    case ARG_NUMBER:
        buf_int(out, arg->number);
        return;
    case ARG_MSG:
        buf_put(out, msg_text(lang, (enum msg_id)arg->number));
        return;
    case ARG_END:
        return;
    }
}

void msg_put(struct buf *out, enum lang lang, enum msg_id id, const struct arg *args, int count)
{
    str rest = msg_text(lang, id);

    while (rest.len > 0) {
        size_t open = str_find(rest, STR("{"));
        if (open == STR_NONE || open + 2 >= rest.len) {
            buf_put(out, rest);
            return;
        }
        int place = rest.at[open + 1] - '1';
        buf_put(out, str_part(rest, 0, open));
        MUST(place >= 0 && place < count);
        put_arg(out, lang, &args[place]);
        rest = str_part(rest, open + 3, rest.len);
    }
}

void err_put(struct buf *out, enum lang lang, const struct err *err)
{
    enum msg_id hint = MSG_HINTS[err->msg];

    msg_put(out, lang, err->msg, err->args, err->arg_count);
    if (hint != err->msg) {
        buf_char(out, '\n');
        msg_put(out, lang, hint, err->args, err->arg_count);
    }
}
