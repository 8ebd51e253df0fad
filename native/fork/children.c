/* The children of this process, as the kernel lists them by the thread that started them. */
#include "parts.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* Takes the numbers out of what has been read; one that is cut off at the end stays for the next time. */
static size_t take_children(struct gannet_fork_attempt *attempt, char *text, size_t length)
{
    size_t start = 0;
    for (size_t i = 0; i < length; i++)
    {
        if (text[i] != ' ')
        {
            continue;
        }

        const char *number = text + start;
        if (attempt->child_count < attempt->children_room)
        {
            attempt->children[attempt->child_count] = (int)take_number(&number, 10);
        }

        /* Counted also when there is no room, which is told by that. */
        attempt->child_count++;
        start = i + 1;
    }

    for (size_t i = start; i < length; i++)
    {
        text[i - start] = text[i];
    }

    return length - start;
}

static int list_children_of(int thread, void *state)
{
    char path[64], text[512];
    size_t filled = 0;
    ssize_t count;
    append(append_number(append(path, "/proc/self/task/"), (unsigned long)thread), "/children");
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
    {
        /* A kernel without CONFIG_PROC_CHILDREN. */
        return errno;
    }

    while ((count = read(fd, text + filled, sizeof text - filled)) > 0)
    {
        filled = take_children(state, text, filled + (size_t)count);
    }

    int error = count < 0 ? errno : 0;
    close(fd);
    return error;
}

/* One that is missing in the list would end the child at its first SIGCHLD. */
int list_children(struct gannet_fork_attempt *attempt)
{
    attempt->child_count = 0;
    if (attempt->children_room == 0)
    {
        return 0;
    }

    int error = for_each_entry("/proc/self/task", list_children_of, attempt);
    attempt->error = error < 0 ? -error : error;
    return error == 0 && attempt->child_count <= attempt->children_room ? 0 : obstructed(attempt, GANNET_FORK_CHILDREN_UNKNOWN, 0);
}
