/* The order of a fork: park, inspect, fork; in the child copy and remap, privatise, resurrect, and only then release both. */
#include "fork.h"
#include <features.h>

int gannet_fork_version(void)
{
    return GANNET_FORK_VERSION;
}

#if defined(__x86_64__) && defined(__GLIBC__)
#include "parts.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Far beyond what a child needs on a machine that is overloaded, and still an end. */
#define LONGEST_CHILDHOOD 30000

/* Where a child failed before it was one. Processes/Fork/ForkRefusals tells them apart. */
enum child_step
{
    STEP_DONE = 0,
    STEP_MEMORY = 1,
    STEP_DESCRIPTORS = 2,
    STEP_THREADS = 3,
    STEP_KILLED = 4,
    STEP_TIME_OUT = 5,
};

struct child_report
{
    int step;
    int error;
};

static pid_t (*fork_without_handlers)(void);

int gannet_fork_prepare(void)
{
    static int support = -1;
    if (support >= 0)
    {
        return support;
    }

    /* fork(3) itself hands the stacks of the dead to new threads, with the storage in which the runtime keeps its accounts. */
    *(void **)&fork_without_handlers = dlsym(RTLD_DEFAULT, "_Fork");
    support = fork_without_handlers == 0 ? GANNET_FORK_OTHER_PLATFORM : runtime_find_contract();
    support = support != GANNET_FORK_SUPPORTED ? support : threads_find_id_offset();
    support = support != GANNET_FORK_SUPPORTED ? support : threads_install_handler();
    resurrect_prepare();
    return support;
}

/* ---- The child ---- */

static int fail(struct child_report *report, int step, int error)
{
    report->step = step;
    report->error = -error;
    return error;
}

static int become_a_process(struct child_report *report, void *self)
{
    int error;
    runtime_rename(self, (int)syscall(SYS_gettid));
    memory_forget_endpoints();
    if ((error = memory_privatise()) != 0)
    {
        return fail(report, STEP_MEMORY, error);
    }

    if ((error = descriptors_privatise()) != 0)
    {
        return fail(report, STEP_DESCRIPTORS, error);
    }

    error = resurrect_all();
    return error != 0 ? fail(report, STEP_THREADS, error) : 0;
}

static void be_the_child(const struct gannet_fork_attempt *attempt, int pipe_end, void *self)
{
    struct child_report report = { STEP_DONE, 0 };
    int error = become_a_process(&report, self);
    int is_told = write(pipe_end, &report, sizeof report) == (ssize_t)sizeof report;
    if (error != 0 || !is_told)
    {
        _exit(1);
    }

    close(pipe_end);
    (*attempt->forks)++;
    resurrect_open_gate();
}

/* ---- The parent ---- */

static void discard(struct gannet_fork_attempt *attempt, pid_t child, const struct child_report *report)
{
    kill(child, SIGKILL);
    while (waitpid(child, 0, 0) < 0 && errno == EINTR)
    {
    }

    attempt->error = report->error;
    attempt->detail = report->step;
    obstructed(attempt, GANNET_FORK_CHILD_FAILED, 0);
}

/* The parent stands still meanwhile: the child copies from memory that both share. */
static void await_child(struct gannet_fork_attempt *attempt, pid_t child, int pipe_end)
{
    const struct child_report killed = { STEP_KILLED, ECHILD }, late = { STEP_TIME_OUT, ETIMEDOUT };
    struct child_report report;
    struct pollfd entry = { pipe_end, POLLIN, 0 };
    if (poll(&entry, 1, LONGEST_CHILDHOOD) <= 0)
    {
        discard(attempt, child, &late);
    }
    else if (read(pipe_end, &report, sizeof report) != (ssize_t)sizeof report)
    {
        /* The other end was closed without a word. */
        discard(attempt, child, &killed);
    }
    else if (report.step != STEP_DONE)
    {
        discard(attempt, child, &report);
    }
}

/* All that can fail without a child, and what the child has to know beforehand. */
static int prepare_child(struct gannet_fork_attempt *attempt, void **self, int ends[2])
{
    int id = (int)syscall(SYS_gettid);
    *self = runtime_thread_of(id);
    if (!runtime_find_thread_map((unsigned long)id, *self))
    {
        return obstructed(attempt, GANNET_FORK_NO_THREAD_MAP, 0);
    }

    int error = memory_look();
    if (error != 0)
    {
        return obstructed_by_system(attempt, -error);
    }

    return list_children(attempt) != 0 ? -1 : pipe2(ends, O_CLOEXEC) != 0 ? obstructed_by_system(attempt, errno) : 0;
}

static void fork_parked(struct gannet_fork_attempt *attempt)
{
    int ends[2];
    void *self;
    if (prepare_child(attempt, &self, ends) != 0)
    {
        return;
    }

    attempt->pid = fork_without_handlers();
    if (attempt->pid == 0)
    {
        close(ends[0]);
        be_the_child(attempt, ends[1], self);
        return;
    }

    int error = errno;
    close(ends[1]);
    if (attempt->pid < 0)
    {
        obstructed_by_system(attempt, error);
    }
    else
    {
        await_child(attempt, attempt->pid, ends[0]);
    }

    close(ends[0]);
}

static int is_child(const struct gannet_fork_attempt *attempt)
{
    return attempt->obstacle == GANNET_FORK_DONE && attempt->pid == 0;
}

void gannet_fork_try(struct gannet_fork_attempt *attempt)
{
    sigset_t all, before;
    attempt->pid = -1;
    attempt->obstacle = GANNET_FORK_DONE;
    attempt->error = attempt->thread = attempt->name[0] = 0;
    attempt->detail = 0;
    /* A handler on this thread might wait for one that stands still. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (threads_keep_handler(attempt) == 0 && threads_park(attempt) == 0 && inspect(attempt) == 0 && threads_still_same(attempt) == 0)
    {
        fork_parked(attempt);
    }

    if (attempt->obstacle != GANNET_FORK_DONE)
    {
        attempt->pid = -1;
    }

    if (!is_child(attempt))
    {
        threads_release();
    }

    pthread_sigmask(SIG_SETMASK, &before, 0);
}

#else

int gannet_fork_prepare(void)
{
    return GANNET_FORK_OTHER_PLATFORM;
}

void gannet_fork_try(struct gannet_fork_attempt *attempt)
{
    attempt->pid = -1;
    attempt->obstacle = GANNET_FORK_SYSTEM;
}

#endif
