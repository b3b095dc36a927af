/* One form for what people type in several: full and half width, blanks, dashes, brackets, letter
 * case, square units, and the few character variants that meet in office files. */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include "base/buf.h"
#include "base/str.h"

/* Write `text` folded: half width, lower case, any blank or line break as ' ', any dash or minus as
 * '-', any bracket as ( or ), ㎡ and m² as m2, 內 as 内. Valid UTF-8 stays valid and never becomes
 * longer. */
void fold_put(struct buf *out, str text);

#endif
