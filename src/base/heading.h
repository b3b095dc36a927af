/* The heading of a column in the form in which names and aliases are compared. */
#ifndef BASE_HEADING_H
#define BASE_HEADING_H

#include "base/arena.h"
#include "base/str.h"

/* All parts are folded (fold.h) and without blanks, line breaks, brackets, underscores, colons,
 * asterisks and quotation marks.
 *     "户籍 人口（人）"        whole "户籍人口人"   name "户籍人口"   unit "人"
 *     "污水治理率(单位:％)"    whole "污水治理率%"  name "污水治理率" unit "%"
 * A heading is known when `name` is, or, for brackets that hold no unit ("性别比（女=100）"), when
 * `whole` is. */
struct heading {
    str whole;
    str name;
    str unit; /* what the last bracket holds when it ends the heading, without "单位"; "" if none */
};

struct heading heading_of(str text, struct arena *arena);

#endif
