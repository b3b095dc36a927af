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

bool doc_is_empty(const struct doc *doc)
{
    return doc == NULL || doc->kind == DOC_NULL || (doc->kind == DOC_TEXT && doc->text.len == 0);
}
