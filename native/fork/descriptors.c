/*
 * Descriptors through which the runtime talks to itself. Shared by parent and child, a signal for the one would be read by the
 * other, and a wait of the one would be changed by the other. Each is found by what the thread that waits for it has in its registers.
 */
#include "parts.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SIGNAL_THREAD ".NET SigHandler"
#define WAKING_THREAD ".NET SynchManag"
#define SOCKET_THREAD ".NET Sockets"

static long first_argument(const struct thread *thread)
{
    return thread->context->uc_mcontext.gregs[REG_RDI];
}

static int is_pipe(int fd)
{
    struct stat status;
    return fstat(fd, &status) == 0 && S_ISFIFO(status.st_mode);
}

static int is_epoll(int fd)
{
    static const char epoll[] = "anon_inode:[eventpoll]";
    char path[64], target[sizeof epoll];
    append_number(append(path, OWN_DESCRIPTORS "/"), (unsigned long)fd);
    ssize_t length = readlink(path, target, sizeof target);
    return length == sizeof epoll - 1 && memcmp(target, epoll, sizeof epoll - 1) == 0;
}

int descriptors_are_waited_for(const struct thread *thread)
{
    if (strcmp(thread->name, SIGNAL_THREAD) == 0)
    {
        return thread->call == SYS_read && is_pipe((int)first_argument(thread));
    }

    /* These calls are given up with EINTR, which leaves their arguments in place. */
    if (strcmp(thread->name, WAKING_THREAD) == 0)
    {
        return (thread->call < 0 || thread->call == SYS_poll) && is_pipe(((struct pollfd *)first_argument(thread))->fd);
    }

    if (strcmp(thread->name, SOCKET_THREAD) == 0)
    {
        return (thread->call < 0 || thread->call == SYS_epoll_wait) && is_epoll((int)first_argument(thread));
    }

    return 1;
}

/* ---- Pipes: both ends, and all their duplicates, become those of a new one ---- */

struct pipe_exchange
{
    struct stat old;
    int ends[2];
};

static int exchange_end(int fd, void *state)
{
    struct pipe_exchange *exchange = state;
    struct stat status;
    if (fd == exchange->ends[0] || fd == exchange->ends[1] || fstat(fd, &status) != 0 || !S_ISFIFO(status.st_mode)
        || status.st_ino != exchange->old.st_ino || status.st_dev != exchange->old.st_dev)
    {
        return 0;
    }

    int flags = fcntl(fd, F_GETFL), is_inherited = (fcntl(fd, F_GETFD) & FD_CLOEXEC) == 0;
    int end = exchange->ends[(flags & O_ACCMODE) != O_RDONLY];
    if (dup3(end, fd, is_inherited ? 0 : O_CLOEXEC) < 0 || fcntl(fd, F_SETFL, flags & (O_NONBLOCK | O_APPEND)) != 0)
    {
        return -errno;
    }

    return 0;
}

static int privatise_pipe(int fd)
{
    struct pipe_exchange exchange;
    if (fstat(fd, &exchange.old) != 0 || pipe2(exchange.ends, O_CLOEXEC) != 0)
    {
        return -errno;
    }

    int error = for_each_entry(OWN_DESCRIPTORS, exchange_end, &exchange);
    close(exchange.ends[0]);
    close(exchange.ends[1]);
    return error;
}

/* ---- Epoll: a new one with the same entries ---- */

/* "tfd: 12 events: 80000001 data: 7f..." */
static int copy_watch(char *line, void *epoll)
{
    static const char key[] = "tfd:", events_key[] = "events:", data_key[] = "data:";
    const char *at = strncmp(line, key, sizeof key - 1) == 0 ? line + sizeof key - 1 : 0;
    const char *events = strstr(line, events_key), *data = strstr(line, data_key);
    if (at == 0 || events == 0 || data == 0)
    {
        return 0;
    }

    events += sizeof events_key - 1;
    data += sizeof data_key - 1;
    int fd = (int)take_number(&at, 10);
    struct epoll_event event = { .events = (uint32_t)take_number(&events, 16), .data.u64 = take_number(&data, 16) };
    /* EBADF: the number was closed while a duplicate lives. The old one reported it under a number that nobody knows any more. */
    return epoll_ctl(*(int *)epoll, EPOLL_CTL_ADD, fd, &event) == 0 || errno == EBADF || errno == EPERM || errno == EEXIST ? 0 : -errno;
}

static int privatise_epoll(int fd)
{
    char path[64];
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    append_number(append(path, "/proc/thread-self/fdinfo/"), (unsigned long)fd);
    int error = epoll < 0 ? -errno : read_lines(path, copy_watch, &epoll);
    error = error != 0 ? error : dup3(epoll, fd, O_CLOEXEC) < 0 ? -errno : 0;
    close(epoll);
    return error;
}

int descriptors_privatise(void)
{
    int error = 0;
    FOR_EACH_THREAD(thread)
    {
        if (error != 0 || thread->kind != LIVES_ON)
        {
            continue;
        }

        if (strcmp(thread->name, SIGNAL_THREAD) == 0)
        {
            error = privatise_pipe((int)first_argument(thread));
        }
        else if (strcmp(thread->name, WAKING_THREAD) == 0)
        {
            error = privatise_pipe(((struct pollfd *)first_argument(thread))->fd);
        }
        else if (strcmp(thread->name, SOCKET_THREAD) == 0)
        {
            error = privatise_epoll((int)first_argument(thread));
        }
    }

    return error;
}
