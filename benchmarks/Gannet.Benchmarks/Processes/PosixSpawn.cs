using System.Runtime.InteropServices;

namespace Gannet.Benchmarks.Processes;

/// <summary>The C library's <c>posix_spawn</c> and <c>waitpid</c> with everything prepared: the least that a child costs.</summary>
internal sealed unsafe partial class PosixSpawn
{
    private const int CloseOnExec = 0x80000;
    private const int StandardOutput = 1;

    // More than any C library has for its file actions.
    private const int ActionsSize = 256;

    private readonly byte* _path;
    private readonly byte** _argv;
    private readonly byte** _environ = *(byte***)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "environ");

    public PosixSpawn(string path, params string[] arguments)
    {
        _path = (byte*)Marshal.StringToCoTaskMemUTF8(path);
        _argv = (byte**)NativeMemory.AllocZeroed((nuint)arguments.Length + 2, (nuint)sizeof(byte*));
        _argv[0] = _path;
        for (int i = 0; i < arguments.Length; i++)
        {
            _argv[i + 1] = (byte*)Marshal.StringToCoTaskMemUTF8(arguments[i]);
        }
    }

    /// <summary>Starts the program, and waits for its end.</summary>
    public void Run() => Wait(Start(actions: null));

    /// <summary>Starts the program, reads its output to the end, and waits for its own.</summary>
    /// <returns>How many bytes it wrote; they are in the buffer, as many as there was room for.</returns>
    public int Capture(Span<byte> buffer)
    {
        int* ends = stackalloc int[2];
        byte* actions = stackalloc byte[ActionsSize];
        if (pipe2(ends, CloseOnExec) != 0 || posix_spawn_file_actions_init(actions) != 0
            || posix_spawn_file_actions_adddup2(actions, ends[1], StandardOutput) != 0)
        {
            throw new InvalidOperationException("pipe2 or posix_spawn_file_actions");
        }

        int pid = Start(actions);
        close(ends[1]);
        int total = 0;
        fixed (byte* start = buffer)
        {
            nint count;
            while ((count = read(ends[0], start + total, (nuint)(buffer.Length - total))) > 0)
            {
                total += (int)count;
            }
        }

        close(ends[0]);
        Wait(pid);
        posix_spawn_file_actions_destroy(actions);
        return total;
    }

    private int Start(void* actions)
    {
        int pid;
        int error = posix_spawn(&pid, _path, actions, null, _argv, _environ);
        return error == 0 ? pid : throw new InvalidOperationException($"posix_spawn: {error}");
    }

    private static void Wait(int pid)
    {
        int status;
        if (waitpid(pid, &status, 0) != pid || status != 0)
        {
            throw new InvalidOperationException($"waitpid: {status}");
        }
    }

    [LibraryImport("libc")]
    private static partial int posix_spawn(int* pid, byte* path, void* actions, void* attributes, byte** argv, byte** environment);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(void* actions, int descriptor, int target);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport("libc")]
    private static partial int pipe2(int* ends, int flags);

    [LibraryImport("libc")]
    private static partial nint read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc")]
    private static partial int waitpid(int pid, int* status, int options);
}
