/* Loaded before a program (LD_PRELOAD), it puts a disk of a known speed in the place of the real one:
 * each fsync and fdatasync takes SLOW_US microseconds, one after the other as on one disk, whichever
 * process asks.  Nothing is really synced, so that the real disk has no say.
 *
 * The file SLOW_CALLS is shared by all processes; it holds how many calls there were, and when the
 * disk has done what it was asked so far.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL

struct disk {
    atomic_int_fast64_t calls;
    atomic_int_fast64_t done; /* nanoseconds of the monotonic clock, which all processes share */
};

static struct disk alone;
static struct disk *disk = &alone;
static int64_t delay;

__attribute__((constructor)) static void prepare(void)
{
    const char *microseconds = getenv("SLOW_US"), *name = getenv("SLOW_CALLS");
    int file;

    delay = microseconds ? atoll(microseconds) * 1000 : 0;
    if (!name)
        return;
    file = open(name, O_RDWR | O_CLOEXEC);
    disk = mmap(NULL, sizeof *disk, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (disk == MAP_FAILED) {
        perror(name);
        _exit(70);
    }
    close(file);
}

static int sync_slowly(int file)
{
    struct timespec time;
    int64_t now, done, mine;

    if (fcntl(file, F_GETFD) < 0)
        return -1;
    atomic_fetch_add(&disk->calls, 1);
    if (!delay)
        return 0;
    clock_gettime(CLOCK_MONOTONIC, &time);
    now = time.tv_sec * SECOND + time.tv_nsec;
    done = atomic_load(&disk->done);
    do {
        mine = (done > now ? done : now) + delay;
    } while (!atomic_compare_exchange_weak(&disk->done, &done, mine));
    time.tv_sec = mine / SECOND;
    time.tv_nsec = mine % SECOND;
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR)
        ;
    return 0;
}

int fsync(int file) { return sync_slowly(file); }
int fdatasync(int file) { return sync_slowly(file); }

/* Only a hint to begin writing; the promise is an fsync's. */
int sync_file_range(int file, off64_t from, off64_t length, unsigned flags)
{
    (void)from, (void)length, (void)flags;
    return fcntl(file, F_GETFD) < 0 ? -1 : 0;
}
