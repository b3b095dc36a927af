/* Calls that have a better way in this house. Force-included by the build. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncat sprintf vsprintf strtok gets
#pragma GCC poison localtime gmtime asctime ctime mktime
#pragma GCC poison atoi atol atof system srand

/* Headers we need use these names for things of their own: spoilt for us, not poisoned for them. */
#undef strncpy
#define strncpy strncpy_is_banned
#define rand    rand_is_banned

#endif
