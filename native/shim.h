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
#define GANNET_SHIM_VERSION 3

EXPORT int gannet_shim_version(void);

/* What stands on SIGINT after gannet_interrupt_install; a negative result is an error number. */
#define GANNET_INTERRUPT_INSTALLED 0
#define GANNET_INTERRUPT_IGNORED 1
#define GANNET_INTERRUPT_TAKEN 2

/* Puts a handler on SIGINT that acts as the default does until it is armed. Not to be called by two threads at once. */
EXPORT int gannet_interrupt_install(void);

/* From now on one SIGINT is written to this eventfd instead of ending the process; -1 disarms. */
EXPORT void gannet_interrupt_arm(int eventfd);

/* Ends the process by SIGINT, whatever stands on it; an init process, which no signal kills, exits with 130 instead. */
EXPORT NORETURN void gannet_interrupt_die(void);

/*
 * A signal handler that does nothing. Unlike SIG_IGN it is gone after execve, which gives the new program the default action,
 * and unlike SIG_DFL it does no harm before.
 */
EXPORT void (*gannet_idle_handler(void))(int);

#endif
