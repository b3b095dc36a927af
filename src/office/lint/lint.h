/* Whether a programme makes sense as a whole, beyond what its grammar says (decision 15): every
 * object names its basis, what is scored does not reward hiding, gates can be passed, money can be
 * spent, groups of measures stay small. */
#ifndef OFFICE_LINT_LINT_H
#define OFFICE_LINT_LINT_H

#include "office/grammar/problem.h"
#include "office/programme/programme.h"

/* Add what is wrong with a programme that could be read without a fault. */
void lint_programme(const struct programme *programme, struct problems *problems);

/* Parts of it. */
void lint_dictionary(const struct programme *programme, struct problems *problems);
void lint_ladder(const struct programme *programme, struct problems *problems);
void lint_board(const struct programme *programme, struct problems *problems);
void lint_groups(const struct programme *programme, struct problems *problems);

#endif
