/* Linux system calls without a C library: the result, or minus the error number. */
#ifndef GANNET_SYSCALLS_H
#define GANNET_SYSCALLS_H

#if defined(__x86_64__)

#define SYS_write 1
#define SYS_close 3
#define SYS_mmap 9
#define SYS_mprotect 10
#define SYS_munmap 11
#define SYS_rt_sigaction 13
#define SYS_rt_sigprocmask 14
#define SYS_ioctl 16
#define SYS_getpid 39
#define SYS_clone 56
#define SYS_execve 59
#define SYS_kill 62
#define SYS_fcntl 72
#define SYS_chdir 80
#define SYS_umask 95
#define SYS_setpgid 109
#define SYS_getppid 110
#define SYS_setsid 112
#define SYS_setgroups 116
#define SYS_setresuid 117
#define SYS_setresgid 119
#define SYS_getpgid 121
#define SYS_rt_sigtimedwait 128
#define SYS_setpriority 141
#define SYS_prctl 157
#define SYS_gettid 186
#define SYS_futex 202
#define SYS_getdents64 217
#define SYS_clock_gettime 228
#define SYS_exit_group 231
#define SYS_tgkill 234
#define SYS_waitid 247
#define SYS_openat 257
#define SYS_dup3 292
#define SYS_rt_tgsigqueueinfo 297
#define SYS_prlimit64 302
#define SYS_pidfd_open 434
#define SYS_clone3 435
#define SYS_close_range 436

static inline long syscall6(long number, long a, long b, long c, long d, long e, long f)
{
    long result;
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

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

#define SYS_dup3 24
#define SYS_fcntl 25
#define SYS_ioctl 29
#define SYS_chdir 49
#define SYS_openat 56
#define SYS_close 57
#define SYS_getdents64 61
#define SYS_write 64
#define SYS_exit_group 94
#define SYS_waitid 95
#define SYS_futex 98
#define SYS_clock_gettime 113
#define SYS_kill 129
#define SYS_tgkill 131
#define SYS_rt_sigaction 134
#define SYS_rt_sigprocmask 135
#define SYS_rt_sigtimedwait 137
#define SYS_rt_tgsigqueueinfo 240
#define SYS_setpriority 140
#define SYS_setresuid 147
#define SYS_setresgid 149
#define SYS_setpgid 154
#define SYS_getpgid 155
#define SYS_setsid 157
#define SYS_setgroups 159
#define SYS_umask 166
#define SYS_prctl 167
#define SYS_getpid 172
#define SYS_getppid 173
#define SYS_gettid 178
#define SYS_munmap 215
#define SYS_clone 220
#define SYS_execve 221
#define SYS_mmap 222
#define SYS_mprotect 226
#define SYS_prlimit64 261
#define SYS_pidfd_open 434
#define SYS_clone3 435
#define SYS_close_range 436

static inline long syscall6(long number, long a, long b, long c, long d, long e, long f)
{
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = a;
    register long x1 __asm__("x1") = b;
    register long x2 __asm__("x2") = c;
    register long x3 __asm__("x3") = d;
    register long x4 __asm__("x4") = e;
    register long x5 __asm__("x5") = f;
    __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return x0;
}

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

static inline long syscall5(long number, long a, long b, long c, long d, long e)
{
    return syscall6(number, a, b, c, d, e, 0);
}

static inline long syscall3(long number, long a, long b, long c)
{
    return syscall4(number, a, b, c, 0);
}

static inline long syscall2(long number, long a, long b)
{
    return syscall4(number, a, b, 0, 0);
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
