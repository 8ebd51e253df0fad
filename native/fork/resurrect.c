/*
 * In the child only the thread that forked is alive. The stacks of the others are there, though, and on those of the runtime's own
 * threads the frame that the parking signal left: a new thread, with the old one's thread-local storage, returns from that signal and
 * goes on where the old one was interrupted.
 */
#include "parts.h"
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Below the frame of the signal: the new thread's own first calls. What the handler had there is over. */
#define ENTRY_STACK_GAP 1024
#define STACK_ALIGNMENT 16ul

#define RSEQ_SIGNATURE 0x53053053
#define RSEQ_REGISTERED_LENGTH 32
#define RSEQ_UNREGISTERED (-1)
#define RSEQ_FAILED (-2)

/* The beginning of the kernel's struct rseq, at whose place in the thread's storage the C library has told. */
struct restartable_sequence
{
    uint32_t cpu_at_start;
    int32_t cpu;
    uint64_t critical_section;
};

static const ptrdiff_t *rseq_offset;
static const unsigned *rseq_size;
static _Atomic int gate; /* futex: 1 when the threads may go */

void resurrect_prepare(void)
{
    rseq_offset = dlsym(RTLD_DEFAULT, "__rseq_offset");
    rseq_size = dlsym(RTLD_DEFAULT, "__rseq_size");
}

static void register_rseq(const struct thread *thread)
{
    if (rseq_offset == 0 || rseq_size == 0 || *rseq_size == 0)
    {
        return;
    }

    struct restartable_sequence *sequence = (struct restartable_sequence *)(thread->control_block + *rseq_offset);
    sequence->critical_section = 0;
    sequence->cpu_at_start = 0;
    sequence->cpu = RSEQ_UNREGISTERED;
    if (syscall(SYS_rseq, sequence, RSEQ_REGISTERED_LENGTH, 0, RSEQ_SIGNATURE) != 0)
    {
        /* Readers then ask the kernel instead. */
        sequence->cpu = RSEQ_FAILED;
    }
}

/* The first code of the new thread, on the stack of the old one. All signals are blocked until the frame gives back the old mask. */
__attribute__((noreturn, used)) static void enter(const struct thread *thread)
{
    if (thread->robust_length != 0)
    {
        syscall(SYS_set_robust_list, thread->robust_list, thread->robust_length);
    }

    register_rseq(thread);
    prctl(PR_SET_NAME, thread->name);
    sched_setaffinity(0, sizeof thread->processors, &thread->processors);
    while (atomic_load(&gate) == 0)
    {
        futex_wait(&gate, 0, 0);
    }

    __asm__ volatile("mov %0, %%rsp\n\t"
                     "mov %1, %%eax\n\t"
                     "syscall\n\t"
                     "hlt"
                     :
                     : "r"(thread->context), "i"(SYS_rt_sigreturn)
                     : "memory");
    __builtin_unreachable();
}

/* clone(2) as pthread_create calls it, but for the stack and the storage, which are those of a dead thread. */
static int clone_thread(struct thread *thread)
{
    const long flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM
        | CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
    uintptr_t stack = ((uintptr_t)thread->context - ENTRY_STACK_GAP) & ~(STACK_ALIGNMENT - 1);
    int *id = thread_id_of(thread);
    long result;
    register long r10 __asm__("r10") = (long)id;
    register char *r8 __asm__("r8") = thread->control_block;
    register struct thread *r12 __asm__("r12") = thread;
    __asm__ volatile("syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "xor %%ebp, %%ebp\n\t"
                     "mov %%r12, %%rdi\n\t"
                     "call %P[enter]\n\t"
                     "1:"
                     : "=a"(result)
                     : "a"(SYS_clone), "D"(flags), "S"(stack), "d"(id), "r"(r10), "r"(r8), "r"(r12), [enter] "i"(enter)
                     : "rcx", "r11", "memory", "cc");
    return (int)result;
}

/* They come to the gate in their own time: for a fork of the child's own they are parked first, and the signal waits until they are through. */
int resurrect_all(void)
{
    atomic_store(&gate, 0);
    FOR_EACH_THREAD(thread)
    {
        if (thread->kind != LIVES_ON)
        {
            runtime_bury(thread->managed);
            thread->id = 0;
            continue;
        }

        int id = clone_thread(thread);
        if (id < 0)
        {
            return id;
        }

        thread->id = id;
        atomic_store(&thread->state, LOOSE);
        /* One that came late was left with the parent's thread. */
        atomic_store(&thread->is_signalled, 0);
        runtime_rename(thread->managed, id);
    }

    return 0;
}

void resurrect_open_gate(void)
{
    atomic_store(&gate, 1);
    futex_wake(&gate, INT_MAX);
}
