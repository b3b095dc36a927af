/* The first cause of a failure, copied so that it outlives what it speaks of. */
#include "base/err.h"

#include <stdarg.h>
#include <string.h>

struct arg arg_text(str text)
{
    return (struct arg){.kind = ARG_TEXT, .text = text};
}

struct arg arg_count(int64_t count)
{
    return (struct arg){.kind = ARG_COUNT, .number = count};
}

struct arg arg_fixed(int64_t scaled, int decimals)
{
    return (struct arg){.kind = ARG_FIXED, .number = scaled, .decimals = decimals};
}

struct arg arg_number(int64_t number)
{
    return (struct arg){.kind = ARG_NUMBER, .number = number};
}

struct arg arg_msg(enum msg_id id)
{
    return (struct arg){.kind = ARG_MSG, .number = (int64_t)id};
}

static str keep_text(struct err *err, str text)
{
    size_t room = ERR_TEXT_MAX - err->text_len;
    size_t len = text.len < room ? text.len : room;
    char *place = err->text + err->text_len;

    while (len > 0 && len < text.len && ((unsigned char)text.at[len] & 0xC0U) == 0x80U) {
        len--;
    }
    if (len > 0) {
        memcpy(place, text.at, len);
    }
    err->text_len += len;
    return (str){place, len};
}

static void keep_args(struct err *err, va_list list)
{
    err->arg_count = 0;
    err->text_len = 0;
    for (;;) {
        struct arg arg = va_arg(list, struct arg);
        if (arg.kind == ARG_END) {
            return;
        }
        MUST(err->arg_count < ERR_ARGS_MAX);
        if (arg.kind == ARG_TEXT) {
            arg.text = keep_text(err, arg.text);
        }
        err->args[err->arg_count++] = arg;
    }
}

enum rc err_set_at(struct err *err, const char *file, int line, enum rc rc, enum msg_id msg, ...)
{
    va_list list;

    MUST(rc != RC_OK);
    if (err->rc != RC_OK) {
        return err->rc;
    }
    err->rc = rc;
    err->msg = msg;
    err->file = file;
    err->line = line;
    va_start(list, msg);
    keep_args(err, list);
    va_end(list);
    return rc;
}

void err_copy(struct err *to, const struct err *from)
{
    *to = *from;
    for (int i = 0; i < from->arg_count; i++) {
        if (from->args[i].kind == ARG_TEXT) {
            to->args[i].text.at = to->text + (from->args[i].text.at - from->text);
        }
    }
}

void err_clear(struct err *err)
{
    err->rc = RC_OK;
    err->arg_count = 0;
    err->text_len = 0;
}
