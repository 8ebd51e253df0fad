/*
 * SIGINT and SIGQUIT while system() waits. POSIX has the caller ignore them: they come from the terminal, and are meant for the
 * command. SIG_IGN would do that for every program as well that another thread starts meanwhile, because it stays across execve. A
 * handler that does nothing is gone there, so one covers whatever stands on the signal, and keeps it to put it back.
 *
 * The runtime may come with a handler of its own while this one stands, keep this one as what it has replaced, and bring it back any
 * time later. Out of use it therefore does what stood below it.
 */
#include "shim.h"
#include "signals.h"

enum { SIGINT_NUMBER = 2, SIGQUIT_NUMBER = 3, COVERED_SIGNALS = 2 };

struct cover
{
    struct kernel_sigaction top;   /* what is put back */
    struct kernel_sigaction below; /* what the cover stands for, where somebody keeps it */
    int in_use;
    int in_place;                  /* we have last put it into the kernel */
    int kept;                      /* somebody has replaced it, and may bring it back */
};

static struct cover covers[COVERED_SIGNALS];

static struct cover *cover_of(int signal)
{
    return signal == SIGINT_NUMBER ? &covers[0] : signal == SIGQUIT_NUMBER ? &covers[1] : 0;
}

static void on_covered(int signal, void *info, void *context)
{
    struct cover *cover = cover_of(signal);
    struct kernel_sigaction now;
    if (__atomic_load_n(&cover->in_use, __ATOMIC_ACQUIRE) || set_action(signal, 0, &now) < 0)
    {
        return;
    }

    if (now.handler != on_covered)
    {
        /*
         * Delivered while it was in use, to a thread that comes to it only now: one that was preempted on its way out of the kernel.
         * The runtime never calls what it has replaced for these two signals; it brings it back and sends the signal again.
         */
        return;
    }

    if (is_function(cover->below.handler))
    {
        cover->below.handler(signal, info, context);
    }
    else if (cover->below.handler == DEFAULT_ACTION)
    {
        /* Who had replaced us has gone, and has left the decision to us. */
        take_default_action(signal);
    }
}

/* An ignored signal is ignored already, and the programs that are started are right to inherit that. */
static long put_upon(int signal, struct cover *cover, const struct kernel_sigaction *action)
{
    struct kernel_sigaction ours = calling(on_covered, ~0ul);
    cover->top = *action;
    if (!cover->kept)
    {
        cover->below = *action;
    }

    cover->in_place = action->handler != IGNORED;
    return set_action(signal, cover->in_place ? &ours : action, 0);
}

static void look_who_keeps_it(struct cover *cover, const struct kernel_sigaction *current)
{
    if (current->handler == on_covered)
    {
        /* Brought back, unless it is there because we have put it there. */
        cover->kept = cover->kept && cover->in_place;
    }
    else if (cover->in_place && is_function(current->handler) && !is_runtime_handler(cover->top.handler))
    {
        /* Where the runtime's handler stood below, it has taken that away and brought back what had been there before. */
        cover->kept = 1;
    }
}

static long cover_up(int signal)
{
    struct cover *cover = cover_of(signal);
    struct kernel_sigaction current;
    long error = set_action(signal, 0, &current);
    if (error < 0)
    {
        return error;
    }

    look_who_keeps_it(cover, &current);
    __atomic_store_n(&cover->in_use, 1, __ATOMIC_RELEASE);
    return put_upon(signal, cover, current.handler == on_covered ? &cover->below : &current);
}

static long uncover(int signal)
{
    struct cover *cover = cover_of(signal);
    struct kernel_sigaction current;
    long error = set_action(signal, 0, &current);
    if (error == 0)
    {
        look_who_keeps_it(cover, &current);
        if (cover->in_place && current.handler == on_covered)
        {
            error = set_action(signal, &cover->top, 0);
        }
    }

    cover->in_place = 0;
    __atomic_store_n(&cover->in_use, 0, __ATOMIC_RELEASE);
    return error;
}

int gannet_system_begin(void)
{
    long error = cover_up(SIGINT_NUMBER);
    if (error < 0)
    {
        return (int)-error;
    }

    error = cover_up(SIGQUIT_NUMBER);
    if (error < 0)
    {
        uncover(SIGINT_NUMBER);
    }

    return (int)-error;
}

/* What came while the signals were ignored, and what no thread has got round to yet. SIG_IGN would have kept it from coming. */
static void drop_pending(void)
{
    unsigned long signals = mask_of(SIGINT_NUMBER) | mask_of(SIGQUIT_NUMBER);
    long long at_once[2] = { 0, 0 };
    while (syscall4(SYS_rt_sigtimedwait, (long)&signals, 0, (long)at_once, SIGSET_BYTES) > 0)
    {
    }
}

void gannet_system_end(void)
{
    drop_pending();
    uncover(SIGQUIT_NUMBER);
    uncover(SIGINT_NUMBER);
}

long get_action(int signal, struct kernel_sigaction *action)
{
    const struct cover *cover = cover_of(signal);
    long error = set_action(signal, 0, action);
    if (error == 0 && action->handler == on_covered)
    {
        *action = cover->in_use ? cover->top : cover->below;
    }

    return error;
}

long put_action(int signal, const struct kernel_sigaction *action)
{
    struct cover *cover = cover_of(signal);
    struct kernel_sigaction current;
    long error = cover == 0 ? 0 : set_action(signal, 0, &current);
    if (cover == 0 || error < 0)
    {
        return error < 0 ? error : set_action(signal, action, 0);
    }

    look_who_keeps_it(cover, &current);
    return cover->in_use ? put_upon(signal, cover, action) : set_action(signal, action, 0);
}
