/* Whether every parked thread stands where the child can do without it, or can bring it back. */
#include "parts.h"
#include <errno.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The runtime's own threads by the names that it gives them, cut off by the kernel at 15 characters. */
static const struct
{
    const char *name;
    enum thread_kind kind;
    int is_single;
}
own_threads[] =
{
    { ".NET SynchManag", LIVES_ON, 1 },
    { ".NET SigHandler", LIVES_ON, 1 },
    { ".NET Tiered Com", LIVES_ON, 1 },
    { ".NET Timer", LIVES_ON, 1 },
    { ".NET Debugger", LIVES_ON, 1 },
    { ".NET TP Gate", LIVES_ON, 1 },
    { ".NET TP Wait", LIVES_ON, 0 },
    { ".NET Sockets", LIVES_ON, 0 },
    { ".NET Server GC", LIVES_ON, 0 },
    { ".NET BGC", LIVES_ON, 0 },
    /* Threads of the program's: a long-running task, a handler of PosixSignalRegistration. */
    { ".NET Long Runni", STAYS_DEAD, 0 },
    { ".NET Signal Han", STAYS_DEAD, 0 },
    /* A thread without a name inherits that of the thread that starts it. The real ones are told in another way. */
    { ".NET TP Worker", STAYS_DEAD, 0 },
    { ".NET Finalizer", STAYS_DEAD, 0 },
    /* They would answer for the parent, and unlink its sockets at a clean end of the child. A second one is a session that records. */
    { ".NET EventPipe", STAYS_DEAD, 1 },
    { ".NET DebugPipe", STAYS_DEAD, 1 },
};

enum { OWN_THREADS = sizeof own_threads / sizeof *own_threads };

#define RESERVED_PREFIX ".NET "
#define EVENT_PIPE ".NET EventPipe"
#define DEBUGGER_PIPE ".NET DebugPipe"
#define PAGE 4096

static int find_own(const char *name)
{
    for (int i = 0; i < OWN_THREADS; i++)
    {
        if (strcmp(own_threads[i].name, name) == 0)
        {
            return i;
        }
    }

    return -1;
}

static int classify(struct gannet_fork_attempt *attempt)
{
    int met[OWN_THREADS] = { 0 };
    FOR_EACH_THREAD(thread)
    {
        int own = find_own(thread->name);
        if (runtime_is_pool_worker(thread->managed) || runtime_is_finalizer(thread->managed))
        {
            /* They run code of the program's, which may have given them other names. */
            thread->kind = LIVES_ON;
            continue;
        }

        thread->kind = own < 0 ? STAYS_DEAD : own_threads[own].kind;
        if (own < 0 && strncmp(thread->name, RESERVED_PREFIX, strlen(RESERVED_PREFIX)) == 0)
        {
            return obstructed(attempt, GANNET_FORK_THREAD_UNKNOWN, thread);
        }

        if (own >= 0 && own_threads[own].is_single && met[own]++ > 0)
        {
            int is_session = strcmp(thread->name, EVENT_PIPE) == 0;
            return obstructed(attempt, is_session ? GANNET_FORK_DIAGNOSTICS : GANNET_FORK_THREAD_UNKNOWN, thread);
        }
    }

    return 0;
}

/*
 * Calls in which a thread may wait long and that the kernel begins anew after a handler. Not among them are those that malloc and
 * the dynamic loader make (mmap, brk, openat, …): a thread on its way into one of these may hold their locks.
 */
static int may_wait_in(long call)
{
    switch (call)
    {
    case SYS_read: case SYS_readv: case SYS_write: case SYS_writev: case SYS_ioctl: case SYS_fcntl: case SYS_flock:
    case SYS_poll: case SYS_ppoll: case SYS_select: case SYS_pselect6: case SYS_epoll_wait: case SYS_epoll_pwait:
    case SYS_nanosleep: case SYS_clock_nanosleep: case SYS_futex: case SYS_wait4: case SYS_waitid:
    case SYS_accept: case SYS_accept4: case SYS_connect:
    case SYS_recvfrom: case SYS_recvmsg: case SYS_sendto: case SYS_sendmsg:
        return 1;
    default:
        return 0;
    }
}

/*
 * The kernel never leaves a thread waiting in a regular file, so one that stands before such a call has yet to make it: in the loader, which
 * reads the beginning of a library, or in stdio, with their locks.
 */
static int is_about_to_use_file(const struct thread *thread)
{
    struct stat status;
    int uses_descriptor = thread->call == SYS_read || thread->call == SYS_readv || thread->call == SYS_write || thread->call == SYS_writev;
    return uses_descriptor && fstat((int)thread->context->uc_mcontext.gregs[REG_RDI], &status) == 0 && S_ISREG(status.st_mode);
}

/*
 * A thread may hold one lock and stand before its wait for another, which has been given back meanwhile: it is about to take that and go
 * on, and nobody would give back the first. It would not wait when the word has changed, for which the kernel is asked, by a call that
 * would do nothing otherwise: the address may be any. What processes share is none of the runtime's locks, nor is what has a time limit.
 */
static int is_wait_over(const struct thread *thread)
{
    const greg_t *registers = thread->context->uc_mcontext.gregs;
    long operation = registers[REG_RSI], command = operation & FUTEX_CMD_MASK;
    if (thread->call != SYS_futex || (operation & FUTEX_PRIVATE_FLAG) == 0 || (command != FUTEX_WAIT && command != FUTEX_WAIT_BITSET))
    {
        return 0;
    }

    long word = registers[REG_RDI], expected = registers[REG_RDX];
    return syscall(SYS_futex, word, FUTEX_CMP_REQUEUE_PRIVATE, 0, 0, word, expected) < 0 && errno == EAGAIN;
}

/* A thread that has yet to wake others is in the middle of something. */
static int is_about_to_wake(const struct thread *thread)
{
    long operation = thread->context->uc_mcontext.gregs[REG_RSI] & FUTEX_CMD_MASK;
    return thread->call == SYS_futex && operation != FUTEX_WAIT && operation != FUTEX_WAIT_BITSET && operation != FUTEX_LOCK_PI;
}

/* A debugger announces itself by opening the other end of a pipe, for which this thread waits in openat. */
static int waits_for_debugger(const struct thread *thread)
{
    return thread->call == SYS_openat && strcmp(thread->name, DEBUGGER_PIPE) == 0;
}

#define SYSCALL_INSTRUCTION 0x0f, 0x05

static const unsigned char syscall_instruction[] = { SYSCALL_INSTRUCTION };

static const unsigned char *next_instruction(const struct thread *thread)
{
    return (const unsigned char *)thread->context->uc_mcontext.gregs[REG_RIP];
}

/* What lies beyond the page may not be there to be read. */
static int stands_before(const struct thread *thread, const unsigned char *code, size_t length)
{
    const unsigned char *next = next_instruction(thread);
    return (uintptr_t)next % PAGE + length <= PAGE && memcmp(next, code, length) == 0;
}

static int stands_behind(const struct thread *thread, const unsigned char *code, size_t length)
{
    const unsigned char *next = next_instruction(thread);
    return (uintptr_t)next % PAGE >= length && memcmp(next - length, code, length) == 0;
}

/*
 * Blocked in a system call means: the kernel has set the thread back to the instruction, with the call's number where it was, to make
 * the call again; or the call has been given up with EINTR.
 */
static int is_blocked(struct thread *thread)
{
    greg_t result = thread->context->uc_mcontext.gregs[REG_RAX];
    thread->call = stands_before(thread, syscall_instruction, sizeof syscall_instruction) ? result : -1;
    if (thread->call < 0)
    {
        return stands_behind(thread, syscall_instruction, sizeof syscall_instruction) && result == -EINTR;
    }

    int is_about_to_act = is_about_to_use_file(thread) || is_about_to_wake(thread) || is_wait_over(thread);
    return (may_wait_in(thread->call) && !is_about_to_act) || waits_for_debugger(thread);
}

/* mov $SYS_sched_yield, %eax; syscall: the whole of sched_yield(3) up to its return. */
static int has_just_yielded(const struct thread *thread)
{
    static const unsigned char yield[] = { 0xb8, SYS_sched_yield, 0, 0, 0, SYSCALL_INSTRUCTION };
    return stands_behind(thread, yield, sizeof yield);
}

/*
 * A worker of the pool that finds nothing to do gives its processor away again and again before it goes to sleep. Where there is more to do than
 * there are processors it hardly does anything else, and a timer is enough to keep it from sleeping at all. It holds nothing then. Within work it
 * gives way only where it waits for somebody, as one that is blocked does; look_around tells of that work, and it goes on in the child.
 */
static int is_giving_way(const struct thread *thread)
{
    return runtime_is_pool_worker(thread->managed) && has_just_yielded(thread);
}

static int check_thread(struct gannet_fork_attempt *attempt, struct thread *thread)
{
    if (!is_blocked(thread) && !is_giving_way(thread))
    {
        attempt->detail = (long)thread->context->uc_mcontext.gregs[REG_RIP];
        return obstructed(attempt, GANNET_FORK_THREAD_RUNS, thread);
    }

    if (thread->kind == LIVES_ON && !descriptors_are_waited_for(thread))
    {
        return obstructed(attempt, GANNET_FORK_THREAD_RUNS, thread);
    }

    return runtime_is_cooperative(thread->managed) ? obstructed(attempt, GANNET_FORK_THREAD_MANAGED, thread) : 0;
}

static int check_threads(struct gannet_fork_attempt *attempt, enum thread_kind kind)
{
    FOR_EACH_THREAD(thread)
    {
        if (thread->kind == kind && check_thread(attempt, thread) != 0)
        {
            return -1;
        }
    }

    return 0;
}

/* The new number of a thread that lives on is written where its old one is, which must be there. A thread that was made without the C
 * library has no such place. */
static int check_ids(struct gannet_fork_attempt *attempt)
{
    FOR_EACH_THREAD(thread)
    {
        if (*thread_id_of(thread) != thread->id)
        {
            return obstructed(attempt, GANNET_FORK_THREAD_FOREIGN, thread);
        }
    }

    return 0;
}

int inspect(struct gannet_fork_attempt *attempt)
{
    if (check_ids(attempt) != 0)
    {
        return -1;
    }

    FOR_EACH_THREAD(thread)
    {
        thread->managed = runtime_thread_of(thread->id);
    }

    if (classify(attempt) != 0)
    {
        return -1;
    }

    if (runtime_is_collecting())
    {
        return obstructed(attempt, GANNET_FORK_COLLECTION, 0);
    }

    /* The program's first: what the runtime does beside them will be over soon, and is of less interest to the caller. */
    if (check_threads(attempt, STAYS_DEAD) != 0 || check_threads(attempt, LIVES_ON) != 0)
    {
        return -1;
    }

    attempt->detail = attempt->look_around();
    if (attempt->detail < 0)
    {
        return obstructed(attempt, GANNET_FORK_OUTPUT_BUSY, 0);
    }

    return attempt->detail > 0 && !attempt->allows_pool_work ? obstructed(attempt, GANNET_FORK_POOL_WORK, 0) : 0;
}
