using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>The environment of this process, as its several readers see it.</summary>
internal static unsafe partial class Variables
{
    public static int Dictionary(string[] arguments)
    {
        Environ environ = Os.Environ;
        int before = environ.Count;
        environ.Update(new Dictionary<string, string> { ["A"] = "1", ["B"] = "2" });
        Say($"added {environ.Count - before}; A={environ["A"]}; B in {environ.ContainsKey("B")}; keys {environ.Keys.Count == environ.Count}");
        Say($"set default: {environ.SetDefault("A", "x")} {environ.SetDefault("C", "3")}; pop: {environ.Pop("C")}; C: {environ.GetValueOrDefault("C", "none")}");
        Say($"iterates: {environ.Any(variable => variable is { Key: "B", Value: "2" })}; values {environ.Values.Contains("2")}");
        Say($"add twice: {Error(() => environ.Add("A", "2"))}; remove missing: {environ.Remove("MISSING")}");
        Say($"missing: {Error(() => _ = environ["MISSING"])}; delete missing: {Error(() => environ.Delete("MISSING"))}; get: {Os.GetEnv("MISSING") ?? "null"}, {Os.GetEnv("MISSING", "d")}");
        environ.Delete("A");
        Say($"deleted: {environ.ContainsKey("A")}, child: {Child("echo ${A-unset}")}");
        environ["E"] = "";
        Say($"empty: '{environ["E"]}', child: [{Child("echo ${E-unset}")}] {Child("echo ${E+set}")}, .NET: '{Environment.GetEnvironmentVariable("E")}'");
        environ["Mixed"] = "1";
        Say($"case: {environ.ContainsKey("MIXED")}");
        environ.Clear();
        Say($"cleared: {environ.Count}, child: '{Child("/usr/bin/env | /bin/grep -v -e ^PWD= -e ^_= -e ^SHLVL= -e ^OLDPWD=")}', .NET: {Environment.GetEnvironmentVariables().Count}");
        return 0;
    }

    public static int Refused(string[] arguments)
    {
        Environ environ = Os.Environ;
        int before = environ.Count;
        Say(Error(() => environ["A=B"] = "x"));
        Say(Error(() => environ[""] = "x"));
        Say(Error(() => environ["A\0B"] = "x"));
        Say(Error(() => environ["A"] = "x\0y"));
        Say(Error(() => environ[null!] = "x"));
        Say(Error(() => environ["A"] = null!));
        Say(Error(() => Os.PutEnv("=", "x")));
        Say(Error(() => Os.UnsetEnv("")));
        Say(Error(() => environ.Remove("A=B")));
        Say(Error(() => environ.Update([new("GOOD", "1"), new("A", "\0")])));
        Say($"{environ.ContainsKey("A=B")} {Os.GetEnv("")} {environ.TryGetValue("A\0", out _)} {environ.Count - before}");
        return 0;
    }

    /// <summary>A change through Gannet, as everybody sees it. The name and the value are the arguments.</summary>
    public static int Agreement(string[] arguments)
    {
        string name = Sys.Argv[2], value = Sys.Argv[3];
        if (arguments.Contains("putenv"))
        {
            Os.PutEnv(name, value);
        }
        else
        {
            Os.Environ[name] = value;
        }

        Say($"environ {Os.Environ[name] == value}, .NET {Environment.GetEnvironmentVariable(name) == value}");
        Say($"native {Native(name) == value}");
        Say($"process {DotnetChild($"printf %s \"${name}\"") == value}");
        Say($"spawn {Child($"printf %s \"${name}\"") == value}");
        Say($"command {Command.Of("/bin/sh", "-c", $"printf %s \"${name}\"").Capture().Output == value}");
        Os.Execl("/bin/sh", "sh", "-c", $"printf %s \"${name}\"");
        return 2;
    }

    /// <summary>Changes behind our back, by either side.</summary>
    public static int BehindOurBack(string[] arguments)
    {
        _ = Os.Environ.Count;
        SetNative("NATIVE", "1");
        Environment.SetEnvironmentVariable("MANAGED", "1");
        Say($"{Os.Environ["NATIVE"]} {Os.Environ["MANAGED"]}");
        Say($"carried over: {Environment.GetEnvironmentVariable("NATIVE")} {Native("MANAGED")}");
        SetNative("NATIVE", "2");
        Environment.SetEnvironmentVariable("MANAGED", "2");
        Os.Environ["OURS"] = "1";
        Say($"{Os.GetEnv("NATIVE")} {Os.GetEnv("MANAGED")} {Environment.GetEnvironmentVariable("NATIVE")} {Native("MANAGED")}");
        SetNative("BOTH", "native");
        Environment.SetEnvironmentVariable("BOTH", "managed");
        Say($"{Os.Environ["BOTH"]} {Native("BOTH")}");
        fixed (byte* name = "NATIVE\0"u8)
        {
            unsetenv(name);
        }

        Environment.SetEnvironmentVariable("MANAGED", null);
        Say($"{Os.GetEnv("NATIVE") ?? "gone"} {Os.GetEnv("MANAGED") ?? "gone"} {Environment.GetEnvironmentVariable("NATIVE") ?? "gone"} {Native("MANAGED") ?? "gone"}");
        Os.UnsetEnv("OURS");
        Say($"{Environment.GetEnvironmentVariable("OURS") ?? "gone"} {Native("OURS") ?? "gone"} {Child("echo ${OURS-gone}")}");
        return 0;
    }

    /// <summary>The value of L is bytes that are no text, from outside; the child gets them back.</summary>
    public static int Bytes(string[] arguments)
    {
        string value = Os.Environ["L"];
        Os.Environ["COPY"] = value;
        Os.Environ["N\udcff"] = "x";
        Say($"{Escape(value)} {Escape(Native("COPY")!)} {Os.Environ["N\udcff"]} {Os.Environ.Any(variable => variable.Key is "N\udcff")}");
        Say(Child("printf %s:%s \"$L\" \"$COPY\" | od -An -tx1"));
        Say(Child("tr '\\0' '\\n' < /proc/$$/environ | LC_ALL=C grep -a '^N.=x' | od -An -tx1"));
        Os.Environ["OTHER"] = "1";
        Say($"{Escape(Os.Environ["COPY"])} {Os.Environ["N\udcff"]}");
        Os.UnsetEnv("N\udcff");
        Say($"{Os.GetEnv("N\udcff") ?? "gone"} {Child("tr '\\0' '\\n' < /proc/$$/environ | LC_ALL=C grep -ac '^N.=x'")}");
        return 0;

        static string Escape(string text) => string.Concat(text.Select(unit => unit < 128 ? $"{unit}" : $"<{(int)unit:x}>"));
    }

    /// <summary>Threads that change the environment beside threads of native code that read it: what is there all the time is always
    /// found.</summary>
    public static int Storm(string[] arguments)
    {
        Os.Environ["STEADY"] = "here";
        long end = Environment.TickCount64 + 2000;
        int missed = 0;
        Thread[] threads =
        [
            .. Enumerable.Range(0, 2).Select(_ => new Thread(() =>
            {
                while (Environment.TickCount64 < end)
                {
                    missed += Native("STEADY") == "here" ? 0 : 1;
                }
            })),
            .. Enumerable.Range(0, 2).Select(number => new Thread(() =>
            {
                for (int i = 0; Environment.TickCount64 < end; i++)
                {
                    Os.Environ[$"T{number}_{i % 50}"] = $"{i % 100}";
                    Os.UnsetEnv($"T{number}_{(i + 25) % 50}");
                }
            })),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Say($"missed {missed}, {Os.Environ["STEADY"]}");
        return 0;
    }

    /// <summary>Setting and removing does not eat up memory.</summary>
    public static int Repeat(string[] arguments)
    {
        Work(2000);
        long before = Resident();
        Work(100_000);
        long grown = Resident() - before;
        Say(grown < 40_000_000 ? "bounded" : $"grew by {grown} bytes");
        return 0;

        static void Work(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Os.Environ["REPEATED"] = i % 2 == 0 ? "a" : "b";
                Os.UnsetEnv("REPEATED");
            }

            GC.Collect();
        }

        static long Resident() => long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1]) * Environment.SystemPageSize;
    }

    public static int Print(string[] arguments)
    {
        foreach (string name in arguments)
        {
            Say($"{name}={Os.GetEnv(name) ?? "(none)"}");
        }

        return 0;
    }

    /// <summary>A forked child's exec passes libc's environment on.</summary>
    public static int Fork(string[] arguments)
    {
        Os.Environ["AA"] = "4";
        using NativeText path = new("/bin/sh"), option = new("-c"), script = new("exit $AA");
        byte** argv = stackalloc byte*[4] { path.Start, option.Start, script.Start, null };
        byte** nothing = stackalloc byte*[1] { null };
        // So that nothing is left to be bound in the child.
        execv(nothing[0], nothing);
        int pid = fork();
        if (pid == 0)
        {
            execv(path.Start, argv);
        }

        int status;
        waitpid(pid, &status, 0);
        Say($"{(status >> 8) & 0xFF}");
        return 0;
    }

    /// <summary>A bare name is looked for along the PATH that was set.</summary>
    public static int SearchPath(string[] arguments)
    {
        Os.Environ["PATH"] = arguments[0];
        Say($"{Child("zzcmd", shell: false)} {Os.Environ["PATH"]}");
        return 0;
    }

    internal static string Child(string script, bool shell = true)
    {
        string path = Path.GetTempFileName();
        try
        {
            using FileStream output = new(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
            SpawnedChild child = Spawner.Start(new SpawnRequest
            {
                Program = shell ? "/bin/sh" : script,
                Arguments = shell ? ["sh", "-c", script] : [script],
                Descriptors = [new((int)output.SafeFileHandle.DangerousGetHandle(), 1)],
            });
            ChildWait.ForEnd(child);
            child.PidFd?.Dispose();
            return Interop.OsText.Decode(File.ReadAllBytes(path)).TrimEnd('\n');
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string DotnetChild(string script)
    {
        using Process child = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return output;
    }

    private static string? Native(string name)
    {
        using NativeText text = new(name);
        byte* value = getenv(text.Start);
        return value is null ? null : Interop.OsText.Decode(value);
    }

    private static void SetNative(string name, string value)
    {
        using NativeText nameText = new(name), valueText = new(value);
        setenv(nameText.Start, valueText.Start, 1);
    }

    private static string Error(Action action)
    {
        try
        {
            action();
            return "passed";
        }
        catch (Exception error)
        {
            return error.GetType().Name;
        }
    }

    private static void Say(string text)
    {
        Console.WriteLine(text);
        Console.Out.Flush();
    }

    private sealed class NativeText : IDisposable
    {
        public NativeText(string text)
        {
            byte[] bytes = Interop.OsText.EncodeTerminated(text);
            Start = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
            bytes.CopyTo(new Span<byte>(Start, bytes.Length));
        }

        public byte* Start { get; }

        public void Dispose() => NativeMemory.Free(Start);
    }

    [LibraryImport("libc")]
    private static partial byte* getenv(byte* name);

    [LibraryImport("libc")]
    private static partial int setenv(byte* name, byte* value, int overwrite);

    [LibraryImport("libc")]
    private static partial int unsetenv(byte* name);

    [LibraryImport("libc")]
    private static partial int fork();

    [LibraryImport("libc")]
    private static partial int execv(byte* path, byte** argv);

    [LibraryImport("libc")]
    private static partial int waitpid(int pid, int* status, int options);
}
