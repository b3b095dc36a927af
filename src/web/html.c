/* Escaping for HTML. */
#include "web/html.h"

void html_text(struct buf *out, str text)
{
    for (size_t i = 0; i < text.len; i++) {
        switch (text.at[i]) {
        case '&':
            buf_put(out, STR("&amp;"));
            break;
        case '<':
            buf_put(out, STR("&lt;"));
            break;
        case '>':
            buf_put(out, STR("&gt;"));
            break;
        case '"':
            buf_put(out, STR("&quot;"));
            break;
        case '\'':
            buf_put(out, STR("&#39;"));
            break;
        default:
            buf_char(out, text.at[i]);
        }
    }
}
