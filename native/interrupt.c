/*
 * SIGINT for programs with exit hooks. The handler here takes the place of the default action: it is installed before the
 * runtime's own, which therefore restores it and sends the signal again exactly when no managed registration has
 * cancelled it. With hooks armed it wakes the thread that runs them; otherwise it lets the process die.
 */
#include "shim.h"
#include "signals.h"

enum { SIGINT_NUMBER = 2, SIGCONT_NUMBER = 18 };
enum { SIG_UNBLOCK_ = 1 };
#define SA_SIGINFO_ 0x00000004ul
#define SA_ONSTACK_ 0x08000000ul
#define SA_RESTART_ 0x10000000ul
#define SA_RESTORER_ 0x04000000ul
static struct kernel_sigaction previous;
static int installed;
static int armed_fd = -1;

#if defined(__x86_64__)
/* x64's kernel has no return from a handler of its own. */
extern void gannet_restore_from_signal(void) __attribute__((visibility("hidden")));
__asm__(".text\n"
        ".hidden gannet_restore_from_signal\n"
        ".globl gannet_restore_from_signal\n"
        ".type gannet_restore_from_signal,@function\n"
        "gannet_restore_from_signal:\n"
        "    mov $15, %eax\n"
        "    syscall\n");
#endif

static NORETURN void die(void)
{
    struct kernel_sigaction fatal = { 0 };
    unsigned long mask = 1ul << (SIGINT_NUMBER - 1);
    set_action(SIGINT_NUMBER, &fatal, 0);
    syscall4(SYS_rt_sigprocmask, SIG_UNBLOCK_, (long)&mask, 0, SIGSET_BYTES);
    /* To this thread, so that the signal is taken before the call returns. */
    syscall3(SYS_tgkill, syscall0(SYS_getpid), syscall0(SYS_gettid), SIGINT_NUMBER);
    /* For the init process of a container the kernel drops a signal whose action is the default. */
    for (;;)
    {
        syscall1(SYS_exit_group, 128 + SIGINT_NUMBER);
    }
}

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

    die();
}

int gannet_interrupt_install(void)
{
    struct kernel_sigaction current, other, ours = { 0 };
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
    ours.handler = on_interrupt;
    ours.flags = SA_SIGINFO_ | SA_RESTART_ | SA_ONSTACK_;
    ours.mask = previous.mask;
#if defined(__x86_64__)
    ours.flags |= SA_RESTORER_;
    ours.restorer = gannet_restore_from_signal;
#endif
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
    die();
}
