/* Reading /proc with system calls and a buffer of our own: stdio takes locks and memory. */
#include "parts.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Only one thread forks at a time, so the buffers may be static: the stack of the forking thread may be small. */
static char lines[1 << 16];
static char entries[1 << 14];

/* As getdents64(2) fills it in. */
struct directory_entry
{
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

/* Hands out the complete lines of the buffer; what is left of it moves to the front. */
static int take_lines(size_t *filled, int (*on_line)(char *, void *), void *state)
{
    char *line = lines, *end;
    int result = 0;
    while (result == 0 && (end = memchr(line, '\n', *filled - (size_t)(line - lines))) != 0)
    {
        *end = 0;
        result = on_line(line, state);
        line = end + 1;
    }

    *filled -= (size_t)(line - lines);
    memmove(lines, line, *filled);
    return result;
}

int read_lines(const char *path, int (*on_line)(char *line, void *state), void *state)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
    {
        return -errno;
    }

    size_t filled = 0;
    ssize_t count = 0;
    int result = 0;
    while (result == 0 && (count = read(fd, lines + filled, sizeof lines - filled)) > 0)
    {
        filled += (size_t)count;
        result = take_lines(&filled, on_line, state);
    }

    result = result == 0 && count < 0 ? -errno : result;
    close(fd);
    return result;
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

unsigned long take_number(const char **text, int base)
{
    unsigned long number = 0;
    while (**text == ' ' || **text == '\t')
    {
        (*text)++;
    }

    for (; digit_of(**text) < base; (*text)++)
    {
        number = number * (unsigned long)base + (unsigned long)digit_of(**text);
    }

    return number;
}

char *append(char *end, const char *text)
{
    size_t length = strlen(text);
    memcpy(end, text, length + 1);
    return end + length;
}

char *append_number(char *end, unsigned long number)
{
    char digits[24];
    char *first = digits + sizeof digits - 1;
    *first = 0;
    do
    {
        *--first = (char)('0' + number % 10);
        number /= 10;
    }
    while (number != 0);
    return append(end, first);
}

int for_each_entry(const char *path, int (*on_number)(int number, void *state), void *state)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
    {
        return -errno;
    }

    long count = 0;
    int result = 0;
    while (result == 0 && (count = syscall(SYS_getdents64, fd, entries, sizeof entries)) > 0)
    {
        for (long at = 0; result == 0 && at < count;)
        {
            struct directory_entry *entry = (struct directory_entry *)(entries + at);
            const char *name = entry->name;
            at += entry->length;
            int number = digit_of(*name) < 10 ? (int)take_number(&name, 10) : -1;
            result = number < 0 ? 0 : on_number(number, state);
        }
    }

    result = result == 0 && count < 0 ? -errno : result;
    close(fd);
    return result;
}

long futex_wait(_Atomic int *word, int expected, const struct timespec *timeout)
{
    return syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, timeout, 0, 0);
}

void futex_wake(_Atomic int *word, int count)
{
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, 0, 0, 0);
}
