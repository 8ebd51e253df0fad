/*
 * fork() of a process in which CoreCLR runs. A library of its own, because it needs what the freestanding shim must not have: libc's
 * _Fork and pthread_self. It acts on glibc on x64; anywhere else gannet_fork_prepare says so, and nothing else may be called.
 * docs/fork.md tells why all of this works and what it relies on.
 */
#ifndef GANNET_FORK_H
#define GANNET_FORK_H

#define EXPORT __attribute__((visibility("default")))

/* Raised whenever a function or a struct shared with the managed side changes; the managed side refuses another number. */
#define GANNET_FORK_VERSION 4

EXPORT int gannet_fork_version(void);

/* What keeps this process from ever forking. Interop/ForkSupport.cs has the same numbers. */
enum gannet_fork_support
{
    GANNET_FORK_SUPPORTED = 0,
    GANNET_FORK_OTHER_PLATFORM = 1, /* not glibc on x64, or a glibc before 2.34, which has no _Fork */
    GANNET_FORK_NO_RUNTIME = 2,     /* no libcoreclr.so: NativeAOT, or a single-file host */
    GANNET_FORK_NO_CONTRACT = 3,    /* the runtime does not publish where it keeps what must be looked at */
    GANNET_FORK_NO_THREAD_ID = 4,   /* struct pthread does not hold the thread's number */
    GANNET_FORK_SIGNAL_TAKEN = 5,   /* somebody else handles the parking signal */
};

/* Looks once whether this runtime and this C library are as expected, and puts a handler on the parking signal. */
EXPORT int gannet_fork_prepare(void);

/* Why one attempt did not come to a fork. Interop/ForkObstacle.cs has the same numbers. */
enum gannet_fork_obstacle
{
    GANNET_FORK_DONE = 0,
    GANNET_FORK_SYSTEM = 1,            /* a system call of the parent failed: error */
    GANNET_FORK_CHILD_FAILED = 2,      /* one of the child did, and it is gone: error, detail the step */
    GANNET_FORK_TOO_MANY_THREADS = 3,
    GANNET_FORK_THREADS_CHANGE = 4,    /* threads started or ended meanwhile */
    GANNET_FORK_THREAD_DEAF = 5,       /* it does not take the parking signal; or can't be sent it: error */
    GANNET_FORK_THREAD_RUNS = 6,       /* it is not blocked in a system call */
    GANNET_FORK_THREAD_MANAGED = 7,    /* it is blocked where the collector would wait for it */
    GANNET_FORK_THREAD_UNKNOWN = 8,    /* it is named as one of the runtime's and is none that is known */
    GANNET_FORK_COLLECTION = 9,        /* the garbage collector is at work */
    GANNET_FORK_POOL_WORK = 10,        /* the thread pool is at work: detail items */
    GANNET_FORK_DIAGNOSTICS = 11,      /* a tracing session is open */
    GANNET_FORK_THREAD_FOREIGN = 12,   /* it was not made by the C library */
    GANNET_FORK_CHILDREN_UNKNOWN = 13, /* the children can't be listed: error; or there are more than fit: 0 */
    GANNET_FORK_OUTPUT_BUSY = 14,      /* a thread is in the middle of console output */
    GANNET_FORK_SIGNAL_LOST = 15,      /* somebody else has come to handle the parking signal */
    GANNET_FORK_NO_THREAD_MAP = 16,    /* the runtime does not keep its map of threads where it is looked for */
};

/* One attempt. Interop/NativeForkAttempt.cs has the same fields in the same places. */
struct gannet_fork_attempt
{
    int (*look_around)(void); /* called while all other threads stand still: how many items the thread pool works on; -1: the console is busy */
    int *children;            /* filled with the children of this process as they are at the fork */
    int *forks;               /* goes up by one in the child, before any other thread is there */
    int children_room;        /* how many fit; none are looked for when it is 0 */
    int allows_pool_work;     /* whether the thread pool's work is no obstacle */

    /* Out. */
    int child_count;
    int pid;                  /* the child; 0 in the child; -1 when there is an obstacle */
    int obstacle;             /* enum gannet_fork_obstacle */
    int error;                /* errno */
    int thread;               /* the one that stood in the way, or 0 */
    long detail;
    char name[16];            /* that thread's name */
};

/*
 * Tries once to fork; returns twice when attempt->obstacle is GANNET_FORK_DONE. Never by two threads at once, and not before
 * gannet_fork_prepare has said GANNET_FORK_SUPPORTED.
 */
EXPORT void gannet_fork_try(struct gannet_fork_attempt *attempt);

#endif
