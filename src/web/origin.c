/* Where a request comes from. */
#include "web/origin.h"

/* "https://wancun.example:8443" without its scheme; "" of any other form, "null" among them. */
static str without_scheme(str origin)
{
    const str secure = STR("https://");
    const str plain = STR("http://");

    if (str_starts(origin, secure)) {
        return str_part(origin, secure.len, origin.len);
    }
    return str_starts(origin, plain) ? str_part(origin, plain.len, origin.len) : STR("");
}

/* What stands before the port, if there is one; an IPv6 address stands in brackets. */
static str without_port(str host)
{
    size_t from = str_starts(host, STR("[")) ? str_find(host, STR("]")) : 0;
    size_t colon = from == STR_NONE ? STR_NONE : str_find(str_part(host, from, host.len), STR(":"));

    return colon == STR_NONE ? host : str_part(host, 0, from + colon);
}

bool origin_is_elsewhere(str site, str origin, str host)
{
    str from = without_scheme(origin);

    if (site.len > 0) {
        return !str_equal(site, STR("same-origin")) && !str_equal(site, STR("none"));
    }
    if (origin.len == 0) {
        return false;
    }
    bool has_port = without_port(host).len < host.len;
    return from.len == 0 || !str_equal(has_port ? from : without_port(from), host);
}
