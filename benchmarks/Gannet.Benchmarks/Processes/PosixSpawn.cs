using System.Runtime.InteropServices;

namespace Gannet.Benchmarks.Processes;

/// <summary>The C library's <c>posix_spawn</c> and <c>waitpid</c> with everything prepared: the least that a child costs.</summary>
internal sealed unsafe partial class PosixSpawn
{
    private readonly byte* _path;
    private readonly byte** _argv;
    private readonly byte** _environ = *(byte***)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "environ");

    public PosixSpawn(string path)
    {
        _path = (byte*)Marshal.StringToCoTaskMemUTF8(path);
        _argv = (byte**)NativeMemory.AllocZeroed(2, (nuint)sizeof(byte*));
        _argv[0] = _path;
    }

    /// <summary>Starts the program, and waits for its end.</summary>
    public void Run()
    {
        int pid, status;
        int error = posix_spawn(&pid, _path, null, null, _argv, _environ);
        if (error != 0 || waitpid(pid, &status, 0) != pid || status != 0)
        {
            throw new InvalidOperationException($"posix_spawn: {error}");
        }
    }

    [LibraryImport("libc")]
    private static partial int posix_spawn(int* pid, byte* path, void* actions, void* attributes, byte** argv, byte** environment);

    [LibraryImport("libc")]
    private static partial int waitpid(int pid, int* status, int options);
}
