using System.Runtime.InteropServices;

namespace Gannet.Tests.Child;

/// <summary>What the scenarios ask the C library for.</summary>
internal static unsafe partial class ChildLibc
{
    public const int MADV_NOHUGEPAGE = 15;
    public const int MADV_POPULATE_WRITE = 23;

    /// <summary>How many seconds a forked child may take. Ten are plenty on an idle machine; one that runs other tests meanwhile may let a child
    /// wait for longer, and this is to find those that hang.</summary>
    public const uint Watchdog = 60;

    private const nint SYS_futex = 202;
    private const int FUTEX_WAIT_PRIVATE = 128;
    private const int SIG_BLOCK = 0;
    private const int SIG_UNBLOCK = 1;
    private const int WNOHANG = 1;
    private const int ECHILD = 10;

    /// <summary>In a forked child: how much was left of an alarm that it found set.</summary>
    public static uint LeftOfAlarm { get; private set; }

    /// <summary>Has every forked child ended by an alarm, should it hang.</summary>
    public static void WatchForks() => AtFork.Register(inChild: static () => LeftOfAlarm = alarm(Watchdog));

    /// <summary>Whether this process has no child, running or ended.</summary>
    public static bool NoChildIsLeft()
    {
        int status;
        return waitpid(-1, &status, WNOHANG) < 0 && Marshal.GetLastPInvokeError() == ECHILD;
    }

    /// <summary>The address of the handler that stands on a signal.</summary>
    public static nint HandlerOf(Signal signal) => ActionOf(signal).Handler;

    /// <summary>The SA_ flags of the handler that stands on a signal.</summary>
    public static int FlagsOf(Signal signal) => ActionOf(signal).Flags;

    // struct sigaction of glibc: the handler, a mask of 128 bytes, the flags, the restorer; 152 bytes.
    private static (nint Handler, int Flags) ActionOf(Signal signal)
    {
        nint* action = stackalloc nint[19];
        return sigaction((int)signal, null, action) == 0
            ? (action[0], (int)action[17])
            : throw new InvalidOperationException($"sigaction: {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Reads at the descriptor's own offset.</summary>
    public static nint Read(int fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return read(fd, start, (nuint)buffer.Length);
        }
    }

    /// <summary>Blocks a signal in the calling thread.</summary>
    public static void Block(int signal) => ChangeMask(SIG_BLOCK, signal);

    /// <summary>Unblocks a signal in the calling thread.</summary>
    public static void Unblock(int signal) => ChangeMask(SIG_UNBLOCK, signal);

    private static void ChangeMask(int how, int signal)
    {
        ulong* mask = stackalloc ulong[16];
        new Span<ulong>(mask, 16).Clear();
        *mask = 1ul << (signal - 1);
        _ = pthread_sigmask(how, mask, null);
    }

    /// <summary>Asks to wait, on x64, until a word changes that has changed already, again and again for a while.</summary>
    public static void WaitForChangedWord()
    {
        int word = 1;
        for (int i = 0; i < 1000; i++)
        {
            syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, null);
        }
    }

    /// <summary>Takes a signal that waits for the calling thread, which blocks it, as often as it waits; how often that was.</summary>
    public static int TakeAll(int signal)
    {
        ulong* mask = stackalloc ulong[16];
        nint* noTime = stackalloc nint[2];
        new Span<ulong>(mask, 16).Clear();
        *mask = 1ul << (signal - 1);
        noTime[0] = noTime[1] = 0;
        int count = 0;
        while (sigtimedwait(mask, null, noTime) == signal)
        {
            count++;
        }

        return count;
    }

    [LibraryImport("libc", SetLastError = true)]
    public static partial uint alarm(uint seconds);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int dup(int fd);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint process_vm_readv(int pid, nuint* ours, nuint ourCount, nuint* others, nuint otherCount, nuint flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int madvise(byte* address, nuint length, int advice);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setrlimit(int resource, ulong* limit);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sigaction(int signal, nint* action, nint* old);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint signal(int signal, nint handler);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setgroups(nuint count, uint* groups);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setresgid(uint real, uint effective, uint saved);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setresuid(uint real, uint effective, uint saved);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int fd, byte* buffer, nuint length);

    [LibraryImport("libc")]
    private static partial nint syscall(nint number, int* word, nint operation, nint expected, void* timeout);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sigtimedwait(ulong* mask, void* info, nint* timeout);

    [LibraryImport("libc")]
    private static partial int pthread_sigmask(int how, ulong* mask, ulong* before);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int pid, int* status, int options);
}
