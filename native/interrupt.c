/*
 * SIGINT for programs with exit hooks. The handler here takes the place of the default action: it is installed before the
 * runtime's own, which therefore restores it and sends the signal again exactly when no managed registration has
 * cancelled it. With hooks armed it wakes the thread that runs them; otherwise it lets the process die.
 */
#include "shim.h"
#include "signals.h"

enum { SIGINT_NUMBER = 2, SIGCONT_NUMBER = 18 };

static struct kernel_sigaction previous;
static int installed;
static int armed_fd = -1;

/* Raw system calls only: errno of the interrupted thread stays as it is. */
static void on_interrupt(int signal, void *info, void *context)
{
    struct kernel_sigaction now;
    int fd = __atomic_exchange_n(&armed_fd, -1, __ATOMIC_ACQ_REL);
    if (fd >= 0)
    {
        unsigned long long one = 1;
        syscall3(SYS_write, fd, (long)&one, sizeof one);
        return;
    }

    /*
     * The runtime has a native handler as well, which cleans up, puts the default action in place and sends the signal again. A host's
     * own may decide to live.
     */
    if (previous.handler != DEFAULT_ACTION)
    {
        previous.handler(signal, info, context);
        if (set_action(signal, 0, &now) == 0 && now.handler != DEFAULT_ACTION)
        {
            return;
        }
    }

    gannet_signal_die(SIGINT_NUMBER);
}

int gannet_interrupt_install(void)
{
    struct kernel_sigaction current, other;
    if (installed)
    {
        return GANNET_INTERRUPT_INSTALLED;
    }

    long error = set_action(SIGINT_NUMBER, 0, &current);
    if (error < 0)
    {
        return (int)error;
    }

    if (current.handler == IGNORED)
    {
        return GANNET_INTERRUPT_IGNORED;
    }

    /*
     * The runtime's one handler comes to SIGCONT with the first signal of any kind that it is asked to watch, and stays there. The
     * same function on SIGINT is therefore the managed layer, already in place.
     */
    error = set_action(SIGCONT_NUMBER, 0, &other);
    if (error < 0)
    {
        return (int)error;
    }

    if (current.handler != DEFAULT_ACTION && current.handler == other.handler)
    {
        return GANNET_INTERRUPT_TAKEN;
    }

    previous = current;
    struct kernel_sigaction ours = calling(on_interrupt, previous.mask);
    /*
     * The runtime takes over the flags of what it replaces, and its handler blocks no other signals. On the thread's signal stack, which is
     * 16 KiB, two of them and the runtime's own call to a thread, one within another, were more than there is room for.
     */
    ours.flags &= ~SA_ONSTACK_;
    error = set_action(SIGINT_NUMBER, &ours, 0);
    if (error < 0)
    {
        return (int)error;
    }

    installed = 1;
    return GANNET_INTERRUPT_INSTALLED;
}

void gannet_interrupt_arm(int eventfd)
{
    __atomic_store_n(&armed_fd, eventfd, __ATOMIC_RELEASE);
}

void gannet_interrupt_die(void)
{
    gannet_signal_die(SIGINT_NUMBER);
}
