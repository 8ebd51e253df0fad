/* Signal dispositions as the kernel has them. */
#ifndef GANNET_SIGNALS_H
#define GANNET_SIGNALS_H

#include "syscalls.h"

/* The kernel's set of signals; the C library's sigset_t is larger. */
#define SIGSET_BYTES 8

#define SA_SIGINFO_ 0x00000004ul
#define SA_ONSTACK_ 0x08000000ul
#define SA_RESTART_ 0x10000000ul
#define SA_RESTORER_ 0x04000000ul

/* The kernel calls every handler so; one without SA_SIGINFO looks at the first argument only. */
typedef void (*handler_t)(int, void *, void *);

#define HIDDEN __attribute__((visibility("hidden")))

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

static inline int is_function(handler_t handler)
{
    return handler != DEFAULT_ACTION && handler != IGNORED;
}

static inline unsigned long mask_of(int signal)
{
    return 1ul << (signal - 1);
}

#if defined(__x86_64__)
/* x64's kernel has no return from a handler of its own. */
extern HIDDEN void gannet_restore_from_signal(void);
#endif

/* An action that calls a handler on the thread's own signal stack, if it has one, and restarts the call that it interrupts. */
static inline struct kernel_sigaction calling(handler_t handler, unsigned long mask)
{
    struct kernel_sigaction action = { handler, SA_SIGINFO_ | SA_RESTART_ | SA_ONSTACK_, 0, mask };
#if defined(__x86_64__)
    action.flags |= SA_RESTORER_;
    action.restorer = gannet_restore_from_signal;
#endif
    return action;
}

static inline long set_action(int signal, const struct kernel_sigaction *action, struct kernel_sigaction *old)
{
    return syscall4(SYS_rt_sigaction, signal, (long)action, (long)old, SIGSET_BYTES);
}

/* What stands on a signal but for the cover that system() puts upon it, and a change under that. Not to be called by two threads at once. */
HIDDEN long get_action(int signal, struct kernel_sigaction *action);
HIDDEN long put_action(int signal, const struct kernel_sigaction *action);

/* The one handler that the runtime has for all signals that it watches. */
HIDDEN int is_runtime_handler(handler_t handler);

/* Returns when the default action lets the process live, or when it is an init process. */
HIDDEN void take_default_action(int signal);

#endif
