/*
 * SIGINT for programs with exit hooks. The handler here takes the place of the default action: it is installed before the
 * runtime's own, which therefore restores it and sends the signal again exactly when no managed registration has
 * cancelled it. With hooks armed it wakes the thread that runs them; otherwise it steps aside and lets the process die.
 */
#include "shim.h"
#include "signals.h"

enum { SIGINT_NUMBER = 2, SIGCONT_NUMBER = 18 };
enum { SIG_UNBLOCK_ = 1 };
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

/* Raw system calls only: errno of the interrupted thread stays as it is. */
static void on_interrupt(int signal)
{
    int fd = __atomic_exchange_n(&armed_fd, -1, __ATOMIC_ACQ_REL);
    if (fd >= 0)
    {
        unsigned long long one = 1;
        syscall3(SYS_write, fd, (long)&one, sizeof one);
        return;
    }

    set_action(signal, &previous, 0);
    syscall2(SYS_kill, syscall0(SYS_getpid), signal);
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

    /* The runtime handles SIGCONT from its start; the same function on SIGINT is the managed layer, already in place. */
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
    ours.flags = SA_RESTART_ | SA_ONSTACK_;
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
    struct kernel_sigaction fatal = { 0 };
    unsigned long mask = 1ul << (SIGINT_NUMBER - 1);
    set_action(SIGINT_NUMBER, &fatal, 0);
    syscall4(SYS_rt_sigprocmask, SIG_UNBLOCK_, (long)&mask, 0, SIGSET_BYTES);
    syscall2(SYS_kill, syscall0(SYS_getpid), SIGINT_NUMBER);
}
