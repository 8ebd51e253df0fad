/* Signal dispositions as the kernel has them. */
#ifndef GANNET_SIGNALS_H
#define GANNET_SIGNALS_H

#include "syscalls.h"

/* The kernel's set of signals; the C library's sigset_t is larger. */
#define SIGSET_BYTES 8

/* The kernel calls every handler so; one without SA_SIGINFO looks at the first argument only. */
typedef void (*handler_t)(int, void *, void *);

#define DEFAULT_ACTION ((handler_t)0)
#define IGNORED ((handler_t)1)

/* struct sigaction as the kernel has it; arm64 keeps the restorer's place and never uses it. */
struct kernel_sigaction
{
    handler_t handler;
    unsigned long flags;
    void (*restorer)(void);
    unsigned long mask;
};

static inline long set_action(int signal, const struct kernel_sigaction *action, struct kernel_sigaction *old)
{
    return syscall4(SYS_rt_sigaction, signal, (long)action, (long)old, SIGSET_BYTES);
}

#endif
