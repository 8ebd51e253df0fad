/* Linux system calls without a C library: the result, or minus the error number. */
#ifndef GANNET_SYSCALLS_H
#define GANNET_SYSCALLS_H

#if defined(__x86_64__)

#define SYS_write 1
#define SYS_rt_sigaction 13
#define SYS_rt_sigprocmask 14
#define SYS_getpid 39
#define SYS_gettid 186
#define SYS_exit_group 231
#define SYS_tgkill 234

static inline long syscall4(long number, long a, long b, long c, long d)
{
    long result;
    register long r10 __asm__("r10") = d;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
                     : "rcx", "r11", "memory");
    return result;
}

#elif defined(__aarch64__)

#define SYS_write 64
#define SYS_exit_group 94
#define SYS_tgkill 131
#define SYS_rt_sigaction 134
#define SYS_rt_sigprocmask 135
#define SYS_getpid 172
#define SYS_gettid 178

static inline long syscall4(long number, long a, long b, long c, long d)
{
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return x0;
}

#else
#error "Gannet's shim knows x64 and arm64."
#endif

static inline long syscall3(long number, long a, long b, long c)
{
    return syscall4(number, a, b, c, 0);
}

static inline long syscall1(long number, long a)
{
    return syscall4(number, a, 0, 0, 0);
}

static inline long syscall0(long number)
{
    return syscall4(number, 0, 0, 0, 0);
}

#endif
