/* limits_page zh|en: the table of limits as a page. */
#include <inttypes.h>
#include <stdio.h>

#include "base/msg.h"
#include "http/limits.h"

struct words {
    const char *head;
    const char *none;
    const char *closed;
};

static const struct words WORDS[] = {
    [LANG_ZH] =
        {
            "# HTTP 限额\n\n[English](en/limits.md)\n\n"
            "服务程序的大门（`src/http`）对外来的一切都有限额。本页由限额表生成"
            "（`sh tests/http/limits.sh … --write`），每行都有测试（`src/http/hostile_test.c`）。\n"
            "没有数字的行不是数量限制，只说明拒绝什么。\n\n"
            "| 名称 | 默认 | 回答 | 限制什么 |\n| --- | ---: | --- | --- |\n",
            "—",
            "关闭连接",
        },
    [LANG_EN] =
        {
            "# Limits of HTTP\n\n[中文](../limits.md)\n\n"
            "The server's door (`src/http`) has a limit for everything that comes from outside. "
            "This page is made\nfrom the table of limits (`sh tests/http/limits.sh … --write`); "
            "each row has a test (`src/http/hostile_test.c`).\n"
            "Rows without a number bound no quantity; they say what is refused.\n\n"
            "| name | default | answer | what it bounds |\n| --- | ---: | --- | --- |\n",
            "—",
            "the connection is closed",
        },
};

static void print_row(const struct http_limit_row *row, enum lang lang)
{
    const struct words *words = &WORDS[lang];
    str text = msg_text(lang, row->text);

    (void)printf("| `%.*s` | ", STR_ARG(row->name));
    if (row->amount > 0) {
        (void)printf("%" PRId64, row->amount);
    } else {
        (void)printf("%s", words->none);
    }
    if (row->status > 0) {
        (void)printf(" | %d", row->status);
    } else {
        (void)printf(" | %s", words->closed);
    }
    if (row->retry_s > 0) {
        (void)printf(lang == LANG_ZH ? "，`Retry-After: %d`" : ", `Retry-After: %d`", row->retry_s);
    }
    (void)printf(" | %.*s |\n", STR_ARG(text));
}

int main(int argc, char **argv)
{
    enum lang lang = argc == 2 && strcmp(argv[1], "en") == 0 ? LANG_EN : LANG_ZH;

    (void)printf("%s", WORDS[lang].head);
    for (int i = 0; i < HTTP_LIMIT_COUNT; i++) {
        print_row(&HTTP_LIMITS[i], lang);
    }
    return 0;
}
