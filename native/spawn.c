/*
 * Starting a program. The child runs in this process's memory on a stack of its own until it has called execve, while the
 * calling thread stands still (CLONE_VM and CLONE_VFORK, as vfork does). It must therefore touch nothing but the request and
 * its stack: no libc, no errno, no thread-local variable, no allocation. All signals stay blocked in it until no handler of
 * this process can run in it any more.
 */
#include "shim.h"
#include "signals.h"

enum { SIG_BLOCK_ = 0, SIG_SETMASK_ = 2 };
enum { SIGKILL_NUMBER = 9, SIGCHLD_NUMBER = 17, SIGSTOP_NUMBER = 19, LAST_SIGNAL = 64 };
enum { EPERM_ = 1, ENOENT_ = 2, EINTR_ = 4, E2BIG_ = 7, EBADF_ = 9, EAGAIN_ = 11, ENOMEM_ = 12, EACCES_ = 13, ENODEV_ = 19,
       ENOTDIR_ = 20, EINVAL_ = 22, ENOSYS_ = 38, ETIMEDOUT_ = 110, ESTALE_ = 116 };
enum { F_SETFD_ = 2, F_DUPFD_CLOEXEC_ = 1030 };
enum { AT_FDCWD_ = -100, O_WRONLY_ = 1, O_CLOEXEC_ = 0x80000, O_PATH_ = 0x200000 };
enum { P_PID_ = 1, WEXITED_ = 4, WALL_ = 0x40000000 };
enum { PR_SET_PDEATHSIG_ = 1, PR_SET_NO_NEW_PRIVS_ = 38 };
enum { TIOCSCTTY_ = 0x540E, TIOCSPGRP_ = 0x5410 };
enum { RLIMIT_NOFILE_ = 7, PRIO_PROCESS_ = 0 };

#if defined(__aarch64__)
enum { O_DIRECTORY_ = 0x4000 };
#else
enum { O_DIRECTORY_ = 0x10000 };
#endif

#define CLONE_VM_ 0x100ull
#define CLONE_PIDFD_ 0x1000ull
#define CLONE_VFORK_ 0x4000ull
#define CLONE_CLEAR_SIGHAND_ 0x100000000ull
#define CLONE_INTO_CGROUP_ 0x200000000ull

#define NO_FD (-1)
#define FIRST_PRIVATE_FD 3
#define LEAST_COUNTED 0x10000
#define MOST_COUNTED 0x100000
#define CHILD_FAILED 127

/* A multiple of every page size in use, which is up to 64 KiB on arm64. */
#define STACK_GUARD 0x10000
#define STACK_SIZE 0x10000
#define POOLED_STACKS 8

/* struct clone_args; older kernels know its first 64 bytes only. */
struct clone_arguments
{
    unsigned long long flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

#define CLONE_ARGUMENTS_FIRST 64

/* What the child knows besides the request. */
struct child
{
    struct gannet_spawn_request *request;
    int parent;
    int handlers_cleared;
    int in_cgroup;
    char *second_stack;
};

/* ---- The child ---- */

static __attribute__((noreturn)) void leave(int status)
{
    for (;;)
    {
        syscall1(SYS_exit_group, status);
    }
}

/* The memory is the parent's too: what is written here is its result. */
static __attribute__((noreturn)) void fail(struct gannet_spawn_request *request, int step, long error, int index)
{
    request->step = step;
    request->error = (int)-error;
    request->index = index;
    leave(CHILD_FAILED);
}

static void check(struct gannet_spawn_request *request, int step, long result)
{
    if (result < 0)
    {
        fail(request, step, result, 0);
    }
}

static int holds(unsigned long long set, int signal)
{
    return (set >> (signal - 1) & 1) != 0;
}

/* Whether an action has to be put in the place of the present one; execve would keep an ignored signal ignored. */
static int must_become_default(const struct child *child, int signal)
{
    struct kernel_sigaction current;
    if (holds(child->request->default_signals, signal))
    {
        return 1;
    }

    return !child->handlers_cleared && set_action(signal, 0, &current) == 0 && current.handler != DEFAULT_ACTION
           && current.handler != IGNORED;
}

static void set_signal_actions(const struct child *child)
{
    struct gannet_spawn_request *request = child->request;
    unsigned long long wanted = request->default_signals | request->ignored_signals;
    for (int signal = 1; signal <= LAST_SIGNAL; signal++)
    {
        struct kernel_sigaction action = { DEFAULT_ACTION, 0, 0, 0 };
        if (signal == SIGKILL_NUMBER || signal == SIGSTOP_NUMBER || (child->handlers_cleared && !holds(wanted, signal)))
        {
            continue;
        }

        if (holds(request->ignored_signals, signal))
        {
            action.handler = IGNORED;
        }
        else if (!must_become_default(child, signal))
        {
            continue;
        }

        long error = set_action(signal, &action, 0);
        if (error < 0)
        {
            fail(request, GANNET_SPAWN_SIGNAL, error, signal);
        }
    }
}

static int is_target(const struct gannet_spawn_request *request, int fd)
{
    int low = 0, high = request->descriptor_count;
    while (low < high)
    {
        int middle = low + (high - low) / 2;
        int target = request->descriptors[middle].target;
        if (target == fd)
        {
            return 1;
        }

        if (target < fd)
        {
            low = middle + 1;
        }
        else
        {
            high = middle;
        }
    }

    return 0;
}

/*
 * A copy of a source that would be overwritten by another one: on a number that is no target, and not on 0 to 2, which may be
 * closed here and must stay so. Searched from below, because a lowered RLIMIT_NOFILE leaves no room above.
 */
static long lift(const struct gannet_spawn_request *request, int source)
{
    long minimum = FIRST_PRIVATE_FD;
    for (;;)
    {
        long copy = syscall3(SYS_fcntl, source, F_DUPFD_CLOEXEC_, minimum);
        if (copy < 0 || !is_target(request, (int)copy))
        {
            return copy;
        }

        syscall1(SYS_close, copy);
        minimum = copy + 1;
    }
}

static void map_descriptors(struct gannet_spawn_request *request)
{
    for (int i = 0; i < request->descriptor_count; i++)
    {
        struct gannet_spawn_descriptor *entry = &request->descriptors[i];
        if (entry->source != entry->target && is_target(request, entry->source))
        {
            long copy = lift(request, entry->source);
            if (copy < 0)
            {
                fail(request, GANNET_SPAWN_LIFT, copy, i);
            }

            entry->source = (int)copy;
        }
    }

    for (int i = 0; i < request->descriptor_count; i++)
    {
        /* dup2 leaves equal numbers alone, close-on-exec flag included. */
        const struct gannet_spawn_descriptor *entry = &request->descriptors[i];
        long result = entry->source == entry->target ? syscall3(SYS_fcntl, entry->target, F_SETFD_, 0)
                                                     : syscall3(SYS_dup3, entry->source, entry->target, 0);
        if (result < 0)
        {
            fail(request, GANNET_SPAWN_DUP, result, i);
        }
    }
}

static int is_kept(const struct gannet_spawn_request *request, int fd)
{
    return fd < FIRST_PRIVATE_FD || is_target(request, fd);
}

static long close_gaps(const struct gannet_spawn_request *request)
{
    unsigned int next = FIRST_PRIVATE_FD;
    for (int i = 0; i < request->descriptor_count; i++)
    {
        unsigned int target = (unsigned int)request->descriptors[i].target;
        if (target < next)
        {
            continue;
        }

        if (target > next)
        {
            long error = syscall3(SYS_close_range, next, target - 1, 0);
            if (error < 0)
            {
                return error;
            }
        }

        next = target + 1;
    }

    return syscall3(SYS_close_range, next, ~0u, 0);
}

struct directory_entry
{
    unsigned long long inode;
    long long offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

/* The number that a name of /proc/self/fd stands for; -1 for "." and "..". */
static int parse(const char *name)
{
    int number = 0;
    for (; *name != 0; name++)
    {
        if (*name < '0' || *name > '9')
        {
            return -1;
        }

        number = number * 10 + (*name - '0');
    }

    return number;
}

/* Closing while reading is safe: the kernel goes through this directory by descriptor number. */
static int close_listed(const struct gannet_spawn_request *request)
{
    char buffer[2048] __attribute__((aligned(8)));
    long directory = syscall4(SYS_openat, AT_FDCWD_, (long)"/proc/self/fd", O_DIRECTORY_ | O_CLOEXEC_, 0);
    if (directory < 0)
    {
        return 0;
    }

    long count;
    while ((count = syscall3(SYS_getdents64, directory, (long)buffer, sizeof buffer)) > 0)
    {
        for (long at = 0; at < count;)
        {
            const struct directory_entry *entry = (const struct directory_entry *)(buffer + at);
            int fd = parse(entry->name);
            if (fd >= 0 && fd != directory && !is_kept(request, fd))
            {
                syscall1(SYS_close, fd);
            }

            at += entry->length;
        }
    }

    syscall1(SYS_close, directory);
    return count == 0;
}

/* The last resort. Descriptors may be open above a limit that was lowered since. */
static void close_counted(const struct gannet_spawn_request *request)
{
    unsigned long long limit[2] = { 0, 0 };
    syscall4(SYS_prlimit64, 0, RLIMIT_NOFILE_, 0, (long)limit);
    unsigned long long end = limit[0] < LEAST_COUNTED ? LEAST_COUNTED : limit[0] > MOST_COUNTED ? MOST_COUNTED : limit[0];
    for (unsigned long long fd = FIRST_PRIVATE_FD; fd < end; fd++)
    {
        if (!is_kept(request, (int)fd))
        {
            syscall1(SYS_close, (long)fd);
        }
    }
}

static void close_others(const struct gannet_spawn_request *request)
{
    if (!(request->options & GANNET_SPAWN_WITHOUT_CLOSE_RANGE) && close_gaps(request) == 0)
    {
        return;
    }

    if ((request->options & GANNET_SPAWN_WITHOUT_PROC) || !close_listed(request))
    {
        close_counted(request);
    }
}

static void join_group_and_session(struct gannet_spawn_request *request)
{
    unsigned int options = request->options;
    if (options & GANNET_SPAWN_SET_GROUP)
    {
        check(request, GANNET_SPAWN_GROUP, syscall2(SYS_setpgid, 0, request->process_group));
    }

    if (options & GANNET_SPAWN_NEW_SESSION)
    {
        check(request, GANNET_SPAWN_SESSION, syscall0(SYS_setsid));
    }

    if (options & GANNET_SPAWN_SET_TERMINAL)
    {
        check(request, GANNET_SPAWN_TERMINAL, syscall3(SYS_ioctl, request->terminal, TIOCSCTTY_, 0));
    }

    if (options & GANNET_SPAWN_SET_FOREGROUND)
    {
        /* From the background this raises SIGTTOU, which is blocked here, and then the kernel lets it pass. */
        int group = (int)syscall1(SYS_getpgid, 0);
        check(request, GANNET_SPAWN_FOREGROUND, syscall3(SYS_ioctl, request->terminal, TIOCSPGRP_, (long)&group));
    }
}

/* A kernel that can't start a process in its control group lets it move there. */
static void join_cgroup(const struct child *child)
{
    struct gannet_spawn_request *request = child->request;
    if (request->cgroup == 0 || child->in_cgroup)
    {
        return;
    }

    long fd = syscall4(SYS_openat, AT_FDCWD_, (long)request->cgroup_procs, O_WRONLY_ | O_CLOEXEC_, 0);
    check(request, GANNET_SPAWN_CGROUP, fd);
    check(request, GANNET_SPAWN_CGROUP, syscall3(SYS_write, fd, (long)"0", 1));
    syscall1(SYS_close, fd);
}

static void set_limits(struct gannet_spawn_request *request)
{
    for (int i = 0; i < request->limit_count; i++)
    {
        const struct gannet_spawn_limit *limit = &request->limits[i];
        unsigned long long values[2] = { limit->soft, limit->hard };
        long error = syscall4(SYS_prlimit64, 0, limit->resource, (long)values, 0);
        if (error < 0)
        {
            fail(request, GANNET_SPAWN_LIMIT, error, i);
        }
    }

    if (request->options & GANNET_SPAWN_SET_NICE)
    {
        check(request, GANNET_SPAWN_NICE, syscall3(SYS_setpriority, PRIO_PROCESS_, 0, request->nice));
    }

    if (request->options & GANNET_SPAWN_SET_UMASK)
    {
        syscall1(SYS_umask, (long)request->umask);
    }
}

/* The kernel's own calls change this one thread, which is all of the child; the C library would go about its own threads. */
static void set_ids(struct gannet_spawn_request *request)
{
    unsigned int options = request->options;
    if (options & GANNET_SPAWN_SET_GROUPS)
    {
        check(request, GANNET_SPAWN_GROUPS, syscall2(SYS_setgroups, request->group_count, (long)request->groups));
    }

    if (options & GANNET_SPAWN_SET_GID)
    {
        check(request, GANNET_SPAWN_GID, syscall3(SYS_setresgid, request->gid, request->gid, request->gid));
    }

    if (options & GANNET_SPAWN_SET_UID)
    {
        check(request, GANNET_SPAWN_UID, syscall3(SYS_setresuid, request->uid, request->uid, request->uid));
    }

    if (options & GANNET_SPAWN_NO_NEW_PRIVS)
    {
        check(request, GANNET_SPAWN_NO_NEW_PRIVILEGES, syscall5(SYS_prctl, PR_SET_NO_NEW_PRIVS_, 1, 0, 0, 0));
    }
}

/* After the change of ids, at which the kernel forgets it. A parent that has died before was too early to be noticed. */
static void set_death_signal(const struct child *child)
{
    struct gannet_spawn_request *request = child->request;
    if (request->death_signal == 0)
    {
        return;
    }

    check(request, GANNET_SPAWN_DEATH_SIGNAL, syscall5(SYS_prctl, PR_SET_PDEATHSIG_, request->death_signal, 0, 0, 0));
    if (syscall0(SYS_getppid) != child->parent)
    {
        syscall2(SYS_kill, syscall0(SYS_getpid), request->death_signal);
    }
}

/* Errors after which execvp looks further along PATH. */
static int may_be_elsewhere(long error)
{
    return error == -EACCES_ || error == -ENOENT_ || error == -ENOTDIR_ || error == -ENODEV_ || error == -ESTALE_
           || error == -ETIMEDOUT_;
}

static __attribute__((noreturn)) void execute(struct gannet_spawn_request *request)
{
    long remembered = 0;
    int at = 0;
    for (int i = 0; request->paths[i] != 0; i++)
    {
        long error = syscall3(SYS_execve, (long)request->paths[i], (long)request->argv, (long)request->envp);
        /* A file that may not be run says more than the absence of others. */
        if (remembered != -EACCES_ || !may_be_elsewhere(error))
        {
            remembered = error;
            at = i;
        }

        if (!may_be_elsewhere(error))
        {
            break;
        }
    }

    fail(request, GANNET_SPAWN_EXEC, remembered, at);
}

static __attribute__((noreturn)) void run_child(void *argument)
{
    const struct child *child = argument;
    struct gannet_spawn_request *request = child->request;
    set_signal_actions(child);
    map_descriptors(request);
    if (request->options & GANNET_SPAWN_CLOSE_OTHERS)
    {
        close_others(request);
    }

    join_group_and_session(request);
    join_cgroup(child);
    set_limits(request);
    set_ids(request);
    set_death_signal(child);
    if (request->directory != 0)
    {
        check(request, GANNET_SPAWN_DIRECTORY, syscall1(SYS_chdir, (long)request->directory));
    }

    /* A pending signal may end the child here, as it may end any program. */
    unsigned long mask = (unsigned long)request->mask;
    syscall4(SYS_rt_sigprocmask, SIG_SETMASK_, (long)&mask, 0, SIGSET_BYTES);
    execute(request);
}

/* ---- The parent ---- */

/*
 * clone or clone3, with a stack on which the child calls a function and never returns:
 * long gannet_clone(long number, long first, long second, long third, void (*child)(void *), void *argument)
 */
extern long gannet_clone(long number, long first, long second, long third, void (*child)(void *), void *argument)
    __attribute__((visibility("hidden")));

#if defined(__x86_64__)
__asm__(".text\n"
        ".hidden gannet_clone\n"
        ".globl gannet_clone\n"
        ".type gannet_clone,@function\n"
        "gannet_clone:\n"
        "    mov %rdi, %rax\n"
        "    mov %rsi, %rdi\n"
        "    mov %rdx, %rsi\n"
        "    mov %rcx, %rdx\n"
        "    xor %r10d, %r10d\n"
        "    syscall\n"
        "    test %rax, %rax\n"
        "    jz 1f\n"
        "    ret\n"
        "1:  xor %ebp, %ebp\n"
        "    mov %r9, %rdi\n"
        "    call *%r8\n"
        "    hlt\n");
#else
__asm__(".text\n"
        ".hidden gannet_clone\n"
        ".globl gannet_clone\n"
        ".type gannet_clone,%function\n"
        "gannet_clone:\n"
        "    mov x8, x0\n"
        "    mov x0, x1\n"
        "    mov x1, x2\n"
        "    mov x2, x3\n"
        "    mov x3, xzr\n"
        "    svc 0\n"
        "    cbz x0, 1f\n"
        "    ret\n"
        "1:  mov x29, xzr\n"
        "    mov x30, xzr\n"
        "    mov x0, x5\n"
        "    blr x4\n"
        "    brk 0\n");
#endif

/* Stacks of earlier children: a new one costs two calls and its page faults. */
static char *stacks[POOLED_STACKS];

static char *new_stack(long *error)
{
    /* PROT_NONE, private and anonymous; then all but the lowest part readable and writable. */
    long base = syscall6(SYS_mmap, 0, STACK_GUARD + STACK_SIZE, 0, 0x22, -1, 0);
    if (base < 0 && base > -4096)
    {
        *error = base;
        return 0;
    }

    *error = syscall3(SYS_mprotect, base + STACK_GUARD, STACK_SIZE, 3);
    if (*error < 0)
    {
        syscall2(SYS_munmap, base, STACK_GUARD + STACK_SIZE);
        return 0;
    }

    return (char *)base;
}

static char *take_stack(long *error)
{
    for (int i = 0; i < POOLED_STACKS; i++)
    {
        char *stack = __atomic_exchange_n(&stacks[i], 0, __ATOMIC_ACQUIRE);
        if (stack != 0)
        {
            return stack;
        }
    }

    return new_stack(error);
}

static void give_stack_back(char *stack)
{
    for (int i = 0; i < POOLED_STACKS; i++)
    {
        char *none = 0;
        if (__atomic_compare_exchange_n(&stacks[i], &none, stack, 0, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
        {
            return;
        }
    }

    syscall2(SYS_munmap, (long)stack, STACK_GUARD + STACK_SIZE);
}

/* clone3 resets the handlers and places the child in its control group by itself. */
static long clone_modern(struct child *child, char *stack, int cgroup)
{
    struct gannet_spawn_request *request = child->request;
    struct clone_arguments arguments;
    arguments.flags = CLONE_VM_ | CLONE_VFORK_ | CLONE_CLEAR_SIGHAND_;
    arguments.pidfd = (unsigned long long)&request->pidfd;
    arguments.child_tid = arguments.parent_tid = arguments.tls = arguments.set_tid = arguments.set_tid_size = 0;
    arguments.exit_signal = SIGCHLD_NUMBER;
    arguments.stack = (unsigned long long)(stack + STACK_GUARD);
    arguments.stack_size = STACK_SIZE;
    arguments.cgroup = 0;
    long size = CLONE_ARGUMENTS_FIRST;
    if (!(request->options & GANNET_SPAWN_WITHOUT_CLONE_PIDFD))
    {
        arguments.flags |= CLONE_PIDFD_;
    }

    if (cgroup >= 0)
    {
        arguments.flags |= CLONE_INTO_CGROUP_;
        arguments.cgroup = (unsigned long long)cgroup;
        size = sizeof arguments;
    }

    child->handlers_cleared = 1;
    child->in_cgroup = cgroup >= 0;
    return gannet_clone(SYS_clone3, (long)&arguments, size, 0, run_child, child);
}

/* A kernel that does not know CLONE_PIDFD leaves pidfd as it is. */
static long clone_classic(struct child *child, char *stack)
{
    struct gannet_spawn_request *request = child->request;
    unsigned long long flags = CLONE_VM_ | CLONE_VFORK_ | SIGCHLD_NUMBER;
    if (!(request->options & GANNET_SPAWN_WITHOUT_CLONE_PIDFD))
    {
        flags |= CLONE_PIDFD_;
    }

    /* A clone3 that failed late has written a number here already. */
    request->pidfd = NO_FD;
    child->handlers_cleared = 0;
    child->in_cgroup = 0;
    return gannet_clone(SYS_clone, (long)flags, (long)(stack + STACK_GUARD + STACK_SIZE), (long)&request->pidfd, run_child, child);
}

/* The kernel, or a container's filter of system calls, does not know clone3 or a part of it; or the control group is a v1 one. */
static int must_clone_classically(long error)
{
    return error == -ENOSYS_ || error == -EINVAL_ || error == -EPERM_ || error == -E2BIG_ || error == -EBADF_;
}

static long start(struct child *child, char *stack)
{
    struct gannet_spawn_request *request = child->request;
    if (request->options & GANNET_SPAWN_WITHOUT_CLONE3)
    {
        return clone_classic(child, stack);
    }

    int cgroup = NO_FD;
    if (request->cgroup != 0)
    {
        long fd = syscall4(SYS_openat, AT_FDCWD_, (long)request->cgroup, O_PATH_ | O_DIRECTORY_ | O_CLOEXEC_, 0);
        if (fd < 0)
        {
            request->step = GANNET_SPAWN_CGROUP;
            return fd;
        }

        cgroup = (int)fd;
    }

    long pid = clone_modern(child, stack, cgroup);
    if (cgroup >= 0)
    {
        syscall1(SYS_close, cgroup);
    }

    if (must_clone_classically(pid))
    {
        return clone_classic(child, stack);
    }

    if (pid < 0 && cgroup >= 0 && pid != -EAGAIN_ && pid != -ENOMEM_)
    {
        request->step = GANNET_SPAWN_CGROUP;
    }

    return pid;
}

/* No program expects to find something that it did not open on a standard descriptor which it had closed. */
static void keep_pidfd_away(struct gannet_spawn_request *request)
{
    if (request->pidfd >= 0 && request->pidfd < FIRST_PRIVATE_FD)
    {
        long copy = syscall3(SYS_fcntl, request->pidfd, F_DUPFD_CLOEXEC_, FIRST_PRIVATE_FD);
        syscall1(SYS_close, request->pidfd);
        request->pidfd = copy < 0 ? NO_FD : (int)copy;
    }
}

static void reap(long pid)
{
    while (syscall5(SYS_waitid, P_PID_, pid, 0, WEXITED_ | WALL_, 0) == -EINTR_)
    {
    }
}

static void fail_to_start(struct gannet_spawn_request *request, long error)
{
    request->step = request->step == GANNET_SPAWN_DONE ? GANNET_SPAWN_CLONE : request->step;
    request->error = (int)-error;
    request->pidfd = NO_FD;
}

/* The child has its program, or has left a step and an errno behind. */
static void finish(struct gannet_spawn_request *request, long pid)
{
    if (request->step != GANNET_SPAWN_DONE)
    {
        reap(pid);
        if (request->pidfd >= 0)
        {
            syscall1(SYS_close, request->pidfd);
            request->pidfd = NO_FD;
        }

        return;
    }

    request->pid = (int)pid;
    if (request->pidfd < 0 && !(request->options & GANNET_SPAWN_WITHOUT_PIDFD_OPEN))
    {
        /* Always close-on-exec. The number is the child's until it is waited for. */
        long fd = syscall2(SYS_pidfd_open, pid, 0);
        request->pidfd = fd < 0 ? NO_FD : (int)fd;
    }

    keep_pidfd_away(request);
}

static void start_and_finish(struct child *child, char *stack)
{
    struct gannet_spawn_request *request = child->request;
    long pid = start(child, stack);
    if (pid < 0)
    {
        fail_to_start(request, pid);
    }
    else
    {
        finish(request, pid);
    }
}

/* What the child that ends at once does. Its parent, whose memory it shares, stands still until then. */
static __attribute__((noreturn)) void run_between(void *argument)
{
    struct child *child = argument;
    start_and_finish(child, child->second_stack);
    leave(0);
}

/* Without a signal at its end: nobody but us is to hear of the one between. */
static void start_detached(struct child *child, char *stack)
{
    struct gannet_spawn_request *request = child->request;
    long error = 0;
    child->second_stack = take_stack(&error);
    if (child->second_stack == 0)
    {
        request->step = GANNET_SPAWN_STACK;
        request->error = (int)-error;
        return;
    }

    request->options |= GANNET_SPAWN_WITHOUT_CLONE_PIDFD | GANNET_SPAWN_WITHOUT_PIDFD_OPEN;
    long between = gannet_clone(SYS_clone, CLONE_VM_ | CLONE_VFORK_, (long)(stack + STACK_GUARD + STACK_SIZE), 0, run_between, child);
    if (between < 0)
    {
        fail_to_start(request, between);
    }
    else
    {
        reap(between);
    }

    if (request->step == GANNET_SPAWN_DONE && request->pid == NO_FD)
    {
        /* The one between was killed, and the other may still stand on its stack. */
        fail_to_start(request, -EINTR_);
        return;
    }

    give_stack_back(child->second_stack);
}

void gannet_spawn(struct gannet_spawn_request *request)
{
    unsigned long all = ~0ul, mask;
    long error = 0;
    request->pid = NO_FD;
    request->pidfd = NO_FD;
    request->step = GANNET_SPAWN_DONE;
    request->error = 0;
    request->index = 0;
    char *stack = take_stack(&error);
    if (stack == 0)
    {
        request->step = GANNET_SPAWN_STACK;
        request->error = (int)-error;
        return;
    }

    struct child child = { request, (int)syscall0(SYS_getpid), 0, 0, 0 };
    syscall4(SYS_rt_sigprocmask, SIG_BLOCK_, (long)&all, (long)&mask, SIGSET_BYTES);
    if (request->options & GANNET_SPAWN_DETACHED)
    {
        start_detached(&child, stack);
    }
    else
    {
        start_and_finish(&child, stack);
    }

    syscall4(SYS_rt_sigprocmask, SIG_SETMASK_, (long)&mask, 0, SIGSET_BYTES);
    give_stack_back(stack);
}
