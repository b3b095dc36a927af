/* The demonstration: its files, then the main job on them as a person would type it. */
#include <stdio.h>
#include <unistd.h>

#include "act/load.h"
#include "cli/cmd.h"
#include "cli/session.h"
#include "demo/demo.h"
#include "store/file.h"

enum { WORDS_MAX = OPERANDS_MAX, SEED_MAX = 1000000000 };

/* A file goes to its place, its directories are made on the way. */
struct landing {
    struct act *act;
    str directory;
    int count;
    int total;
};

static str path_in(struct act *act, str directory, str name)
{
    struct buf buf;
    str path = {0};

    buf_init(&buf, &act->arena, 1 << 16);
    buf_put(&buf, directory);
    buf_char(&buf, '/');
    buf_put(&buf, name);
    MUST(buf_done(&buf, &path));
    return arena_str(&act->arena, path);
}

static str directory_of(str path)
{
    while (path.len > 0 && path.at[path.len - 1] != '/') {
        path.len--;
    }
    return str_part(path, 0, path.len - 1);
}

static enum rc land(void *self, str name, str bytes)
{
    struct landing *landing = self;
    struct act *act = landing->act;
    str path = path_in(act, landing->directory, name);

    TRY(cx_progress(&act->cx, MSG_CLI_PROGRESS_DEMO, landing->count, landing->total));
    TRY(file_make_directory(directory_of(path), &act->err));
    TRY(file_write_whole(path, bytes, &act->err));
    landing->count++;
    return RC_OK;
}

static enum rc demo_size(struct act *act, bool *out_is_county)
{
    str size = act_text(act, "size");

    *out_is_county = str_equal(size, STR("county"));
    if (!*out_is_county && !str_equal(size, STR("province"))) {
        return err_set(&act->err, RC_INVALID, MSG_CLI_DEMO_SIZE, arg_text(size));
    }
    return RC_OK;
}

static enum rc write_files(struct act *act, str directory)
{
    struct programme *programme = NULL;
    struct problems problems = {0};
    struct demo_options options = {0};
    struct demo_world *world = NULL;
    struct landing landing = {act, directory, 0, 0};
    str path = act_text(act, "programme");
    int64_t seed = 0;

    TRY(demo_size(act, &options.is_county));
    TRY(act_int(act, "seed", 0, SEED_MAX, &seed));
    options.seed = (uint64_t)seed;
    enum rc rc = load_definition(act, &path, 1, &programme, &problems);
    if (rc != RC_OK) {
        say_problems(act, &problems);
        return rc;
    }
    TRY(demo_world_make(&options, programme, &act->arena, &act->err, &world));
    landing.total = demo_file_count(world);
    TRY(demo_write(world, (struct demo_sink){&landing, land}, &act->arena, &act->err));
    SAY(act, MSG_CLI_DEMO_FILES, arg_text(directory), arg_count(landing.count));
    return RC_OK;
}

/* A command line on its way to cli_main. */
struct words {
    struct act *act;
    char *at[WORDS_MAX + 1];
    int count;
};

static void add(struct words *words, str word)
{
    char *kept = arena_take(&words->act->arena, word.len + 1);

    MUST(words->count < WORDS_MAX);
    memcpy(kept, word.at, word.len);
    words->at[words->count++] = kept;
}

/* `line` is split at blanks; "@" in front of a word stands for the demonstration's directory. */
static void add_line(struct words *words, const char *line, str directory)
{
    str rest = str_from(line);
    str word = {0};

    while (str_cut(&rest, ' ', &word)) {
        bool is_inside = str_starts(word, STR("@"));
        add(words, is_inside ? path_in(words->act, directory, str_part(word, 1, word.len)) : word);
    }
}

static enum rc add_ledgers(struct words *words, str directory)
{
    struct act *act = words->act;
    str *names = NULL;
    size_t count = 0;

    TRY(file_list(directory, STR(".xlsx"), &act->arena, &names, &count, &act->err));
    for (size_t i = 0; i < count; i++) {
        add(words, path_in(act, directory, names[i]));
    }
    return RC_OK;
}

/* Say the command as it would be typed; long lists of files are cut. */
static void say_step(struct words *words)
{
    enum { SHOWN = 12 };
    struct buf buf;
    str line = {0};

    buf_init(&buf, &words->act->arena, 1 << 16);
    for (int i = 1; i < words->count && i < SHOWN; i++) {
        buf_char(&buf, ' ');
        buf_put(&buf, str_from(words->at[i]));
    }
    buf_put(&buf, words->count > SHOWN ? STR(" …") : STR(""));
    (void)buf_done(&buf, &line);
    SAY(words->act, MSG_CLI_DEMO_STEP, arg_text(line));
}

static enum rc run_step(struct words *words)
{
    struct act *act = words->act;

    say_step(words);
    (void)fflush(stdout);
    words->at[words->count] = NULL;
    int status = cli_main(words->count, words->at, act->cx.lang);
    if (status != 0) {
        return err_set(&act->err, status == 3 ? RC_BROKEN : RC_INVALID, MSG_CLI_DEMO_STOPPED,
                       arg_number(status));
    }
    return RC_OK;
}

static const char PLAN_STEP[] = "-d @office plan --years 2025-2027 --funds @funds-2025-2027.yaml "
                                "--lock @locks.yaml -o @plan.xlsx";

/* The main job, line by line; "*" at the end: all workbooks of that directory. */
static const char *const STEPS[] = {
    "init @office --programme",
    "-d @office import register @register-2022-12-31.csv --as-of 2022-12-31",
    "-d @office import register @register-2023-12-31.csv --as-of 2023-12-31 --accept 95",
    "-d @office import register @register-2024-12-31.csv --as-of 2024-12-31 --accept 95",
    "-q -d @office import ledger --period 2022 -o @warnings-2022.csv @ledgers/2022/*",
    "-d @office import ledger --period 2022 --level county @ledgers/2022/counties.csv",
    "-q -d @office import ledger --period 2023 -o @warnings-2023.csv @ledgers/2023/*",
    "-d @office import ledger --period 2023 --level county @ledgers/2023/counties.csv",
    "-q -d @office import ledger --period 2024 -o @warnings-2024.csv @ledgers/2024/*",
    "-d @office import ledger --period 2024 --level county @ledgers/2024/counties.csv",
    "-d @office import wishes @wishes.xlsx",
    "-d @office classify --period 2024 -o @tiers.xlsx",
    PLAN_STEP,
};

static enum rc do_step(struct act *act, const char *line, str directory)
{
    struct words words = {.act = act};
    str last = {0};

    add(&words, STR("wancun"));
    if (act->is_json) {
        add(&words, STR("--json"));
    }
    if (session_of(act)->is_quiet) {
        add(&words, STR("-q"));
    }
    add_line(&words, line, directory);
    last = str_from(words.at[words.count - 1]);
    if (str_equal(last, STR("--programme"))) {
        add(&words, act_text(act, "programme"));
    }
    if (str_ends(last, STR("/*"))) {
        words.count--;
        TRY(add_ledgers(&words, str_part(last, 0, last.len - 2)));
    }
    return run_step(&words);
}

enum rc cmd_demo(struct act *act)
{
    str directory = act->operands[0];
    bool only_files = act_has(act, "only-files");

    if (!only_files && file_is_directory(path_in(act, directory, STR("office")))) {
        return err_set(&act->err, RC_CONFLICT, MSG_CLI_DEMO_THERE, arg_text(directory));
    }
    TRY(write_files(act, directory));
    for (size_t i = 0; !only_files && i < COUNT_OF(STEPS); i++) {
        TRY(do_step(act, STEPS[i], directory));
    }
    if (!only_files) {
        SAY(act, MSG_CLI_DEMO_DONE, arg_text(directory));
    }
    return RC_OK;
}
