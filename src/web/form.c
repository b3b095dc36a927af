/* Requests against the command table, as the command line is parsed against it. */
#include "web/form.h"

#include "base/num.h"
#include "format/json/read.h"

static const struct opt *find_opt(const struct route *route, str name)
{
    for (const struct opt *opt = route_opts(route); opt->name != NULL; opt++) {
        if (str_equal(str_from(opt->name), name) && !route_skips(opt)) {
            return opt;
        }
    }
    return NULL;
}

static enum rc give(struct call *call, const char *name, str value)
{
    struct act *act = &call->act;

    if (act->given_count == GIVEN_MAX) {
        return err_set(&act->err, RC_LIMIT, MSG_WEB_MEMBERS, arg_count(GIVEN_MAX));
    }
    act->given[act->given_count++] = (struct given){name, value};
    return RC_OK;
}

static enum rc give_option(struct call *call, const struct opt *opt, str value)
{
    bool is_flag = opt->kind == OPT_FLAG;

    if (is_flag && str_equal(value, STR("false"))) {
        return RC_OK;
    }
    if (is_flag && !str_equal(value, STR("true"))) {
        return err_set(&call->act.err, RC_INVALID, MSG_WEB_FLAG, arg_text(str_from(opt->name)),
                       arg_text(value));
    }
    return give(call, opt->name, is_flag ? STR("") : value);
}

static enum rc give_operand(struct call *call, str value)
{
    struct act *act = &call->act;

    if (act->operand_count == OPERANDS_MAX) {
        return err_set(&act->err, RC_LIMIT, MSG_WEB_MEMBERS, arg_count(OPERANDS_MAX));
    }
    act->operands[act->operand_count++] = value;
    return RC_OK;
}

/* A name of the query or form: an option. */
static enum rc give_named(struct call *call, str name, str value)
{
    const struct opt *opt = find_opt(call->route, name);

    if (value.len > FORM_VALUE_BYTES_MAX) {
        return err_set(&call->act.err, RC_LIMIT, MSG_WEB_VALUE_LONG, arg_text(name),
                       arg_count(FORM_VALUE_BYTES_MAX));
    }
    return opt != NULL ? give_option(call, opt, value)
                       : err_set(&call->act.err, RC_INVALID, MSG_WEB_NAME_UNKNOWN, arg_text(name));
}

/* What is asked of the answer, not of the command; a reason is, where the command asks for none. */
static bool is_about_answer(const struct call *call, str name)
{
    bool is_reason = str_equal(name, STR("reason")) && find_opt(call->route, name) == NULL;

    return faces_know(name) || (is_reason && call->request->method == HTTP_GET);
}

static enum rc read_query(struct call *call)
{
    const struct http_request *request = call->request;
    bool takes_file = call->route->carries == CARRIES_FILE;

    for (int i = 0; i < request->query_count; i++) {
        const struct http_pair *pair = &request->query[i];
        if (is_about_answer(call, pair->name)) {
            continue;
        }
        TRY(takes_file && str_equal(pair->name, STR("name"))
                ? give_operand(call, pair->value)
                : give_named(call, pair->name, pair->value));
    }
    return RC_OK;
}

static enum rc read_member(struct call *call, struct json_reader *json)
{
    str name = json->text;

    TRY(json_next(json));
    if (json->token != JSON_TEXT && json->token != JSON_NUMBER && json->token != JSON_WORD) {
        return json_refuse(json, RC_INVALID, MSG_WEB_MEMBER, arg_text(name), ARG_LAST);
    }
    return give_named(call, name, json->text);
}

static enum rc read_form(struct call *call)
{
    struct act *act = &call->act;
    struct json_reader json;
    bool is_key = false;

    if (call->request->body.len == 0) {
        return RC_OK;
    }
    if (!http_has_type(call->request, STR("application/json"))) {
        return err_set(&act->err, RC_INVALID, MSG_WEB_TYPE, arg_text(STR("application/json")));
    }
    TRY(json_read_begin(&json, call->request->body, STR("body"), &act->arena, &act->err));
    TRY(json_expect(&json, JSON_MAP));
    for (int members = 0;; members++) {
        TRY(json_next_key(&json, &is_key));
        if (!is_key) {
            return json_expect(&json, JSON_END);
        }
        if (members == FORM_MEMBERS_MAX) {
            return err_set(&act->err, RC_LIMIT, MSG_WEB_MEMBERS, arg_count(FORM_MEMBERS_MAX));
        }
        TRY(read_member(call, &json));
    }
}

static enum rc check_complete(struct call *call)
{
    const struct command *command = call->act.command;
    int min = 0;
    int max = 0;

    for (const struct opt *opt = route_opts(call->route); opt->name != NULL; opt++) {
        if (opt->is_required && !act_has(&call->act, opt->name) && !route_skips(opt)) {
            return err_set(&call->act.err, RC_INVALID, MSG_WEB_MISSING,
                           arg_text(str_from(opt->name)), arg_text(str_from(opt->value)));
        }
    }
    if (command == NULL) {
        return RC_OK;
    }
    command_operand_range(command, &min, &max);
    return call->act.operand_count >= min
               ? RC_OK
               : err_set(&call->act.err, RC_INVALID, MSG_WEB_MISSING, arg_text(STR("name")),
                         arg_text(str_from(command->operands)));
}

enum rc form_read(struct call *call)
{
    TRY(faces_choose(call));
    for (int i = 0; i < call->match.param_count; i++) {
        TRY(give_operand(call, call->match.params[i]));
    }
    TRY(read_query(call));
    if (call->route->carries == CARRIES_FORM) {
        TRY(read_form(call));
    }
    return check_complete(call);
}
