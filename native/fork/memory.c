/*
 * The runtime maps its code memory twice, once to run and once to be written, from one memfd; and such memory stays shared across a
 * fork: parent and child would write into each other's code. The child makes a copy and puts it in the same places. Files that .NET
 * maps, on the other hand, would not be there at all.
 */
#include "parts.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define CODE_MEMORY "/memfd:doublemapper"
#define CODE_MEMORY_NAME "doublemapper"
#define DEVICES "/dev/"
#define SHARED_MEMORY "/dev/shm/"

#define MOST_CODE_MAPPINGS 65536 /* a process can have no more of any kind, unless vm.max_map_count is raised */

#define MOST_ENDPOINTS 64
#define KEY_LENGTH 48
#define ARENA (64ul << 20) /* the size and the alignment of malloc's further heaps */

static int code_fd = -1;

/* ---- The lines of /proc/thread-self/maps ---- */

struct mapping
{
    char *start;
    size_t length;
    off_t offset;
    unsigned long inode;
    int protection;
    int is_shared;
    const char *path; /* within the line that it was read from */
};

static struct mapping code_mappings[MOST_CODE_MAPPINGS];
static int code_mapping_count; /* 0: W^X is switched off */

/* start-end rwxp offset major:minor inode path */
static struct mapping read_mapping(const char *line)
{
    struct mapping mapping = { 0 };
    mapping.start = (char *)take_number(&line, 16);
    line++;
    mapping.length = take_number(&line, 16) - (unsigned long)mapping.start;
    mapping.protection = (line[1] == 'r' ? PROT_READ : 0) | (line[2] == 'w' ? PROT_WRITE : 0) | (line[3] == 'x' ? PROT_EXEC : 0);
    mapping.is_shared = line[4] == 's';
    line += 5;
    mapping.offset = (off_t)take_number(&line, 16);
    take_number(&line, 16);
    line++;
    take_number(&line, 16);
    mapping.inode = take_number(&line, 10);
    mapping.path = line + strspn(line, " ");
    return mapping;
}

/* ---- Copying ---- */

static int is_code_memory(int fd, void *unused)
{
    char path[64], target[sizeof CODE_MEMORY];
    (void)unused;
    append_number(append(path, OWN_DESCRIPTORS "/"), (unsigned long)fd);
    ssize_t length = readlink(path, target, sizeof target - 1);
    target[length < 0 ? 0 : length] = 0;
    if (strcmp(target, CODE_MEMORY) != 0)
    {
        return 0;
    }

    code_fd = fd;
    return 1;
}

/* Within the kernel, which copies each page once, straight from one file's to the other's. */
static int copy_range(int target, off_t from, off_t end)
{
    ssize_t count = 1;
    if (lseek(target, from, SEEK_SET) < 0)
    {
        return -errno;
    }

    while (from < end && (count = sendfile(target, code_fd, &from, (size_t)(end - from))) > 0)
    {
    }

    return count > 0 ? 0 : count < 0 ? -errno : -EIO;
}

/* The file is vast and nearly all hole: only what has been written is copied. */
static int copy_code(int target, off_t size)
{
    off_t end = 0, from;
    int error = ftruncate(target, size) == 0 ? 0 : -errno;
    while (error == 0 && (from = lseek(code_fd, end, SEEK_DATA)) >= 0)
    {
        end = lseek(code_fd, from, SEEK_HOLE);
        error = end < 0 ? -errno : copy_range(target, from, end);
    }

    /* Behind the last data there is ENXIO. */
    return error != 0 || errno == ENXIO ? error : -errno;
}

static int remap_code(int copy)
{
    const struct mapping *end = code_mappings + code_mapping_count;
    for (const struct mapping *old = code_mappings; old < end; old++)
    {
        if (mmap(old->start, old->length, old->protection, MAP_SHARED | MAP_FIXED, copy, old->offset) == MAP_FAILED)
        {
            return -errno;
        }
    }

    return 0;
}

int memory_privatise(void)
{
    struct stat status;
    if (code_mapping_count == 0)
    {
        return 0;
    }

    int copy = memfd_create(CODE_MEMORY_NAME, MFD_CLOEXEC);
    int error = copy < 0 || fstat(code_fd, &status) != 0 ? -errno : copy_code(copy, status.st_size);
    error = error != 0 ? error : remap_code(copy);
    /* What the runtime maps from now on comes from the copy too. */
    error = error != 0 ? error : dup3(copy, code_fd, O_CLOEXEC) < 0 ? -errno : 0;
    close(copy);
    return error;
}

/* ---- The parent's diagnostic endpoints ---- */

/*
 * At a clean end the runtime unlinks the sockets and pipes by which debuggers and tracers find it. The child has inherited their
 * names, and would unlink its parent's. They lie in malloc's memory, and carry the number of the process.
 */
static char endpoint_keys[2][KEY_LENGTH];
static char *endpoints[MOST_ENDPOINTS];
static int endpoint_count;
static pid_t endpoint_owner;

static void find_key(const struct mapping *mapping, const char *key)
{
    char *end = mapping->start + mapping->length;
    char *from = mapping->start;
    while (endpoint_count < MOST_ENDPOINTS && (from = memmem(from, (size_t)(end - from), key, strlen(key))) != 0)
    {
        endpoints[endpoint_count++] = from++;
    }
}

static int find_in_heap(char *line, void *unused)
{
    struct mapping mapping = read_mapping(line);
    int is_plain = mapping.protection == (PROT_READ | PROT_WRITE) && !mapping.is_shared && mapping.inode == 0;
    int is_arena = (unsigned long)mapping.start % ARENA == 0 && mapping.length <= ARENA;
    (void)unused;
    if (is_plain && (is_arena || strcmp(mapping.path, "[heap]") == 0))
    {
        find_key(&mapping, endpoint_keys[0]);
        find_key(&mapping, endpoint_keys[1]);
    }

    return 0;
}

static int look_for_endpoints(void)
{
    pid_t self = getpid();
    if (endpoint_owner == self)
    {
        return 0;
    }

    endpoint_count = 0;
    append(append_number(append(endpoint_keys[0], "dotnet-diagnostic-"), (unsigned long)self), "-");
    append(append_number(append(endpoint_keys[1], "clr-debug-pipe-"), (unsigned long)self), "-");
    int error = read_lines(OWN_MAPPINGS, find_in_heap, 0);
    endpoint_owner = error == 0 ? self : 0;
    return error;
}

/* A name that leads nowhere is unlinked in vain. Through the kernel, because what was no name but a trace of one may be unmapped by now. */
static void make_void(int memory, char *endpoint, const char *key)
{
    char found[KEY_LENGTH];
    size_t length = strlen(key);
    if (pread(memory, found, length, (off_t)endpoint) == (ssize_t)length && memcmp(found, key, length) == 0)
    {
        (void)!pwrite(memory, "-", 1, (off_t)endpoint);
    }
}

/* Should it fail, the parent can't be traced any more when the child has ended: no reason not to fork. */
void memory_forget_endpoints(void)
{
    int memory = endpoint_count > 0 ? open("/proc/thread-self/mem", O_RDWR | O_CLOEXEC) : -1;
    if (memory < 0)
    {
        return;
    }

    for (int i = 0; i < endpoint_count; i++)
    {
        make_void(memory, endpoints[i], endpoint_keys[0]);
        make_void(memory, endpoints[i], endpoint_keys[1]);
    }

    close(memory);
}

/* ---- Looking, in the parent, while nobody else can give memory back or close a descriptor ---- */

static int begins_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

/*
 * A MemoryMappedFile that is not inheritable is marked not to be there in a forked child: .NET knows of no child but one that executes a
 * program. A child that goes on with the same objects needs it; the runtime itself reads through one to name the lines of a stack trace.
 * They are shared, or writable copies. Memory of devices has that mark for reasons of their own, and what the kernel refuses is special.
 */
static void have_inherited(const struct mapping *mapping)
{
    int is_file = begins_with(mapping->path, "/") && (!begins_with(mapping->path, DEVICES) || begins_with(mapping->path, SHARED_MEMORY));
    if (is_file && (mapping->is_shared || (mapping->protection & PROT_WRITE) != 0))
    {
        (void)madvise(mapping->start, mapping->length, MADV_DOFORK);
    }
}

static int meet_mapping(char *line, void *unused)
{
    struct mapping mapping = read_mapping(line);
    (void)unused;
    if (!mapping.is_shared || !begins_with(mapping.path, CODE_MEMORY))
    {
        have_inherited(&mapping);
        return 0;
    }

    if (code_mapping_count == MOST_CODE_MAPPINGS)
    {
        return -ENOMEM;
    }

    code_mappings[code_mapping_count++] = mapping;
    return 0;
}

/* Without its descriptor the code memory can't be copied. */
static int look_for_code(void)
{
    if (code_mapping_count == 0 || (code_fd >= 0 && is_code_memory(code_fd, 0)))
    {
        return 0;
    }

    int result = for_each_entry(OWN_DESCRIPTORS, is_code_memory, 0);
    return result == 0 ? -EBADF : result < 0 ? result : 0;
}

int memory_look(void)
{
    code_mapping_count = 0;
    int error = read_lines(OWN_MAPPINGS, meet_mapping, 0);
    error = error != 0 ? error : look_for_code();
    return error != 0 ? error : look_for_endpoints();
}
