/*
 * What CoreCLR publishes about itself, for debuggers: the symbol DotNetRuntimeContractDescriptor leads to a table in JSON of where
 * fields lie and where globals are. Nothing is read at an offset that is not taken from there, but for one map, which is recognised
 * by what is in it.
 */
#include "parts.h"
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAGIC 0x0043414443434e44ull /* "DNCCDAC\0" */
#define MOST_MANAGED_THREADS 65536  /* a list that is longer is no list */

/* Bits of Thread.State; stable since .NET Core 1.0, and the managed side lets known versions only come here. */
#define TS_BACKGROUND 0x00000200u
#define TS_POOL_WORKER 0x01000000u

/* What the runtime itself writes for a managed thread that no thread of the system stands behind. */
#define NO_THREAD 0xbaadf00dul

struct contract_descriptor
{
    uint64_t magic;
    uint32_t flags;
    uint32_t json_size;
    const char *json;
    uint32_t global_count;
    uint32_t padding;
    void **globals;
};

static struct
{
    long id, state, cooperative, next;  /* fields of Thread */
    long first, background_count;       /* fields of ThreadStore */
} offsets;

static char **thread_store;
static char **collecting_thread;
static char **finalizer_thread;

/* The writable parts of the runtime's library. */
#define MOST_PARTS 8

static struct
{
    const char *path;
    int count;
    struct
    {
        char *start, *end;
    }
    parts[MOST_PARTS];
}
library;

#define FIELD(type, object, offset) (*(type *)((char *)(object) + (offset)))

static int find_library(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size;
    (void)unused;
    const char *name = strrchr(info->dlpi_name, '/');
    if (name == 0 || strcmp(name, "/libcoreclr.so") != 0)
    {
        return 0;
    }

    library.path = info->dlpi_name;
    const ElfW(Phdr) *end = info->dlpi_phdr + info->dlpi_phnum;
    for (const ElfW(Phdr) *part = info->dlpi_phdr; part < end && library.count < MOST_PARTS; part++)
    {
        if (part->p_type == PT_LOAD && (part->p_flags & PF_W) != 0)
        {
            char *start = (char *)(info->dlpi_addr + part->p_vaddr);
            library.parts[library.count].start = start;
            library.parts[library.count++].end = start + part->p_memsz;
        }
    }

    return 1;
}

/* The number behind "name": or "name":[ or "name":[[ within the text up to its closing mark. */
static int find_number(const char *from, char closing, const char *name, long *number)
{
    char key[40];
    append(append(append(key, "\""), name), "\":");
    const char *end = strchr(from, closing);
    const char *found = strstr(from, key);
    if (found == 0 || end == 0 || found > end)
    {
        return 0;
    }

    found += strlen(key);
    found += strspn(found, "[");
    *number = strtol(found, 0, 10);
    return 1;
}

static int find_field(const char *json, const char *type, const char *field, long *offset)
{
    char key[40];
    append(append(append(key, "\""), type), "\":{");
    const char *found = strstr(json, key);
    return found != 0 && find_number(found + strlen(key), '}', field, offset);
}

static int find_global(const struct contract_descriptor *descriptor, const char *json, const char *name, char ***global)
{
    long index;
    const char *globals = strstr(json, "\"globals\":{");
    if (globals == 0 || !find_number(globals, '}', name, &index) || index < 0 || index >= (long)descriptor->global_count)
    {
        return 0;
    }

    *global = descriptor->globals[index];
    return *global != 0;
}

static int read_contract(const struct contract_descriptor *descriptor, const char *json)
{
    return find_field(json, "Thread", "OSId", &offsets.id)
        && find_field(json, "Thread", "State", &offsets.state)
        && find_field(json, "Thread", "PreemptiveGCDisabled", &offsets.cooperative)
        && find_field(json, "Thread", "LinkNext", &offsets.next)
        && find_field(json, "ThreadStore", "FirstThreadLink", &offsets.first)
        && find_field(json, "ThreadStore", "BackgroundCount", &offsets.background_count)
        && find_global(descriptor, json, "ThreadStore", &thread_store)
        && find_global(descriptor, json, "GCThread", &collecting_thread)
        && find_global(descriptor, json, "FinalizerThread", &finalizer_thread);
}

int runtime_find_contract(void)
{
    void *handle = dl_iterate_phdr(find_library, 0) ? dlopen(library.path, RTLD_NOLOAD | RTLD_LAZY) : 0;
    if (handle == 0)
    {
        return GANNET_FORK_NO_RUNTIME;
    }

    const struct contract_descriptor *descriptor = dlsym(handle, "DotNetRuntimeContractDescriptor");
    if (descriptor == 0 || descriptor->magic != MAGIC)
    {
        return GANNET_FORK_NO_CONTRACT;
    }

    char *json = strndup(descriptor->json, descriptor->json_size);
    int is_read = json != 0 && read_contract(descriptor, json);
    free(json);
    return is_read ? GANNET_FORK_SUPPORTED : GANNET_FORK_NO_CONTRACT;
}

/* ---- The map of threads ---- */

/*
 * The handler by which the runtime stops a thread that calls nothing, for a collection or Ctrl-C, may not use thread-local storage. It
 * asks the kernel for the thread's number and looks for that in a map. In the child all numbers are others: without new ones such a
 * thread would never be stopped. The map is a list of segments that begins at a variable of the library's: at that from which one comes
 * to the forking thread's own entry, over nothing but entries.
 */
#define SEGMENT_ENTRIES 256
#define MOST_SEGMENTS (MOST_MANAGED_THREADS / SEGMENT_ENTRIES) /* a list that is longer is no list */
#define SEGMENT_ALIGNMENT 16 /* malloc's */
#define GREATEST_ID (4 << 20) /* PID_MAX_LIMIT */
#define SIGNAL_SET_SIZE 8

struct map_entry
{
    unsigned long id; /* 0: free */
    void *managed;
};

struct map_segment
{
    struct map_entry entries[SEGMENT_ENTRIES];
    struct map_segment *next;
};

static struct map_segment **thread_map;

/* The kernel looks at the set before it finds the operation to be none, and changes nothing. */
static int is_readable(const void *place)
{
    return syscall(SYS_rt_sigprocmask, -1, place, 0, SIGNAL_SET_SIZE) != 0 && errno == EINVAL;
}

/* What malloc keeps before its memory is no entry, so a segment begins at no other place than its own. */
static int is_entry(const struct map_entry *entry)
{
    return entry->id == 0
        ? entry->managed == 0
        : entry->id <= GREATEST_ID && (uintptr_t)entry->managed % sizeof(void *) == 0 && is_readable(entry->managed);
}

static int is_segment(const struct map_segment *segment)
{
    if ((uintptr_t)segment % SEGMENT_ALIGNMENT != 0 || !is_readable(segment) || !is_readable(&segment->next))
    {
        return 0;
    }

    int i = 0;
    while (i < SEGMENT_ENTRIES && is_entry(&segment->entries[i]))
    {
        i++;
    }

    return i == SEGMENT_ENTRIES;
}

static struct map_entry *find_in(struct map_segment *segment, const void *managed)
{
    int i = 0;
    while (i < SEGMENT_ENTRIES && segment->entries[i].managed != managed)
    {
        i++;
    }

    return i < SEGMENT_ENTRIES ? &segment->entries[i] : 0;
}

static int leads_to(struct map_segment *segment, unsigned long id, const void *managed)
{
    const struct map_entry *found = 0;
    for (int i = 0; i < MOST_SEGMENTS && found == 0 && segment != 0 && is_segment(segment); i++)
    {
        found = find_in(segment, managed);
        segment = segment->next;
    }

    return found != 0 && found->id == id;
}

/* Only while all other threads stand still: one of them might give back what is met in the search. */
int runtime_find_thread_map(unsigned long id, const void *managed)
{
    for (int i = 0; thread_map == 0 && i < library.count; i++)
    {
        struct map_segment **place = (struct map_segment **)library.parts[i].start;
        struct map_segment **end = (struct map_segment **)library.parts[i].end;
        for (; thread_map == 0 && place < end; place++)
        {
            thread_map = leads_to(*place, id, managed) ? place : 0;
        }
    }

    return thread_map != 0;
}

static struct map_entry *find_entry(const void *managed)
{
    struct map_entry *found = 0;
    for (struct map_segment *segment = *thread_map; found == 0 && segment != 0; segment = segment->next)
    {
        found = find_in(segment, managed);
    }

    return found;
}

/* ---- Managed threads ---- */

void *runtime_thread_of(int id)
{
    char *link = *thread_store == 0 ? 0 : FIELD(char *, *thread_store, offsets.first);
    for (int i = 0; link != 0 && i < MOST_MANAGED_THREADS; i++)
    {
        char *managed = link - offsets.next;
        if (FIELD(unsigned long, managed, offsets.id) == (unsigned long)id)
        {
            return managed;
        }

        link = FIELD(char *, managed, offsets.next);
    }

    return 0;
}

int runtime_is_finalizer(const void *managed)
{
    return managed != 0 && managed == *finalizer_thread;
}

int runtime_is_pool_worker(const void *managed)
{
    return managed != 0 && (FIELD(unsigned, managed, offsets.state) & TS_POOL_WORKER) != 0;
}

int runtime_is_cooperative(const void *managed)
{
    return managed != 0 && FIELD(int, managed, offsets.cooperative) != 0;
}

int runtime_is_collecting(void)
{
    return *collecting_thread != 0;
}

void runtime_rename(void *managed, int id)
{
    struct map_entry *entry = managed == 0 ? 0 : find_entry(managed);
    if (managed != 0)
    {
        FIELD(unsigned long, managed, offsets.id) = (unsigned long)id;
    }

    if (entry != 0)
    {
        entry->id = (unsigned long)id;
    }
}

/*
 * A dead foreground thread would keep Main from ending the process: it counts as one of the background from now on. And its number may come to be
 * that of another thread.
 */
void runtime_bury(void *managed)
{
    if (managed == 0)
    {
        return;
    }

    struct map_entry *entry = find_entry(managed);
    if (entry != 0)
    {
        entry->managed = 0;
        entry->id = 0;
    }

    unsigned *state = &FIELD(unsigned, managed, offsets.state);
    if ((*state & TS_BACKGROUND) == 0)
    {
        *state |= TS_BACKGROUND;
        FIELD(int, *thread_store, offsets.background_count)++;
    }

    FIELD(unsigned long, managed, offsets.id) = NO_THREAD;
}
