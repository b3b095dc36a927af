/* What the forms of routes without a command take. */
#ifndef WEB_FORMS_H
#define WEB_FORMS_H

#include "act/command.h"

extern const struct opt LOG_IN_FORM[];
extern const struct opt START_FORM[];
extern const struct opt PROOF_FORM[];
extern const struct opt PASSWORD_FORM[];
extern const struct opt CODE_FORM[];

#endif
