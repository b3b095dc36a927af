/* One value. */
#include "web/value.h"

#include "act/load.h"
#include "base/clock.h"
#include "format/book/book.h"
#include "format/json/json.h"
#include "web/known.h"
#include "web/server_in.h"

static void put_pair(struct json *json, str key, const struct out *cell)
{
    json_key(json, key);
    json_put_out(json, cell, false);
}

static struct out period_out(const struct cx *cx, struct period period)
{
    struct buf buf;
    str text = {0};

    buf_init(&buf, cx->arena, 32);
    period_put(&buf, period);
    MUST(buf_done(&buf, &text));
    return out_text(text);
}

enum rc value_tell_json(const struct cx *cx, const struct value_asked *asked, struct json *json)
{
    const struct indicator *indicator = &asked->programme->indicators[asked->indicator];
    struct value value = {0};

    TRY(value_standing(cx, asked->addresses, asked->address_count, asked->period,
                       asked->numbers->of_indicator[asked->indicator], &value));
    bool is_there = value.indicator != 0;
    const struct out none = out_none(STR("not_reported"), STR(""));
    const struct out code = out_text(asked->code);
    const struct out name = out_text(indicator->id);
    const struct out period = period_out(cx, asked->period);
    const struct out told = is_there ? value_out(cx->lang, indicator, &value) : none;
    const struct out source =
        is_there ? source_out(cx->lang, asked->programme, asked->numbers, value.source) : none;
    put_pair(json, STR("unit"), &code);
    put_pair(json, STR("indicator"), &name);
    put_pair(json, STR("period"), &period);
    put_pair(json, STR("value"), &told);
    put_pair(json, STR("source"), &source);
    return RC_OK;
}

/* The indicator that a word names, if values of it are kept. */
static int kept_indicator(const struct programme *programme, str word)
{
    int indicator = programme_indicator(programme, word);

    return indicator != NONE && programme->indicators[indicator].formula.code != NULL ? NONE
                                                                                      : indicator;
}

static enum rc find_indicator(struct act *act, const struct programme *programme, int *out)
{
    str word = act->operands[1];

    *out = kept_indicator(programme, word);
    if (*out != NONE) {
        return RC_OK;
    }
    return programme_indicator(programme, word) == NONE
               ? err_set(&act->err, RC_MISSING, MSG_ACT_INDICATOR_UNKNOWN, arg_text(word))
               : err_set(&act->err, RC_MISSING, MSG_WEB_DERIVED, arg_text(word));
}

enum rc value_show(struct call *call)
{
    struct act *act = &call->act;
    struct numbers numbers;
    struct unit_address *addresses = NULL;
    struct unit_id unit = {0};
    struct value_asked asked = {
        .programme = call->programme,
        .numbers = &numbers,
        .code = act->operands[0],
    };

    TRY(find_indicator(act, call->programme, &asked.indicator));
    if (!period_parse(act->operands[2], &asked.period)) {
        return err_set(&act->err, RC_INVALID, MSG_WEB_PERIOD, arg_text(act->operands[2]));
    }
    TRY(numbers_load(&act->cx, call->programme, false, &numbers));
    TRY(unit_of_code(&act->cx, asked.code, &unit));
    TRY(unit_addresses(&act->cx, unit, &addresses, &asked.address_count));
    asked.addresses = addresses;
    struct json *json = call_object(call);
    TRY(value_tell_json(&act->cx, &asked, json));
    return call_close_object(call);
}

/* Places and period, if all three words of the path mean something. */
static bool read_words(const struct known *known, const struct route_match *match,
                       struct known_value *out)
{
    out->place = unit_tree_find_code(known_tree(known), match->params[0]);
    out->indicator = kept_indicator(known_programme(known), match->params[1]);
    return out->place != NONE && out->indicator != NONE &&
           period_parse(match->params[2], &out->period);
}

bool value_quick(struct server *server, struct http_request *request,
                 const struct route_match *match)
{
    struct known *known = server->known[request->lane];
    struct known_value wanted = {0};
    int64_t now_ms = clock_now_ms();
    str token = call_token(request);
    struct http_answer answer = {.status = 200, .type = STR("application/json")};

    if (request->query_count > 0 || token.len == 0) {
        return false;
    }
    const struct actor *who = known_actor(known, token, now_ms);
    if (who == NULL || !read_words(known, match, &wanted) ||
        !actor_reads(who, known_tree(known), wanted.place) ||
        !known_text(known, &wanted, now_ms, &answer.body)) {
        return false;
    }
    answer.body = arena_str(request->arena, answer.body);
    http_answer(request, &answer);
    return true;
}
