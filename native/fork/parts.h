/* What the parts of the fork library share. Between the parking of the threads and their release none of them may call malloc,
 * stdio or the dynamic loader: a parked thread is blocked in a system call, but the child has to do without promises of that kind. */
#ifndef GANNET_FORK_PARTS_H
#define GANNET_FORK_PARTS_H

#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <ucontext.h>
#include "fork.h"

#define MOST_THREADS 1024
#define NAME_LENGTH 16

/* What becomes of a thread in the child. */
enum thread_kind
{
    STAYS_DEAD,   /* a thread of the program, as POSIX has it; or of the runtime's diagnostics, which belong to the parent */
    LIVES_ON,     /* one of the runtime's own, without which it can't collect, exit, time or handle signals */
};

enum thread_state
{
    LOOSE,   /* goes its own way */
    CALLED,  /* is to park */
    PARKING, /* writes down where it stands */
    PARKED,  /* waits in the handler of the parking signal */
};

struct thread
{
    _Atomic int state;      /* futex */
    _Atomic int is_signalled; /* a parking signal is on its way to it */
    int id;                 /* the kernel's number; 0: this place is free */
    enum thread_kind kind;
    char name[NAME_LENGTH];
    ucontext_t *context;    /* where it was interrupted, in the frame of the signal on its own stack */
    char *control_block;    /* what pthread_self gives on it */
    void *robust_list;
    size_t robust_length;
    cpu_set_t processors;
    void *managed;          /* the runtime's Thread, or null */
    long call;              /* the system call that goes on when it is released; -1: one that was given up with EINTR */
};

/* ---- threads.c: the table, parking ---- */

extern struct thread thread_table[MOST_THREADS];
extern int thread_count; /* places in use or once used */

#define FOR_EACH_THREAD(t) \
    for (struct thread *t = thread_table; t < thread_table + thread_count; t++) if (t->id != 0)

int threads_install_handler(void);
int threads_keep_handler(struct gannet_fork_attempt *attempt);
int threads_find_id_offset(void);
int threads_park(struct gannet_fork_attempt *attempt);
int threads_still_same(struct gannet_fork_attempt *attempt);
void threads_release(void);
int *thread_id_of(const struct thread *thread);
int obstructed(struct gannet_fork_attempt *attempt, int obstacle, const struct thread *thread);
int obstructed_by_system(struct gannet_fork_attempt *attempt, int error);

/* ---- inspect.c: whether all stand where a fork does no harm ---- */

int inspect(struct gannet_fork_attempt *attempt);

/* ---- runtime.c: what CoreCLR publishes about itself ---- */

int runtime_find_contract(void);
int runtime_find_thread_map(unsigned long id, const void *managed);
void *runtime_thread_of(int id);
int runtime_is_finalizer(const void *managed);
int runtime_is_pool_worker(const void *managed);
int runtime_is_cooperative(const void *managed);
int runtime_is_collecting(void);
void runtime_rename(void *managed, int id);
void runtime_bury(void *managed);

/* ---- memory.c: the memory that fork does not separate, and what must not be inherited ---- */

int memory_look(void);
int memory_privatise(void);
void memory_forget_endpoints(void);

/* ---- descriptors.c ---- */

/* Whether a thread that has a descriptor of its own to wait for waits for that, and not for something else. */
int descriptors_are_waited_for(const struct thread *thread);
int descriptors_privatise(void);

/* ---- resurrect.c ---- */

void resurrect_prepare(void);
int resurrect_all(void);
void resurrect_open_gate(void);

/* ---- children.c ---- */

int list_children(struct gannet_fork_attempt *attempt);

/* ---- text.c: /proc without stdio ---- */

/* Not those of self: they are empty when the leader of the process has ended. */
#define OWN_DESCRIPTORS "/proc/thread-self/fd"
#define OWN_MAPPINGS "/proc/thread-self/maps"

/* Calls back with each line, its newline cut off, until that gives other than 0, and gives that; or minus an errno. */
int read_lines(const char *path, int (*on_line)(char *line, void *state), void *state);
unsigned long take_number(const char **text, int base);
char *append(char *end, const char *text);
char *append_number(char *end, unsigned long number);
/* Calls back with each number that names an entry of a directory. */
int for_each_entry(const char *path, int (*on_number)(int number, void *state), void *state);

long futex_wait(_Atomic int *word, int expected, const struct timespec *timeout);
void futex_wake(_Atomic int *word, int count);

#endif
