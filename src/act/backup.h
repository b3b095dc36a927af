/* The shape of a backup: a tar file of these entries, in this order, the originals by hash. */
#ifndef ACT_BACKUP_H
#define ACT_BACKUP_H

#include "base/str.h"

#define BACKUP_FORMAT    "wancun backup 1"
#define BACKUP_ABOUT     "about.txt"
#define BACKUP_DATABASE  "wancun.db"
#define BACKUP_ORIGINALS "files/"
#define BACKUP_SUMS      "SHA256SUMS" /* of all the others, as sha256sum -c reads them */
enum { BACKUP_TEXT_MAX = 64 << 20 };

/* Lines of BACKUP_ABOUT behind its first one, BACKUP_FORMAT: a word, a blank, the rest. */
#define BACKUP_KEY        "key " /* the public key of the trace, Base64 */
#define BACKUP_DAY        "day "
#define BACKUP_CHECKPOINT "checkpoint " /* the number of the newest one */
#define BACKUP_ROOT       "root "       /* its root, hexadecimal */

#endif
