/* wancun 万村: the program. */
#include <sodium.h>

#include "cli/session.h"

/* The language of the environment: English where it says so, else Chinese. */
static enum lang language(void)
{
    static const char *const VARIABLES[] = {"WANCUN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < COUNT_OF(VARIABLES); i++) {
        const char *text = getenv(VARIABLES[i]);
        if (text != NULL && text[0] != '\0') {
            return str_starts(str_from(text), STR("en")) ? LANG_EN : LANG_ZH;
        }
    }
    return LANG_ZH;
}

int main(int argc, char **argv)
{
    MUST(sodium_init() >= 0);
    return cli_main(argc, argv, language());
}
