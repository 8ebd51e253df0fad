/*
 * Signals for managed handlers. The one handler here writes down what the kernel says about a delivery and wakes whoever waits
 * for it; managed code does the rest on an ordinary thread. It may run on any thread of the process, also on several at once, in
 * the middle of whatever they do: it makes raw system calls only, which leave errno alone, takes no lock and never waits.
 */
#include "shim.h"
#include "signals.h"

enum { SIG_BLOCK_ = 0, SIG_UNBLOCK_ = 1 };
enum { SIGCHLD_NUMBER = 17, SIGCONT_NUMBER = 18, SIGTSTP_NUMBER = 20, SIGTTIN_NUMBER = 21,
       SIGTTOU_NUMBER = 22, SIGURG_NUMBER = 23, SIGWINCH_NUMBER = 28 };
enum { EINVAL_ = 22 };
enum { PROT_READ_ = 1, PROT_WRITE_ = 2, MAP_PRIVATE_ = 2, MAP_ANONYMOUS_ = 0x20, MAP_NORESERVE_ = 0x4000 };
enum { FUTEX_WAIT_PRIVATE_ = 128, FUTEX_WAKE_PRIVATE_ = 129, EVERYBODY = 0x7fffffff };
enum { CLOCK_REALTIME_ = 0 };
#define NANOSECONDS 1000000000ll

/* Records; the pages under them come into being as they are first used. */
#define RING_CAPACITY 0x10000ull

/* The runtime's handler writes to a pipe, and would wait in it when it is full: with 64 signals that never comes to be. */
#define MOST_UNANSWERED 512

/* No signal of the kernel or of another process carries this code together with the address of our ring. */
#define BLOCK_REQUEST (-0x6e67)

#if defined(__aarch64__)
#define CONTEXT_MASK_OFFSET 40
#else
#define CONTEXT_MASK_OFFSET 296
#endif

/* siginfo_t; what stands where after the padding depends on the code. */
struct signal_info
{
    int signal;
    int error;
    int code;
    int padding;
    int pid;
    unsigned int uid;
    unsigned long long value;
    long long rest[12];
};

struct time_span
{
    long long seconds;
    long long nanoseconds;
};

/* What we last put on a signal. */
enum { NOTHING, OUR_HANDLER, OUR_IGNORE };

struct disposition
{
    struct kernel_sigaction before; /* what stood there, and comes back */
    struct kernel_sigaction above;  /* the runtime's handler where it was put upon ours, which it then calls */
    handler_t chained;              /* called after ours */
    int standing;
    int recording;
    int ordered;                    /* received by one thread only, and blocked in the others */
    int buried;                     /* whether there is one above */
};

static struct gannet_signal_ring ring;
static struct disposition dispositions[GANNET_LAST_SIGNAL + 1];
static handler_t runtime_handler;

#if defined(__x86_64__)
/* In just these bytes, by which debuggers and unwinders know the frame of a signal. */
__asm__(".text\n"
        ".hidden gannet_restore_from_signal\n"
        ".globl gannet_restore_from_signal\n"
        ".type gannet_restore_from_signal,@function\n"
        "gannet_restore_from_signal:\n"
        "    mov $15, %rax\n"
        "    syscall\n");
#endif

/* It comes to SIGCONT with the first signal of any kind that the runtime is asked to watch, and stays there. */
static handler_t find_runtime_handler(void)
{
    struct kernel_sigaction current;
    return set_action(SIGCONT_NUMBER, 0, &current) == 0 && is_function(current.handler) ? current.handler : 0;
}

int is_runtime_handler(handler_t handler)
{
    return handler == (runtime_handler != 0 ? runtime_handler : find_runtime_handler()) && is_function(handler);
}

void take_default_action(int signal)
{
    struct kernel_sigaction action = { DEFAULT_ACTION, 0, 0, 0 };
    unsigned long mask = mask_of(signal);
    set_action(signal, &action, 0);
    syscall4(SYS_rt_sigprocmask, SIG_UNBLOCK_, (long)&mask, 0, SIGSET_BYTES);
    /* To this thread, so that the signal is taken before the call returns. */
    syscall3(SYS_tgkill, syscall0(SYS_getpid), syscall0(SYS_gettid), signal);
}

void gannet_signal_die(int signal)
{
    take_default_action(signal);
    for (;;)
    {
        syscall1(SYS_exit_group, 128 + signal);
    }
}

/* ---- The handler ---- */

static void wake(unsigned int *word)
{
    syscall3(SYS_futex, (long)word, FUTEX_WAKE_PRIVATE_, EVERYBODY);
}

static void tell_of_arrival(void)
{
    /* The reader raises sleepers before it looks at arrivals a last time: one of the two sees the other. */
    __atomic_add_fetch(&ring.arrivals, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&ring.sleepers, __ATOMIC_SEQ_CST) != 0)
    {
        wake(&ring.arrivals);
    }
}

/* The turn of a record that waits to be filled. Memory fresh from the kernel is the first round's. */
static unsigned long long free_turn(unsigned long long place)
{
    return place / RING_CAPACITY * 2;
}

/* The place that is ours alone to fill, or null when the ring is full. */
static struct gannet_signal_record *take_place(unsigned long long *place)
{
    *place = __atomic_load_n(&ring.next, __ATOMIC_RELAXED);
    for (;;)
    {
        struct gannet_signal_record *record = &ring.records[*place % RING_CAPACITY];
        long long ahead = (long long)(__atomic_load_n(&record->turn, __ATOMIC_ACQUIRE) - free_turn(*place));
        if (ahead < 0)
        {
            return 0;
        }

        if (ahead > 0)
        {
            *place = __atomic_load_n(&ring.next, __ATOMIC_RELAXED);
        }
        else if (__atomic_compare_exchange_n(&ring.next, place, *place + 1, 1, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        {
            return record;
        }
    }
}

static void write_down(const struct signal_info *info)
{
    struct time_span now;
    unsigned long long place;
    syscall2(SYS_clock_gettime, CLOCK_REALTIME_, (long)&now);
    struct gannet_signal_record *record = take_place(&place);
    if (record == 0)
    {
        __atomic_add_fetch(&ring.lost, 1, __ATOMIC_RELAXED);
    }
    else
    {
        record->time = now.seconds * NANOSECONDS + now.nanoseconds;
        record->signal = info->signal;
        record->code = info->code;
        record->pid = info->pid;
        record->uid = info->uid;
        record->value = info->value;
        __atomic_store_n(&record->turn, free_turn(place) + 1, __ATOMIC_RELEASE);
    }

    tell_of_arrival();
}

/* The mask that the interrupted thread gets back when the handler returns. */
static void block_afterwards(void *context, int signal)
{
    *(unsigned long *)((char *)context + CONTEXT_MASK_OFFSET) |= mask_of(signal);
}

static int is_half_full(void)
{
    unsigned long long taken = __atomic_load_n(&ring.taken, __ATOMIC_RELAXED);
    return __atomic_load_n(&ring.next, __ATOMIC_RELAXED) - taken > RING_CAPACITY / 2;
}

static int is_block_request(const struct signal_info *info)
{
    return info->code == BLOCK_REQUEST && info->value == (unsigned long)&ring;
}

static void pass_on(int signal, const struct disposition *disposition, void *information, void *context)
{
    handler_t chained = __atomic_load_n(&disposition->chained, __ATOMIC_ACQUIRE);
    if (chained == runtime_handler && chained != 0)
    {
        unsigned long long answered = __atomic_load_n(&ring.answered[signal], __ATOMIC_RELAXED);
        if (__atomic_load_n(&ring.passed_on[signal], __ATOMIC_RELAXED) - answered >= MOST_UNANSWERED)
        {
            /* Merged with those on their way, as the kernel merges a signal with one that waits. */
            return;
        }

        __atomic_add_fetch(&ring.passed_on[signal], 1, __ATOMIC_SEQ_CST);
    }

    if (chained != 0)
    {
        chained(signal, information, context);
    }
}

static void on_signal(int signal, void *information, void *context)
{
    struct disposition *disposition = &dispositions[signal];
    struct kernel_sigaction now;
    if (is_block_request(information))
    {
        block_afterwards(context, signal);
        return;
    }

    if (__atomic_load_n(&disposition->recording, __ATOMIC_ACQUIRE))
    {
        write_down(information);
        if (disposition->ordered && is_half_full())
        {
            /* The kernel would go on with the next of its queue before this thread could read a single one. */
            block_afterwards(context, signal);
        }

        pass_on(signal, disposition, information, context);
    }
    else if (disposition->standing != OUR_IGNORE && get_action(signal, &now) == 0 && now.handler == on_signal)
    {
        /* The runtime's handler, under which ours was left, has gone: nobody but us can do what the default action does. */
        take_default_action(signal);
    }
}

/* ---- Changing what stands on a signal ---- */

/* Signals that the runtime looks at for its children and its terminal, and that do a program no harm. */
static int is_only_observed(int signal)
{
    switch (signal)
    {
    case SIGCHLD_NUMBER:
    case SIGCONT_NUMBER:
    case SIGTSTP_NUMBER:
    case SIGTTIN_NUMBER:
    case SIGTTOU_NUMBER:
    case SIGURG_NUMBER:
    case SIGWINCH_NUMBER:
        return 1;
    default:
        return 0;
    }
}

/* The handler to call after ours; others would do what the default action does, and end the process. */
static handler_t find_chained(int signal, handler_t before)
{
    return is_function(before) && before != on_signal && (before == runtime_handler || is_only_observed(signal)) ? before : 0;
}

/* Looks whether somebody else has put something on the signal since we last did. */
static void look_around(struct disposition *disposition, const struct kernel_sigaction *current)
{
    if (current->handler == on_signal)
    {
        /* Whatever we last put there: the runtime brings ours back when its own handler goes, and it never stood there before ours. */
        disposition->buried = 0;
    }
    else if (disposition->standing == OUR_HANDLER && current->handler == runtime_handler)
    {
        disposition->above = *current;
        disposition->buried = 1;
    }
    else if (disposition->standing != OUR_IGNORE || current->handler != IGNORED)
    {
        disposition->before = *current;
        disposition->buried = 0;
    }
}

static long put_handler(int signal, struct disposition *disposition)
{
    struct kernel_sigaction ours = calling(on_signal, ~0ul);
    disposition->standing = OUR_HANDLER;
    if (!disposition->buried)
    {
        __atomic_store_n(&disposition->chained, find_chained(signal, disposition->before.handler), __ATOMIC_RELEASE);
    }

    __atomic_store_n(&disposition->recording, 1, __ATOMIC_RELEASE);
    return put_action(signal, disposition->buried ? &disposition->above : &ours);
}

static long put_default(int signal, struct disposition *disposition)
{
    struct kernel_sigaction action = { DEFAULT_ACTION, 0, 0, 0 };
    if (disposition->buried)
    {
        disposition->standing = OUR_HANDLER;
        __atomic_store_n(&disposition->recording, 0, __ATOMIC_RELEASE);
        return put_action(signal, &disposition->above);
    }

    /* Still recording: a delivery that is under way on another thread was made to our handler. */
    disposition->standing = NOTHING;
    return put_action(signal, is_function(disposition->before.handler) ? &disposition->before : &action);
}

static long put_ignore(int signal, struct disposition *disposition)
{
    struct kernel_sigaction action = { IGNORED, 0, 0, 0 };
    disposition->standing = OUR_IGNORE;
    if (disposition->buried)
    {
        /* The runtime may bring our handler back, and must not bring back more. */
        __atomic_store_n(&disposition->recording, 0, __ATOMIC_RELEASE);
    }

    return put_action(signal, &action);
}

int gannet_signal_set(int signal, int action)
{
    struct disposition *disposition = &dispositions[signal];
    struct kernel_sigaction current;
    long error = get_action(signal, &current);
    if (error < 0)
    {
        return (int)-error;
    }

    look_around(disposition, &current);
    switch (action)
    {
    case GANNET_SIGNAL_DEFAULT:
        return (int)-put_default(signal, disposition);
    case GANNET_SIGNAL_IGNORED:
        return (int)-put_ignore(signal, disposition);
    case GANNET_SIGNAL_RECORDED:
        return (int)-put_handler(signal, disposition);
    default:
        return EINVAL_;
    }
}

int gannet_signal_get(int signal)
{
    struct kernel_sigaction current;
    long error = get_action(signal, &current);
    if (error < 0)
    {
        return (int)error;
    }

    if (!is_function(current.handler))
    {
        return current.handler == IGNORED ? GANNET_SIGNAL_IGNORED : GANNET_SIGNAL_DEFAULT;
    }

    if (current.handler == on_signal)
    {
        return GANNET_SIGNAL_RECORDED;
    }

    if (current.handler == runtime_handler)
    {
        return dispositions[signal].standing == OUR_HANDLER ? GANNET_SIGNAL_BURIED : GANNET_SIGNAL_RUNTIME;
    }

    return GANNET_SIGNAL_FOREIGN;
}

int gannet_signal_start(struct gannet_signal_ring **result)
{
    *result = &ring;
    if (ring.records != 0)
    {
        return 0;
    }

    long memory = syscall6(SYS_mmap, 0, RING_CAPACITY * sizeof(struct gannet_signal_record), PROT_READ_ | PROT_WRITE_,
                           MAP_PRIVATE_ | MAP_ANONYMOUS_ | MAP_NORESERVE_, -1, 0);
    if (memory < 0 && memory > -4096)
    {
        return (int)-memory;
    }

    runtime_handler = find_runtime_handler();
    ring.capacity = RING_CAPACITY;
    ring.records = (struct gannet_signal_record *)memory;
    return 0;
}

/* ---- Waiting ---- */

void gannet_signal_sleep(unsigned int *word, unsigned int expected, long long nanoseconds, unsigned long long unblocked)
{
    struct time_span timeout = { nanoseconds / NANOSECONDS, nanoseconds % NANOSECONDS };
    unsigned long long blocked = 0;
    int awaits_arrival = word == &ring.arrivals;
    __atomic_add_fetch(&ring.sleepers, awaits_arrival, __ATOMIC_SEQ_CST);
    if (unblocked != 0)
    {
        syscall4(SYS_rt_sigprocmask, SIG_UNBLOCK_, (long)&unblocked, (long)&blocked, SIGSET_BYTES);
        /* What was not blocked before must not be so afterwards. */
        unblocked &= blocked;
    }

    syscall4(SYS_futex, (long)word, FUTEX_WAIT_PRIVATE_, expected, nanoseconds < 0 ? 0 : (long)&timeout);
    if (unblocked != 0)
    {
        syscall4(SYS_rt_sigprocmask, SIG_BLOCK_, (long)&unblocked, 0, SIGSET_BYTES);
    }

    __atomic_sub_fetch(&ring.sleepers, awaits_arrival, __ATOMIC_SEQ_CST);
}

void gannet_signal_wake(unsigned int *word)
{
    __atomic_add_fetch(word, 1, __ATOMIC_SEQ_CST);
    wake(word);
}

int gannet_signal_block_in(int thread, int signal)
{
    dispositions[signal].ordered = 1;
    struct signal_info info = { signal, 0, BLOCK_REQUEST, 0, 0, 0, (unsigned long)&ring, { 0 } };
    return (int)-syscall4(SYS_rt_tgsigqueueinfo, syscall0(SYS_getpid), thread, signal, (long)&info);
}
