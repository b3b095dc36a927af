/* Document trees. */
#include "base/doc.h"

#include <stddef.h>

const struct doc *doc_get(const struct doc *map, str key)
{
    if (map == NULL || map->kind != DOC_MAP) {
        return NULL;
    }
    for (const struct doc *child = map->first; child != NULL; child = child->next) {
        if (str_equal(child->key, key)) {
            return child;
        }
    }
    return NULL;
}
