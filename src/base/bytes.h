/* Where bytes go: a file, a socket, a buffer. What makes bytes never opens anything. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include "base/err.h"
#include "base/str.h"

struct byte_sink {
    void *self;
    /* Takes all of `bytes` or fails; they live until the call returns. */
    enum rc (*take)(void *self, str bytes);
};

#endif
