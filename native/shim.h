/*
 * Gannet's C shim: the few things that managed code can't do, because they run where the runtime must not be entered
 * (in a signal handler, between clone and execve). Freestanding: no libc, raw system calls only, so that one binary per
 * processor serves glibc and musl.
 */
#ifndef GANNET_SHIM_H
#define GANNET_SHIM_H

#define EXPORT __attribute__((visibility("default")))

/* Raised whenever a function or a struct shared with the managed side changes; the managed side refuses another number. */
#define GANNET_SHIM_VERSION 1

EXPORT int gannet_shim_version(void);

#endif
