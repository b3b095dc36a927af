/* What is asked of the map, and the map itself. */
#include "web/map/map_in.h"

enum { ASKED_BYTES_MAX = 64 << 10 };

#define PERIOD_OPT                                                                                 \
    {                                                                                              \
        "period", 0, OPT_TEXT, false, "PERIOD", NULL, MSG_MAP_OPT_PERIOD                           \
    }
#define INDICATOR_OPT                                                                              \
    {                                                                                              \
        "indicator", 0, OPT_TEXT, false, "A,B", NULL, MSG_MAP_OPT_INDICATOR                        \
    }

const struct opt MAP_ITEMS_OPTS[] = {
    {"bbox", 0, OPT_TEXT, false, "W,S,E,N", NULL, MSG_MAP_OPT_BOX},
    {"limit", 0, OPT_INT, false, "N", "1000", MSG_MAP_OPT_LIMIT},
    {"offset", 0, OPT_INT, false, "N", "0", MSG_MAP_OPT_OFFSET},
    {"datetime", 0, OPT_TEXT, false, "TIME", NULL, MSG_MAP_OPT_TIME},
    PERIOD_OPT,
    INDICATOR_OPT,
    {0},
};
const struct opt MAP_OPTS[] = {PERIOD_OPT, INDICATOR_OPT, {0}};

/* ---- indicators ---- */

static enum rc read_indicators(struct mapping *mapping)
{
    struct act *act = &mapping->call->act;
    str rest = act_text(act, "indicator");
    str id = {0};

    if (act_has(act, "period")) {
        TRY(act_period(act, "period", &mapping->period));
    } else if (rest.len > 0) {
        return err_set(&act->err, RC_INVALID, MSG_MAP_PERIOD);
    }
    while (rest.len > 0 && str_cut(&rest, ',', &id)) {
        int place = programme_indicator(mapping->call->programme, str_trim(id));
        if (place == NONE) {
            return err_set(&act->err, RC_INVALID, MSG_ACT_INDICATOR_UNKNOWN, arg_text(id));
        }
        if (mapping->indicator_count == SKETCH_INDICATORS_MAX) {
            return err_set(&act->err, RC_INVALID, MSG_MAP_INDICATORS,
                           arg_count(SKETCH_INDICATORS_MAX));
        }
        mapping->indicators[mapping->indicator_count++] = place;
    }
    return RC_OK;
}

/* ---- what the answer is named by ---- */

static void put_asked(struct buf *out, const struct http_request *request)
{
    buf_put(out, http_header(request, STR("host")));
    for (int i = 0; i < request->segment_count; i++) {
        buf_char(out, '/');
        buf_put(out, request->segments[i]);
    }
    for (int i = 0; i < request->query_count; i++) {
        buf_char(out, '\n');
        buf_put(out, request->query[i].name);
        buf_char(out, '\n');
        buf_put(out, request->query[i].value);
    }
}

static date day_of(const struct mapping *mapping)
{
    const struct cx *cx = &mapping->call->act.cx;

    return mapping->period.key != 0
               ? period_end(mapping->period)
               : date_of_moment(cx->now_ms, mapping->call->programme->offset_minutes);
}

static enum rc name_state(struct mapping *mapping)
{
    struct call *call = mapping->call;
    struct act *act = &call->act;
    struct hash state;
    struct buf buf;
    str text = {0};

    TRY(sketch_state(&act->cx, call->programme, day_of(mapping), &state));
    buf_init(&buf, &act->arena, ASKED_BYTES_MAX);
    buf_put(&buf, STR(WANCUN_VERSION));
    buf_put(&buf, hash_hex(state, &act->arena));
    put_asked(&buf, call->request);
    if (!buf_done(&buf, &text)) {
        return RC_OK; /* too long to be named: sent each time */
    }
    call->etag = arena_str(call->request->arena, hash_hex(hash_of(text), &act->arena));
    return RC_OK;
}

/* Does the one who asks name that state? */
static bool is_known(const struct call *call)
{
    str rest = http_header(call->request, STR("if-none-match"));
    str piece = {0};

    while (call->etag.len > 0 && rest.len > 0 && str_cut(&rest, ',', &piece)) {
        piece = str_trim(piece);
        piece = str_starts(piece, STR("W/")) ? str_part(piece, 2, piece.len) : piece;
        if (piece.len == call->etag.len + 2 && piece.at[0] == '"' &&
            str_equal(str_part(piece, 1, call->etag.len), call->etag)) {
            return true;
        }
    }
    return false;
}

/* What the map is not; and the line of a demonstration. */
static str notice_of(const struct call *call)
{
    const struct cx *cx = &call->act.cx;
    str line = text_in(call->programme->notice, cx->lang);
    struct buf buf;
    str text = {0};

    buf_init(&buf, cx->arena, ASKED_BYTES_MAX);
    buf_put(&buf, msg_text(cx->lang, MSG_MAP_NOTICE));
    if (line.len > 0) {
        buf_put(&buf, cx->lang == LANG_ZH ? STR("；") : STR("; "));
        buf_put(&buf, line);
    }
    return buf_done(&buf, &text) ? text : msg_text(cx->lang, MSG_MAP_NOTICE);
}

enum rc mapping_begin(struct call *call, struct mapping *out, bool *out_is_known)
{
    *out = (struct mapping){.call = call, .notice = notice_of(call)};
    TRY(read_indicators(out));
    TRY(name_state(out));
    *out_is_known = is_known(call);
    call->is_plain = true;
    return RC_OK;
}

enum rc mapping_make(struct mapping *mapping)
{
    struct act *act = &mapping->call->act;

    TRY(load_office(act, day_of(mapping), &mapping->office));
    const struct panel_of of = {
        .tree = &mapping->office.tree,
        .programme = mapping->office.programme,
        .numbers = &mapping->office.numbers,
    };
    const struct sketch_ask ask = {
        .of = &of,
        .period = mapping->period,
        .indicators = mapping->indicators,
        .indicator_count = mapping->indicator_count,
        .directory = home_path(act->home, STR("cubes"), &act->arena),
    };
    return sketch_make(&act->cx, &ask, &mapping->sketch);
}

enum rc mapping_level(struct mapping *mapping, str id, int *out)
{
    *out = programme_level(mapping->call->programme, id);
    return *out == NONE
               ? err_set(&mapping->call->act.err, RC_MISSING, MSG_MAP_LEVEL_NONE, arg_text(id))
               : RC_OK;
}
