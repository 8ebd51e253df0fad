using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Gannet.Testing;

/// <summary>
/// A program that a test started: its output as bytes, and the raw wait status, from which a death by signal 2 can be told
/// from exit(130). <see cref="System.Diagnostics.Process"/> can't tell. Output goes to files, so no pipe can fill up.
/// </summary>
public sealed unsafe partial class TestProcess : IDisposable
{
    /// <summary>How long a test's program may run before it is killed and the test fails.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(60);

    private const int Sigkill = 9;
    private const int WaitNoHang = 1;
    private const short SetSignalDefaults = 0x04;
    private const short SetSignalMask = 0x08;

    private readonly string _directory;
    private int? _status;

    private TestProcess(int pid, string directory)
    {
        Pid = pid;
        _directory = directory;
    }

    public int Pid { get; }

    public byte[] StdoutBytes => File.ReadAllBytes(Path.Combine(_directory, "stdout"));

    public string Stdout => Encoding.UTF8.GetString(StdoutBytes);

    public string Stderr => File.ReadAllText(Path.Combine(_directory, "stderr"));

    /// <summary>Starts a program; <paramref name="arguments"/> do not include its name.</summary>
    /// <param name="environment">Changes to this process's environment: null removes a variable.</param>
    public static TestProcess Start(
        string program,
        IEnumerable<string> arguments,
        string stdin = "",
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string?>? environment = null) =>
        StartRaw(program, arguments.Select(Encoding.UTF8.GetBytes), stdin, workingDirectory, environment);

    /// <summary>As <see cref="Start"/>, with arguments that may be any bytes but NUL.</summary>
    /// <param name="environment">Changes to this process's environment: null removes a variable.</param>
    /// <param name="entries">Further entries of the environment, which may be any bytes but NUL.</param>
    public static TestProcess StartRaw(
        string program,
        IEnumerable<byte[]> arguments,
        string stdin = "",
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        IEnumerable<byte[]>? entries = null)
    {
        string directory = Directory.CreateTempSubdirectory("gannet-test-").FullName;
        File.WriteAllText(Path.Combine(directory, "stdin"), stdin);

        List<byte[]> argv = [Encoding.UTF8.GetBytes(program), .. arguments];
        // glibc's posix_spawn has no portable change of directory; env(1) has one and execs in place.
        if (workingDirectory is not null)
        {
            argv = ["/usr/bin/env"u8.ToArray(), "-C"u8.ToArray(), Encoding.UTF8.GetBytes(workingDirectory), .. argv];
        }

        int pid = Spawn(Encoding.UTF8.GetString(argv[0]), argv, [.. Merge(environment), .. entries ?? []], directory);
        return new TestProcess(pid, directory);
    }

    /// <summary>Starts a program and waits for its end.</summary>
    public static TestProcess Run(
        string program,
        IEnumerable<string> arguments,
        string stdin = "",
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string?>? environment = null,
        TimeSpan? timeout = null)
    {
        TestProcess process = Start(program, arguments, stdin, workingDirectory, environment);
        process.Wait(timeout);
        return process;
    }

    /// <summary>The status as a shell shows it: the exit code, or 128 + the signal.</summary>
    public int ShellStatus => Signal is int signal ? 128 + signal : (Status >> 8) & 0xFF;

    /// <summary>The exit code; fails when a signal ended the program.</summary>
    public int ExitCode => Signal is int signal
        ? throw new InvalidOperationException($"The program was ended by signal {signal}; its standard error: {Stderr}")
        : (Status >> 8) & 0xFF;

    /// <summary>The signal that ended the program, or null after an exit.</summary>
    public int? Signal => (Status & 0x7F) is 0 ? null : Status & 0x7F;

    /// <summary>Whether the program has ended.</summary>
    public bool HasEnded => TryReap();

    private int Status => _status ?? throw new InvalidOperationException("The program has not been waited for.");

    public void Kill(int signal)
    {
        if (kill(Pid, signal) != 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Waits until standard output holds <paramref name="text"/>.</summary>
    public void WaitForOutput(string text, TimeSpan? timeout = null)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!Stdout.Contains(text))
        {
            if (TryReap())
            {
                throw new InvalidOperationException($"The program ended before it wrote '{text}'. Output: {Stdout} Error: {Stderr}");
            }

            FailWhenLate(clock, timeout, $"did not write '{text}'");
            Thread.Sleep(2);
        }
    }

    public void Wait(TimeSpan? timeout = null)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!TryReap())
        {
            FailWhenLate(clock, timeout, "did not end");
            Thread.Sleep(1);
        }
    }

    public void Dispose()
    {
        if (_status is null && !TryReap())
        {
            Kill(Sigkill);
            Wait();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private bool TryReap()
    {
        if (_status is null)
        {
            int status;
            if (waitpid(Pid, &status, WaitNoHang) == Pid)
            {
                _status = status;
            }
        }

        return _status is not null;
    }

    private void FailWhenLate(Stopwatch clock, TimeSpan? timeout, string complaint)
    {
        TimeSpan limit = timeout ?? DefaultTimeout;
        if (clock.Elapsed > limit)
        {
            string output = Stdout, error = Stderr;
            Kill(Sigkill);
            throw new TimeoutException($"The program {complaint} within {limit.TotalSeconds} s. Output: {output} Error: {error}");
        }
    }

    private static List<byte[]> Merge(IReadOnlyDictionary<string, string?>? changes)
    {
        Dictionary<string, string?> merged = new(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            merged[(string)entry.Key] = (string?)entry.Value;
        }

        foreach ((string name, string? value) in changes ?? new Dictionary<string, string?>())
        {
            merged[name] = value;
        }

        return [.. merged.Where(pair => pair.Value is not null).Select(pair => Encoding.UTF8.GetBytes($"{pair.Key}={pair.Value}"))];
    }

    private static int Spawn(string program, List<byte[]> argv, List<byte[]> environment, string directory)
    {
        // Larger than posix_spawn_file_actions_t, posix_spawnattr_t and sigset_t of every C library for Linux.
        byte* actions = stackalloc byte[512];
        byte* attributes = stackalloc byte[512];
        byte* signals = stackalloc byte[128];
        const int readOnly = 0, writeCreate = 0x241;
        Check(posix_spawn_file_actions_init(actions));
        Check(posix_spawnattr_init(attributes));
        try
        {
            Check(posix_spawn_file_actions_addopen(actions, 0, Path.Combine(directory, "stdin"), readOnly, 0));
            Check(posix_spawn_file_actions_addopen(actions, 1, Path.Combine(directory, "stdout"), writeCreate, 0x180));
            Check(posix_spawn_file_actions_addopen(actions, 2, Path.Combine(directory, "stderr"), writeCreate, 0x180));
            // The test host ignores SIGPIPE, and may ignore or block others; what it starts must not inherit that.
            sigemptyset(signals);
            Check(posix_spawnattr_setsigmask(attributes, signals));
            sigfillset(signals);
            Check(posix_spawnattr_setsigdefault(attributes, signals));
            Check(posix_spawnattr_setflags(attributes, SetSignalDefaults | SetSignalMask));
            using NativeStrings arguments = new(argv), variables = new(environment);
            int pid;
            Check(posix_spawn(&pid, program, actions, attributes, arguments.Pointers, variables.Pointers));
            return pid;
        }
        finally
        {
            posix_spawn_file_actions_destroy(actions);
            posix_spawnattr_destroy(attributes);
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new Win32Exception(error);
        }
    }

    private sealed class NativeStrings : IDisposable
    {
        private readonly int _count;

        public NativeStrings(List<byte[]> strings)
        {
            _count = strings.Count;
            Pointers = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
            for (int i = 0; i < _count; i++)
            {
                Pointers[i] = (byte*)NativeMemory.AllocZeroed((nuint)strings[i].Length + 1);
                strings[i].CopyTo(new Span<byte>(Pointers[i], strings[i].Length));
            }
        }

        public byte** Pointers { get; }

        public void Dispose()
        {
            for (int i = 0; i < _count; i++)
            {
                NativeMemory.Free(Pointers[i]);
            }

            NativeMemory.Free(Pointers);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(int* pid, string path, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int fd, string path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* signals);

    [LibraryImport("libc")]
    private static partial int sigemptyset(byte* signals);

    [LibraryImport("libc")]
    private static partial int sigfillset(byte* signals);

    [LibraryImport("libc")]
    private static partial int waitpid(int pid, int* status, int options);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
