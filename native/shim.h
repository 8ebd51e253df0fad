/*
 * Gannet's C shim: the few things that managed code can't do, because they run where the runtime must not be entered
 * (in a signal handler, between clone and execve). Freestanding: no libc, raw system calls only, so that one binary per
 * processor serves glibc and musl.
 */
#ifndef GANNET_SHIM_H
#define GANNET_SHIM_H

#define EXPORT __attribute__((visibility("default")))
#define NORETURN __attribute__((noreturn))

/* Raised whenever a function or a struct shared with the managed side changes; the managed side refuses another number. */
#define GANNET_SHIM_VERSION 7

EXPORT int gannet_shim_version(void);

/* What stands on SIGINT after gannet_interrupt_install; a negative result is an error number. */
#define GANNET_INTERRUPT_INSTALLED 0
#define GANNET_INTERRUPT_IGNORED 1
#define GANNET_INTERRUPT_TAKEN 2

/* Puts a handler on SIGINT that acts as the default does until it is armed. Not to be called by two threads at once. */
EXPORT int gannet_interrupt_install(void);

/* From now on one SIGINT is written to this eventfd instead of ending the process; -1 disarms. */
EXPORT void gannet_interrupt_arm(int eventfd);

/* gannet_signal_die of SIGINT. */
EXPORT NORETURN void gannet_interrupt_die(void);

/*
 * A signal handler that does nothing. Unlike SIG_IGN it is gone after execve, which gives the new program the default action,
 * and unlike SIG_DFL it does no harm before.
 */
EXPORT void (*gannet_idle_handler(void))(int);

/*
 * Has the process pay no heed to SIGINT and SIGQUIT from the first call to the second, and leaves the programs that it starts
 * meanwhile their default. Returns 0 or an errno. Neither is to be called twice in a row, by two threads at once, or beside a call
 * that changes what stands on a signal.
 */
EXPORT int gannet_system_begin(void);
EXPORT void gannet_system_end(void);

/* Where a spawn failed. */
enum gannet_spawn_step
{
    GANNET_SPAWN_DONE = 0,
    GANNET_SPAWN_STACK = 1,
    GANNET_SPAWN_CLONE = 2,
    GANNET_SPAWN_SIGNAL = 3,
    GANNET_SPAWN_LIFT = 4,
    GANNET_SPAWN_DUP = 5,
    GANNET_SPAWN_GROUP = 6,
    GANNET_SPAWN_SESSION = 7,
    GANNET_SPAWN_TERMINAL = 8,
    GANNET_SPAWN_FOREGROUND = 9,
    GANNET_SPAWN_CGROUP = 10,
    GANNET_SPAWN_LIMIT = 11,
    GANNET_SPAWN_NICE = 12,
    GANNET_SPAWN_GROUPS = 13,
    GANNET_SPAWN_GID = 14,
    GANNET_SPAWN_UID = 15,
    GANNET_SPAWN_NO_NEW_PRIVILEGES = 16,
    GANNET_SPAWN_DEATH_SIGNAL = 17,
    GANNET_SPAWN_DIRECTORY = 18,
    GANNET_SPAWN_EXEC = 19,
};

/* Which parts of a request count; a part that is not named here is not looked at. */
#define GANNET_SPAWN_CLOSE_OTHERS 0x1u
#define GANNET_SPAWN_SET_GROUP 0x2u
#define GANNET_SPAWN_NEW_SESSION 0x4u
#define GANNET_SPAWN_SET_TERMINAL 0x8u
#define GANNET_SPAWN_SET_FOREGROUND 0x10u
#define GANNET_SPAWN_SET_NICE 0x20u
#define GANNET_SPAWN_SET_UMASK 0x40u
#define GANNET_SPAWN_SET_GROUPS 0x80u
#define GANNET_SPAWN_SET_GID 0x100u
#define GANNET_SPAWN_SET_UID 0x200u
#define GANNET_SPAWN_NO_NEW_PRIVS 0x400u

/* As the child of a child that ends at once: nobody's to wait for but the one's who adopts orphans. There is no descriptor for it. */
#define GANNET_SPAWN_DETACHED 0x800u

/* Do as an older kernel would: so that a newer one can test the fall-backs. */
#define GANNET_SPAWN_WITHOUT_CLONE3 0x10000u
#define GANNET_SPAWN_WITHOUT_CLONE_PIDFD 0x20000u
#define GANNET_SPAWN_WITHOUT_PIDFD_OPEN 0x40000u
#define GANNET_SPAWN_WITHOUT_CLOSE_RANGE 0x80000u
#define GANNET_SPAWN_WITHOUT_PROC 0x100000u

/* The child's descriptor target becomes another name of the parent's descriptor source. */
struct gannet_spawn_descriptor
{
    int source;
    int target;
};

struct gannet_spawn_limit
{
    unsigned long long soft;
    unsigned long long hard;
    int resource;
    int reserved;
};

/* What the child is to be; Interop/Shim.Spawn.cs has the same fields in the same places. */
struct gannet_spawn_request
{
    const char *const *paths;                    /* the files to try, in order; null-terminated, at least one */
    const char *const *argv;                     /* null-terminated */
    const char *const *envp;                     /* null-terminated */
    const char *directory;                       /* working directory, or null */
    const char *cgroup;                          /* directory of the control group, or null */
    const char *cgroup_procs;                    /* its file cgroup.procs; null when cgroup is */
    struct gannet_spawn_descriptor *descriptors; /* sorted by target, each target once; the sources are overwritten */
    const struct gannet_spawn_limit *limits;
    const unsigned int *groups;                  /* supplementary groups */
    unsigned long long default_signals;          /* to set to default besides those that have a handler; bit 0 is signal 1 */
    unsigned long long ignored_signals;          /* to ignore */
    unsigned long long mask;                     /* the signals that the program starts with blocked */
    int descriptor_count;
    int limit_count;
    int group_count;
    unsigned int options;                        /* GANNET_SPAWN_... */
    int process_group;                           /* 0: a new one of its own */
    int terminal;                                /* the child's descriptor of its terminal */
    int nice;                                    /* -20 to 19 */
    unsigned int umask;
    unsigned int uid;
    unsigned int gid;
    int death_signal;                            /* sent when the thread that spawns ends; 0: none */

    /* Out. */
    int pid;                                     /* the child, or -1 */
    int pidfd;                                   /* close-on-exec, above 2; -1 where the kernel has none */
    int step;                                    /* enum gannet_spawn_step: where it failed, or GANNET_SPAWN_DONE */
    int error;                                   /* the errno of that step */
    int index;                                   /* which path, descriptor or limit it failed on */
};

/*
 * Starts a program; returns when the child has it, or has failed and is reaped. The child shares this process's memory until
 * then, and the calling thread stands still: no page table is copied, whatever the size of the process. A request that
 * changes ids takes the dumpable flag from the shared memory: the caller restores it, and lets no two such requests overlap.
 */
EXPORT void gannet_spawn(struct gannet_spawn_request *request);

/* A child that has changed state. */
struct gannet_wait_result
{
    int pid;                                     /* 0: none has, with WNOHANG */
    int status;                                  /* as wait(2) encodes it */
    long usage[18];                              /* struct rusage */
};

/* waitid(2), with the kernel's fifth argument, which C libraries leave out. Returns 0 or an errno, EINTR among them. */
EXPORT int gannet_wait(int id_type, int id, int options, struct gannet_wait_result *result);

#define GANNET_LAST_SIGNAL 64

/* One delivery, as the kernel described it. Interop/NativeSignalRecord.cs has the same fields in the same places. */
struct gannet_signal_record
{
    unsigned long long turn;                     /* twice the rounds that the ring has gone past it; odd when there is something to read */
    long long time;                              /* of arrival: nanoseconds since 1970 */
    unsigned long long value;                    /* si_value, si_status or si_overrun with si_value, by code */
    int signal;
    int code;                                    /* si_code */
    int pid;                                     /* si_pid, or the id of the timer */
    unsigned int uid;                            /* si_uid, or the timer's overrun */
};

/* The record of all deliveries: a ring that any number of handlers fill at the same time, and one reader at a time empties. */
struct gannet_signal_ring
{
    struct gannet_signal_record *records;
    unsigned long long capacity;                 /* a power of two */
    unsigned long long next;                     /* the place of the next record */
    unsigned long long taken;                    /* the place of the next one to be read; the reader's */
    unsigned long long lost;                     /* deliveries that found the ring full */
    unsigned int arrivals;                       /* goes up with each; who waits for one sleeps on it (futex) */
    unsigned int sleepers;                       /* on arrivals */
    unsigned long long passed_on[GANNET_LAST_SIGNAL + 1]; /* how many of each signal the runtime's handler was given by ours */
    unsigned long long answered[GANNET_LAST_SIGNAL + 1];  /* how many of these have come out of the runtime; the managed side's */
};

/* Maps the ring; a second call gives the same. Returns 0 or an errno. Not to be called by two threads at once. */
EXPORT int gannet_signal_start(struct gannet_signal_ring **ring);

/* What stands on a signal in the kernel; a negative result is an error number. */
#define GANNET_SIGNAL_DEFAULT 0
#define GANNET_SIGNAL_IGNORED 1
#define GANNET_SIGNAL_RECORDED 2
#define GANNET_SIGNAL_RUNTIME 3
#define GANNET_SIGNAL_FOREIGN 4
#define GANNET_SIGNAL_BURIED 5 /* the runtime's handler, which calls ours */

EXPORT int gannet_signal_get(int signal);

/*
 * Puts one of the first three on a signal; default is the handler that stood there before, or the kernel's default action where
 * there was none. Returns 0 or an errno. Not to be called by two threads at once.
 */
EXPORT int gannet_signal_set(int signal, int action);

/* Ends the process by a deadly signal, whatever stands on it; an init process, which no signal kills, exits with 128 more instead. */
EXPORT NORETURN void gannet_signal_die(int signal);

/*
 * Sleeps until *word is no longer the number expected, or for so many nanoseconds (-1: without end), or until a signal comes. The
 * signals of unblocked, which are blocked otherwise, come meanwhile.
 */
EXPORT void gannet_signal_sleep(unsigned int *word, unsigned int expected, long long nanoseconds, unsigned long long unblocked);

/* Changes a word and wakes all who sleep on it. */
EXPORT void gannet_signal_wake(unsigned int *word);

/*
 * Has a thread of this process block a recorded real-time signal from now on, so that another receives all of them. That one, too,
 * leaves the signal in the kernel's queue while the ring is half full. Returns 0 or an errno.
 */
EXPORT int gannet_signal_block_in(int thread, int signal);

#endif
