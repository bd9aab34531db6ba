/* vectorscan FILE: counts e-mail addresses, phone numbers, Finnish identity codes and IBANs in FILE, by shape, with the
 * start of each match, as somebody would who puts this library to the same work: blocks of 1 MiB, read one by one.
 * (What stands across the border of two blocks is lost; that costs it matches, not time.)
 * cc -O2 vectorscan.c -o vectorscan $(pkg-config --cflags --libs libhs) */
#include <fcntl.h>
#include <hs.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { KINDS = 4, BLOCK = 1 << 20 };

static const char *const patterns[KINDS] = {
    "[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}\\b",
    "(\\+|\\b0)[0-9]([ -]?[0-9]){6,13}\\b",
    "\\b[0-3][0-9][01][0-9]{3}[-+A-FU-Y][0-9]{3}[0-9A-FHJ-NPR-Y]\\b",
    "\\b[A-Z]{2}[0-9]{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,4})?\\b",
};

struct tally {
    unsigned long long last[KINDS], found[KINDS];
};

static int count(unsigned kind, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    struct tally *tally = context;
    (void)to, (void)flags;
    /* One match is reported at each place where it could end. */
    if (tally->last[kind] != from + 1) {
        tally->last[kind] = from + 1;
        tally->found[kind]++;
    }
    return 0;
}

int main(int argc, char **argv) {
    const unsigned ids[KINDS] = {0, 1, 2, 3};
    const unsigned flags[KINDS] = {HS_FLAG_SOM_LEFTMOST, HS_FLAG_SOM_LEFTMOST, HS_FLAG_SOM_LEFTMOST, HS_FLAG_SOM_LEFTMOST};
    static char block[BLOCK];
    struct tally tally = {{0}, {0}};
    hs_compile_error_t *error = NULL;
    hs_database_t *database = NULL;
    hs_scratch_t *scratch = NULL;
    size_t filled = 0;
    int file;

    if (argc != 2 || (file = open(argv[1], O_RDONLY)) < 0) return 2;
    if (hs_compile_multi(patterns, flags, ids, KINDS, HS_MODE_BLOCK, NULL, &database, &error) != HS_SUCCESS) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    if (hs_alloc_scratch(database, &scratch) != HS_SUCCESS) return 1;
    for (;;) {
        ssize_t length = read(file, block + filled, BLOCK - filled);
        if (length < 0) return 1;
        filled += (size_t)length;
        if (length > 0 && filled < BLOCK) continue;
        for (int kind = 0; kind < KINDS; kind++) tally.last[kind] = 0;
        if (filled > 0 && hs_scan(database, block, (unsigned)filled, 0, scratch, count, &tally) != HS_SUCCESS) return 1;
        if (length == 0) break;
        filled = 0;
    }
    printf("%llu %llu %llu %llu\n", tally.found[0], tally.found[1], tally.found[2], tally.found[3]);
    return 0;
}
