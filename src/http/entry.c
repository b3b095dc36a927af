/* The library's call for each step of a request, whose signature is the library's, as one struct.
 */
#include "http/parts.h"

enum MHD_Result access_entry(void *self, struct MHD_Connection *connection, const char *url,
                             const char *method, const char *version, const char *bytes,
                             size_t *len, void **state)
{
    const struct access_call call = {connection, url, method, version, bytes, len, state};

    return access_step(self, &call);
}
