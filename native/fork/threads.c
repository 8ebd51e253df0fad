/*
 * Parking: every other thread of the process is interrupted by a signal whose handler waits, so that it stands still and its
 * registers and its stack can be looked at, in the parent, and be brought back to life, in the child.
 */
#include "parts.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* The library keeps this one free of other use. */
#define PARKING_SIGNAL (SIGRTMAX - 2)

#define MICROSECOND 1000L
#define LONGEST_PARKING (100 * 1000 * MICROSECOND)
#define PARKING_LOOK (2 * 1000 * MICROSECOND)
/* struct pthread of glibc on x64: the header that compilers know (tcbhead_t) ends at 704, and what is looked for comes soon after. */
#define CONTROL_BLOCK_HEADER 704
#define CONTROL_BLOCK_SEARCHED 2048

struct thread thread_table[MOST_THREADS];
int thread_count;

static _Atomic int parked; /* futex: goes up when a thread has been parked */
static long id_offset;

int obstructed(struct gannet_fork_attempt *attempt, int obstacle, const struct thread *thread)
{
    attempt->obstacle = obstacle;
    if (thread != 0)
    {
        attempt->thread = thread->id;
        memcpy(attempt->name, thread->name, sizeof attempt->name);
    }

    return -1;
}

int obstructed_by_system(struct gannet_fork_attempt *attempt, int error)
{
    attempt->error = error;
    return obstructed(attempt, GANNET_FORK_SYSTEM, 0);
}

/* ---- The handler ---- */

static struct thread *find(int id)
{
    FOR_EACH_THREAD(thread)
    {
        if (thread->id == id)
        {
            return thread;
        }
    }

    return 0;
}

static int advance(struct thread *thread, int from, int to)
{
    return atomic_compare_exchange_strong(&thread->state, &from, to);
}

/* The attempt that has called may have been given up by then, before either step: nobody waits for this thread any more, and it goes on. */
static void stand_still(struct thread *thread, void *context)
{
    if (!advance(thread, CALLED, PARKING))
    {
        return;
    }

    thread->context = context;
    thread->control_block = (char *)pthread_self();
    sched_getaffinity(0, sizeof thread->processors, &thread->processors);
    if (!advance(thread, PARKING, PARKED))
    {
        return;
    }

    atomic_fetch_add(&parked, 1);
    futex_wake(&parked, 1);
    while (atomic_load(&thread->state) == PARKED)
    {
        futex_wait(&thread->state, PARKED, 0);
    }
}

/* The frame of this signal stays on the thread's stack; the child lets a new thread return from it. */
static void park(int signal, siginfo_t *info, void *context)
{
    int error = errno;
    struct thread *thread = find((int)syscall(SYS_gettid));
    (void)signal;
    (void)info;
    if (thread != 0)
    {
        /* Before the state is looked at: whoever calls after that look sends another. */
        atomic_store(&thread->is_signalled, 0);
        stand_still(thread, context);
    }

    errno = error;
}

int threads_install_handler(void)
{
    struct sigaction action = { .sa_flags = SA_SIGINFO | SA_RESTART }, before;
    action.sa_sigaction = park;
    sigfillset(&action.sa_mask);
    if (sigaction(PARKING_SIGNAL, 0, &before) != 0 || before.sa_handler != SIG_DFL)
    {
        return GANNET_FORK_SIGNAL_TAKEN;
    }

    return sigaction(PARKING_SIGNAL, &action, 0) == 0 ? GANNET_FORK_SUPPORTED : GANNET_FORK_SIGNAL_TAKEN;
}

/* Native code that puts all signals back to their defaults knows nothing of this one, by which the process would end then. */
int threads_keep_handler(struct gannet_fork_attempt *attempt)
{
    struct sigaction now;
    if (sigaction(PARKING_SIGNAL, 0, &now) == 0 && now.sa_sigaction == park)
    {
        return 0;
    }

    return threads_install_handler() == GANNET_FORK_SUPPORTED ? 0 : obstructed(attempt, GANNET_FORK_SIGNAL_LOST, 0);
}

static int holds_id_at(const char *control_block, long offset)
{
    return offset >= CONTROL_BLOCK_HEADER && offset < CONTROL_BLOCK_SEARCHED && offset % (long)sizeof(int) == 0
        && *(const int *)(control_block + offset) == (int)syscall(SYS_gettid);
}

/*
 * Where the C library keeps a thread's number in struct pthread, which no header tells. It has the kernel clear that place at the thread's
 * end, and a kernel that can checkpoint tells which place that is. Otherwise it is looked for behind the header, in which a small number
 * such as 1, that of the first process of a container, stands for other things.
 */
int threads_find_id_offset(void)
{
    char *control_block = (char *)pthread_self(), *cleared = 0;
    if (prctl(PR_GET_TID_ADDRESS, &cleared, 0, 0, 0) == 0 && holds_id_at(control_block, cleared - control_block))
    {
        id_offset = cleared - control_block;
        return GANNET_FORK_SUPPORTED;
    }

    for (id_offset = CONTROL_BLOCK_HEADER; id_offset < CONTROL_BLOCK_SEARCHED; id_offset += (long)sizeof(int))
    {
        if (holds_id_at(control_block, id_offset))
        {
            return GANNET_FORK_SUPPORTED;
        }
    }

    return GANNET_FORK_NO_THREAD_ID;
}

int *thread_id_of(const struct thread *thread)
{
    return (int *)(thread->control_block + id_offset);
}

/* ---- Listing ---- */

struct listing
{
    int self;
    int ended_leader; /* 0: the leader is alive */
    int seen;
    int unknown;
    int overflow;
    unsigned char present[MOST_THREADS];
};

static struct listing listing;

/* The beginning of a file of a thread's in /proc, as text. Minus an errno, or 0. */
static int read_of_thread(int id, const char *file, char *text, size_t room)
{
    char path[64];
    append(append(append_number(append(path, "/proc/self/task/"), (unsigned long)id), "/"), file);
    memset(text, 0, room);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int error = fd < 0 || read(fd, text, room - 1) < 0 ? -errno : 0;
    if (fd >= 0)
    {
        close(fd);
    }

    return error;
}

static int read_name(int id, char name[NAME_LENGTH])
{
    int error = read_of_thread(id, "comm", name, NAME_LENGTH);
    name[strcspn(name, "\n")] = 0;
    return error;
}

/*
 * The leader of a process, whose number is the process's, stays listed when it has ended before the others: after a fork on a thread of the
 * pool, for instance. No other thread does. Behind the name, which may hold anything, its state follows the last bracket.
 */
static int has_leader_ended(int leader)
{
    char status[128];
    const char *name_end = read_of_thread(leader, "stat", status, sizeof status) == 0 ? strrchr(status, ')') : 0;
    return name_end != 0 && (name_end[2] == 'Z' || name_end[2] == 'X');
}

static struct thread *take_place(int id)
{
    for (struct thread *thread = thread_table; thread < thread_table + MOST_THREADS; thread++)
    {
        if (thread->id == 0)
        {
            int place = (int)(thread - thread_table);
            atomic_store(&thread->state, LOOSE);
            atomic_store(&thread->is_signalled, 0);
            thread->id = id;
            thread_count = place >= thread_count ? place + 1 : thread_count;
            return thread;
        }
    }

    return 0;
}

static int is_other(int id)
{
    return id != listing.self && id != listing.ended_leader;
}

static int enter(int id, void *unused)
{
    (void)unused;
    if (!is_other(id))
    {
        return 0;
    }

    struct thread *thread = find(id);
    thread = thread != 0 ? thread : take_place(id);
    listing.overflow |= thread == 0;
    if (thread != 0)
    {
        listing.present[thread - thread_table] = 1;
    }

    return thread == 0;
}

static int count(int id, void *unused)
{
    (void)unused;
    listing.seen += is_other(id);
    listing.unknown |= is_other(id) && find(id) == 0;
    return 0;
}

static void begin_listing(void)
{
    memset(&listing, 0, sizeof listing);
    int leader = getpid();
    listing.self = (int)syscall(SYS_gettid);
    listing.ended_leader = leader != listing.self && has_leader_ended(leader) ? leader : 0;
}

/* A thread keeps its place as long as it lives, so that a signal that it takes late finds the right one. */
static int list_threads(struct gannet_fork_attempt *attempt)
{
    begin_listing();
    int error = for_each_entry("/proc/self/task", enter, 0);
    if (error < 0)
    {
        return obstructed_by_system(attempt, -error);
    }

    if (listing.overflow)
    {
        return obstructed(attempt, GANNET_FORK_TOO_MANY_THREADS, 0);
    }

    FOR_EACH_THREAD(thread)
    {
        if (!listing.present[thread - thread_table])
        {
            thread->id = 0;
        }
    }

    return 0;
}

/* While all known ones stand still, only those that are new can have made others. */
int threads_still_same(struct gannet_fork_attempt *attempt)
{
    int known = 0;
    begin_listing();
    int error = for_each_entry("/proc/self/task", count, 0);
    if (error < 0)
    {
        return obstructed_by_system(attempt, -error);
    }

    FOR_EACH_THREAD(thread)
    {
        known++;
    }

    return !listing.unknown && listing.seen == known ? 0 : obstructed(attempt, GANNET_FORK_THREADS_CHANGE, 0);
}

/* ---- Parking ---- */

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static int take_pending(char *line, void *pending)
{
    static const char key[] = "SigPnd:";
    const char *at = line + sizeof key - 1;
    int is_found = strncmp(line, key, sizeof key - 1) == 0;
    *(unsigned long *)pending = is_found ? take_number(&at, 16) : 0;
    return is_found;
}

/* Not if it has been taken in another way than by the handler, or thrown away with the handler. */
static int is_on_its_way(int id)
{
    char path[64];
    unsigned long pending = 0;
    append(append_number(append(path, "/proc/self/task/"), (unsigned long)id), "/status");
    return read_lines(path, take_pending, &pending) == 1 && (pending >> (PARKING_SIGNAL - 1) & 1) != 0;
}

/* Where a signal of an earlier attempt is still on its way, that one will do: those to a thread that never takes them would fill the queue. */
static int call(struct thread *thread)
{
    atomic_store(&thread->state, CALLED);
    if (atomic_exchange(&thread->is_signalled, 1) && is_on_its_way(thread->id))
    {
        return 0;
    }

    if (syscall(SYS_tgkill, getpid(), thread->id, PARKING_SIGNAL) == 0)
    {
        return 0;
    }

    atomic_store(&thread->is_signalled, 0);
    return -errno;
}

static int call_all(struct gannet_fork_attempt *attempt)
{
    FOR_EACH_THREAD(thread)
    {
        int error = call(thread);
        if (error != 0)
        {
            /* It has just ended; or too many signals are queued (EAGAIN), which passes as well. */
            attempt->error = -error;
            return obstructed(attempt, error == -ESRCH ? GANNET_FORK_THREADS_CHANGE : GANNET_FORK_THREAD_DEAF, thread);
        }
    }

    return 0;
}

static struct thread *find_loose(void)
{
    FOR_EACH_THREAD(thread)
    {
        if (atomic_load(&thread->state) != PARKED)
        {
            return thread;
        }
    }

    return 0;
}

static int await_all(struct gannet_fork_attempt *attempt)
{
    pid_t process = getpid();
    long long end = now() + LONGEST_PARKING;
    struct timespec look = { 0, PARKING_LOOK };
    for (;;)
    {
        int seen = atomic_load(&parked);
        struct thread *loose = find_loose();
        if (loose == 0)
        {
            return 0;
        }

        if (syscall(SYS_tgkill, process, loose->id, 0) != 0)
        {
            return obstructed(attempt, GANNET_FORK_THREADS_CHANGE, loose);
        }

        if (now() > end)
        {
            obstructed(attempt, GANNET_FORK_THREAD_DEAF, loose);
            /* Its entry is not to be written to: one that has just been brought back in a child takes its name from there. */
            (void)read_name(loose->id, attempt->name);
            return -1;
        }

        futex_wait(&parked, seen, &look);
    }
}

/* Only now: a thread that has just been brought back in a child may not have had its name and its list before. */
static int describe_all(struct gannet_fork_attempt *attempt)
{
    FOR_EACH_THREAD(thread)
    {
        int error = read_name(thread->id, thread->name);
        if (error != 0)
        {
            return obstructed_by_system(attempt, -error);
        }

        if (syscall(SYS_get_robust_list, thread->id, &thread->robust_list, &thread->robust_length) != 0)
        {
            thread->robust_length = 0;
        }
    }

    return 0;
}

int threads_park(struct gannet_fork_attempt *attempt)
{
    return list_threads(attempt) == 0 && call_all(attempt) == 0 && await_all(attempt) == 0 ? describe_all(attempt) : -1;
}

void threads_release(void)
{
    FOR_EACH_THREAD(thread)
    {
        if (atomic_exchange(&thread->state, LOOSE) == PARKED)
        {
            futex_wake(&thread->state, 1);
        }
    }
}
