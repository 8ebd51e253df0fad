/* Waiting for one child: its status and what it has used, in one call. */
#include "shim.h"
#include "syscalls.h"

/* si_code of SIGCHLD; what is not named here is a stop or a trap. */
enum { CHILD_EXITED = 1, CHILD_KILLED = 2, CHILD_DUMPED = 3, CHILD_CONTINUED = 6 };

/* siginfo_t as waitid fills it; 128 bytes in all. */
struct child_info
{
    int signal;
    int error;
    int code;
    int padding;
    int pid;
    unsigned int uid;
    int status;
    int rest[25];
};

/* waitid takes a status apart; this puts it together again as wait(2) has it. */
static int encode(int code, int status)
{
    switch (code)
    {
    case CHILD_EXITED:
        return (status & 0xff) << 8;
    case CHILD_KILLED:
        return status & 0x7f;
    case CHILD_DUMPED:
        return (status & 0x7f) | 0x80;
    case CHILD_CONTINUED:
        return 0xffff;
    default:
        return (status & 0xff) << 8 | 0x7f;
    }
}

int gannet_wait(int id_type, int id, int options, struct gannet_wait_result *result)
{
    struct child_info info;
    info.pid = 0;
    long error = syscall5(SYS_waitid, id_type, id, (long)&info, options, (long)result->usage);
    if (error < 0)
    {
        return (int)-error;
    }

    result->pid = info.pid;
    result->status = info.pid == 0 ? 0 : encode(info.code, info.status);
    return 0;
}
