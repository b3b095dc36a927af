/* Fields of forms. */
#include "web/forms.h"

#define FIELD(name, is_required, value, help)                                                      \
    {                                                                                              \
        name, 0, OPT_TEXT, is_required, value, NULL, help                                          \
    }
#define PASSWORD FIELD("password", true, "PASSWORD", MSG_WEB_FIELD_PASSWORD)
#define CODE     FIELD("code", false, "CODE", MSG_WEB_FIELD_CODE)

const struct opt LOG_IN_FORM[] = {
    FIELD("login", true, "LOGIN", MSG_WEB_FIELD_LOGIN), PASSWORD, CODE, {0}};
const struct opt START_FORM[] = {FIELD("start", true, "TOKEN", MSG_WEB_FIELD_START), PASSWORD, {0}};
const struct opt PROOF_FORM[] = {PASSWORD, CODE, {0}};
const struct opt PASSWORD_FORM[] = {
    PASSWORD, CODE, FIELD("new", true, "PASSWORD", MSG_WEB_FIELD_NEW), {0}};
const struct opt CODE_FORM[] = {FIELD("code", true, "CODE", MSG_WEB_FIELD_CODE), {0}};
