/* The plain page. */
#include "web/page.h"

#include "act/load.h"
#include "office/account/demo.h"
#include "web/account.h"
#include "web/html.h"
#include "web/owner.h"
#include "web/server_in.h"

enum { PAGE_BYTES_MAX = 256 << 10 };

struct page {
    struct call *call;
    struct buf out;
    enum lang lang;
    const struct programme *programme;
};

static void put(struct page *page, str html)
{
    buf_put(&page->out, html);
}

static void say(struct page *page, str open, enum msg_id text, str close)
{
    put(page, open);
    html_text(&page->out, msg_text(page->lang, text));
    put(page, close);
}

static void put_head(struct page *page)
{
    bool is_zh = page->lang == LANG_ZH;

    put(page, STR("<!doctype html>\n<html lang=\""));
    put(page, is_zh ? STR("zh-CN") : STR("en"));
    put(page, STR("\"><head><meta charset=\"utf-8\">"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                  "<link rel=\"stylesheet\" href=\"/assets/page.css\"><title>"));
    say(page, STR(""), MSG_WEB_PAGE_NAME, STR("</title></head>\n<body><main>\n<p class=\"lang\">"));
    put(page, is_zh ? STR("<a href=\"/?lang=en\" lang=\"en\">English</a></p>\n")
                    : STR("<a href=\"/?lang=zh\" lang=\"zh-CN\">中文</a></p>\n"));
    say(page, STR("<h1>"), MSG_WEB_PAGE_NAME, STR("</h1>\n"));
    say(page, STR("<p>"), MSG_WEB_PAGE_WHAT, STR("</p>\n"));
    put(page, STR("<p class=\"notice\">"));
    html_text(&page->out, text_in(page->programme->name, page->lang));
    put(page, STR("　"));
    html_text(&page->out, text_in(page->programme->notice, page->lang));
    put(page, STR("</p>\n"));
}

static void put_link(struct page *page, str address, enum msg_id text)
{
    put(page, STR("<li><a href=\""));
    put(page, address);
    say(page, STR("\">"), text, STR("</a></li>\n"));
}

static void put_links(struct page *page)
{
    bool is_zh = page->lang == LANG_ZH;

    say(page, STR("<h2>"), MSG_WEB_PAGE_MORE, STR("</h2>\n<ul>\n"));
    put_link(page, is_zh ? STR("/docs/api.md") : STR("/docs/en/api.md"), MSG_WEB_PAGE_GUIDE);
    put_link(page, STR("/api"), MSG_WEB_PAGE_API);
    put_link(page, is_zh ? STR("/docs/rights.md") : STR("/docs/en/rights.md"), MSG_WEB_PAGE_RIGHTS);
    put(page, STR("</ul>\n"));
}

static void put_button(struct page *page, str post, str level, str name)
{
    put(page, STR("<form method=\"post\" action=\"/demo/"));
    html_text(&page->out, post);
    put(page, STR("/"));
    html_text(&page->out, level);
    put(page, page->lang == LANG_ZH ? STR("?lang=zh") : STR("?lang=en"));
    put(page, STR("\"><button>"));
    html_text(&page->out, name);
    put(page, STR("</button></form>\n"));
}

static void put_post(struct page *page, const struct post_kind *post)
{
    const struct programme *programme = page->programme;

    put(page, STR("<tr><th scope=\"row\">"));
    html_text(&page->out, text_in(post->name, page->lang));
    put(page, STR("</th><td>\n"));
    for (int i = 0; i < programme->level_count; i++) {
        if ((post->levels >> i & 1) != 0) {
            put_button(page, post->id, programme->levels[i].id,
                       text_in(programme->levels[i].name, page->lang));
        }
    }
    put(page, STR("</td></tr>\n"));
}

static void put_administrators(struct page *page)
{
    say(page, STR("<tr><th scope=\"row\">"), MSG_WEB_PAGE_ADMINISTRATORS, STR("</th><td>\n"));
    for (int i = PERSON_OFFICIAL + 1; i < PERSON_KINDS; i++) {
        put_button(page, PERSON_KIND_ROWS[i].id, DEMO_LEVEL_OFFICE,
                   msg_text(page->lang, PERSON_KIND_ROWS[i].name));
    }
    put(page, STR("</td></tr>\n"));
}

static void put_trying_out(struct page *page)
{
    say(page, STR("<h2>"), MSG_WEB_PAGE_TRY, STR("</h2>\n"));
    say(page, STR("<p>"), MSG_WEB_PAGE_TRY_WHAT, STR("</p>\n<table>\n"));
    for (int i = 0; i < page->programme->post_count; i++) {
        put_post(page, &page->programme->posts[i]);
    }
    put_administrators(page);
    put(page, STR("</table>\n"));
}

static void put_leave(struct page *page)
{
    say(page, STR("<form method=\"post\" action=\"/leave\"><button>"), MSG_WEB_PAGE_LEAVE,
        STR("</button></form>\n<ul>\n"));
    put_link(page, STR("/api/session"), MSG_WEB_PAGE_POSTS);
    put_link(page, STR("/api/runs"), MSG_WEB_PAGE_RUNS);
    put_link(page, STR("/api/notices"), MSG_WEB_PAGE_NOTICES);
    put(page, STR("</ul>\n"));
}

/* The owner of the data directory, and what is to be done first. */
static void put_owner(struct page *page)
{
    say(page, STR("<h2>"), MSG_WEB_PAGE_YOU, STR("</h2>\n"));
    say(page, STR("<p>"), MSG_WEB_PAGE_OWNER, STR("</p>\n"));
    say(page, STR("<p>"), MSG_WEB_PAGE_FIRST, STR("</p>\n"));
    put_leave(page);
}

static enum rc put_person(struct page *page)
{
    struct call *call = page->call;
    struct person person = {0};

    TRY(person_load(&call->act.cx, call->actor.person, &person));
    say(page, STR("<h2>"), MSG_WEB_PAGE_YOU, STR("</h2>\n<p>"));
    html_text(&page->out, person.name);
    put(page, STR(" ("));
    html_text(&page->out, person.login);
    put(page, STR(")</p>\n"));
    put_leave(page);
    return RC_OK;
}

static bool names_this_machine(str host)
{
    static const str NAMES[] = {STR_INIT("127.0.0.1"), STR_INIT("localhost"), STR_INIT("[::1]")};

    for (size_t i = 0; i < COUNT_OF(NAMES); i++) {
        str rest = str_part(host, NAMES[i].len, host.len);
        if (str_starts(host, NAMES[i]) && (rest.len == 0 || rest.at[0] == ':')) {
            return true;
        }
    }
    return false;
}

/* Asked on this machine, by its own name, and through no proxy: behind one, everybody's requests
 * come from here. A page of another site that had its name lead here would say that name. */
static bool is_at_home(const struct call *call)
{
    static const str PASSED_ON[] = {STR_INIT("x-forwarded-for"), STR_INIT("x-forwarded-host"),
                                    STR_INIT("forwarded"), STR_INIT("via"), STR_INIT("x-real-ip")};
    const struct http_request *request = call->request;

    for (size_t i = 0; i < COUNT_OF(PASSED_ON); i++) {
        if (http_header(request, PASSED_ON[i]).len > 0) {
            return false;
        }
    }
    return !call->server->opts.is_https && names_this_machine(http_header(request, STR("host")));
}

static bool may_try_out(const struct call *call, const struct programme *programme)
{
    return is_at_home(call) && demo_is_allowed(programme, call->server->opts.listen);
}

enum rc page_front(struct call *call)
{
    struct act *act = &call->act;
    struct page page = {.call = call, .lang = act->cx.lang};
    struct programme *programme = NULL;
    struct byte_sink sink = spool_sink(call->faces.spool);
    str text = {0};

    TRY(load_programme(act, &programme));
    page.programme = programme;
    buf_init(&page.out, &act->arena, PAGE_BYTES_MAX);
    put_head(&page);
    if (call->actor.kind == ACTOR_PERSON) {
        TRY(put_person(&page));
    }
    if (call->actor.kind == ACTOR_LOCAL) {
        put_owner(&page);
    }
    if (may_try_out(call, programme)) {
        put_trying_out(&page);
    }
    put_links(&page);
    put(&page, STR("</main></body></html>\n"));
    MUST(buf_done(&page.out, &text));
    call->is_plain = true;
    call->type = STR("text/html; charset=utf-8");
    return sink.take(sink.self, text);
}

static void go_home(struct call *call)
{
    call->location = call->act.cx.lang == LANG_ZH ? STR("/?lang=zh") : STR("/?lang=en");
}

enum rc page_try_out(struct call *call)
{
    struct act *act = &call->act;
    struct programme *programme = NULL;
    struct unit_tree tree;
    struct login login = {.device = http_header(call->request, STR("user-agent"))};

    TRY(load_programme(act, &programme));
    if (!may_try_out(call, programme)) {
        return err_set(&act->err, RC_MISSING, MSG_DEMO_NONE);
    }
    TRY(unit_tree_load(&act->cx, programme,
                       date_of_moment(act->cx.now_ms, programme->offset_minutes), &tree));
    const struct demo_door door = {programme, &tree, call->server->opts.listen};
    TRY(demo_log_in(&act->cx, &door, act->operands[0], act->operands[1], &login));
    account_let_in(call, login.token);
    go_home(call);
    return RC_OK;
}

enum rc page_enter(struct call *call)
{
    struct act *act = &call->act;
    struct owner *owner = call->server->owner;
    str token = {0};

    if (owner == NULL || !is_at_home(call) ||
        !owner_enter(owner, act->operands[0], act->cx.now_ms, &act->arena, &token)) {
        return err_set(&act->err, RC_DENIED, MSG_WEB_ENTER);
    }
    account_let_in(call, token);
    go_home(call);
    return RC_OK;
}

enum rc page_leave(struct call *call)
{
    TRY(account_log_out(call));
    go_home(call);
    return RC_OK;
}
