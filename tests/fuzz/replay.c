/* replay DIR: every file of a fuzz corpus through its target once, as a plain test. */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_BYTES_MAX = 1 << 20 };

static unsigned char input[INPUT_BYTES_MAX];

static int replay(const char *dir, const char *name)
{
    char path[4096];
    int len = snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *file = len < (int)sizeof(path) ? fopen(path, "rb") : NULL;

    if (file == NULL) {
        perror(name);
        return 1;
    }
    size_t size = fread(input, 1, sizeof(input), file);
    (void)fclose(file);
    /* A copy of the exact size, so that reading beyond it is seen. */
    unsigned char *copy = malloc(size == 0 ? 1 : size);
    if (copy == NULL) {
        return 1;
    }
    memcpy(copy, input, size);
    (void)LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    return 0;
}

int main(int count, char **args)
{
    DIR *dir = count == 2 ? opendir(args[1]) : NULL;
    const struct dirent *entry = NULL;
    int number = 0;

    if (dir == NULL) {
        (void)fprintf(stderr, "replay: no corpus\n");
        return 2;
    }
    /* One thread: readdir is safe. */
    while ((entry = readdir(dir)) != NULL) { /* NOLINT(concurrency-mt-unsafe) */
        if (entry->d_name[0] == '.') {
            continue;
        }
        if (replay(args[1], entry->d_name) != 0) {
            return 1;
        }
        number++;
    }
    (void)closedir(dir);
    (void)fprintf(stderr, "replay: %d inputs\n", number);
    return number == 0;
}
