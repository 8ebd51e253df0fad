using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Ids, groups, sessions, limits: what is the whole process's.</summary>
internal static partial class Identity
{
    private const uint Nobody = 65534;

    public static int Ids(string[] arguments)
    {
        Say($"{Os.GetUid()} {Os.GetEUid()} {Os.GetGid()} {Os.GetEGid()} {Os.GetResUid().Saved} {Os.GetResGid().Saved} [{string.Join(' ', Os.GetGroups())}]");
        Say($"pid {Os.GetPid() == int.Parse(new FileInfo("/proc/self").LinkTarget!, CultureInfo.InvariantCulture)} parent {Os.GetPPid()} group {Os.GetPgrp()} session {Os.GetSid() == Os.GetSid(Os.GetPid())} {Os.GetPgid(0) == Os.GetPgrp()}");
        return 0;
    }

    /// <summary>The arguments are calls, tried one after another: <c>setuid 1</c>.</summary>
    public static int Calls(string[] arguments)
    {
        foreach (string call in arguments)
        {
            string[] words = call.Split(' ');
            uint?[] numbers = [.. words[1..].Select(word => word is "-" ? null : (uint?)uint.Parse(word, CultureInfo.InvariantCulture))];
            Say($"{words[0]}: {Error(() => Call(words[0], numbers))}; {Show()}");
        }

        return 0;
    }

    /// <summary>After setuid a thread that was there before has the new ids too.</summary>
    public static int AllThreads(string[] arguments)
    {
        using ManualResetEventSlim ready = new(), end = new();
        Thread thread = new(() =>
        {
            ready.Set();
            end.Wait();
        });
        thread.Start();
        ready.Wait();
        Os.SetGroups(7);
        Os.SetGid(1);
        Os.SetUid(1);
        IEnumerable<string> ids = Directory.GetDirectories("/proc/self/task")
            .Select(task => string.Join(' ', File.ReadLines($"{task}/status").Where(line => line.StartsWith("Uid") || line.StartsWith("Gid") || line.StartsWith("Groups"))));
        Say(string.Join('|', ids.Select(line => line.Replace('\t', ' ').Trim()).Distinct()));
        end.Set();
        thread.Join();
        return 0;
    }

    public static int Refused(string[] arguments)
    {
        Say(Error(() => Os.SetUid(uint.MaxValue)));
        Say(Error(() => Os.SetGid(uint.MaxValue)));
        Say(Error(() => Os.SetResUid(0, uint.MaxValue, null)));
        Say(Error(() => Os.SetReGid(uint.MaxValue, null)));
        Say(Error(() => Os.SetGroups(1, uint.MaxValue)));
        Say(Error(() => Os.InitGroups("", 0)));
        Say(Error(() => Os.InitGroups("a\0b", 0)));
        Say(Error(() => Os.SetPgid(-1, 0)));
        Say(Error(() => Os.GetPgid(-1)));
        Say(Error(() => Os.ChDir(null!)));
        Say(Error(() => Os.ChDir("")));
        Say(Error(() => Os.ChDir("a\0b")));
        Say(Error(() => Os.DropPrivileges("root")));
        Say(Error(() => Os.DropPrivileges("no-such-user")));
        Say(Show());
        return 0;
    }

    public static int Groups(string[] arguments)
    {
        int group = Os.SetPgrp();
        Say($"{group == Os.GetPid()} {Os.GetPgrp() == Os.GetPid()}");
        Say(Error(() => Os.SetPgid(0, 0)));
        return 0;
    }

    public static int Foreign(string[] arguments)
    {
        Say(Error(() => Os.SetPgid(1, 0)));
        Say(Error(() => Os.SetPgid(int.MaxValue, 0)));
        Say(Error(() => Os.GetPgid(int.MaxValue)));
        Say(Error(() => Os.GetSid(int.MaxValue)));
        Say(Error(() => Os.SetPgid(0, 99999)));
        SpawnedChild child = Spawner.Start(new SpawnRequest { Program = "/bin/sleep", Arguments = ["sleep", "60"] });
        Say(Error(() => Os.SetPgid(child.Pid, child.Pid)));
        _ = kill(child.Pid, 9);
        ChildWait.ForEnd(child);
        child.PidFd?.Dispose();
        return 0;
    }

    /// <summary>A forked child, which has not replaced its program, may be put into a group of its own.</summary>
    public static int ForkedChild(string[] arguments)
    {
        int pid = fork();
        if (pid == 0)
        {
            pause();
        }

        Os.SetPgid(pid, pid);
        Say($"{Os.GetPgid(pid) == pid}");
        _ = kill(pid, 9);
        return 0;
    }

    public static int Session(string[] arguments)
    {
        int session = Os.SetSid();
        Say($"{session == Os.GetPid()} {Os.GetSid() == session} {Os.GetPgrp() == session}");
        Say(Error(() => Os.SetSid()));
        return 0;
    }

    /// <summary>Whether /dev/tty opens, before and after; the argument says after what.</summary>
    public static int Terminal(string[] arguments)
    {
        Say(Open());
        if (arguments[0] is "setsid")
        {
            Os.SetSid();
        }
        else
        {
            Os.SetPgrp();
        }

        Say(Open());
        return 0;

        static string Open() => Error(() => Interop.Libc.Open(Os.CTermId(), Interop.Libc.O_RDWR | Interop.Libc.O_NOCTTY).Dispose());
    }

    public static int Directories(string[] arguments)
    {
        string made = Directory.CreateTempSubdirectory("gannet-cwd-").FullName;
        string strange = $"{made}/L\udce9";
        Os.ChDir("/usr/bin");
        Say(Os.GetCwd());
        Os.ChDir("/proc/self");
        Say($"{Os.GetCwd() == $"/proc/{Os.GetPid()}"}");
        Say(Error(() => Os.ChDir("/no/such/dir")));
        Say(Error(() => Os.ChDir("/etc/passwd")));
        Thread thread = new(() => Os.ChDir("/usr"));
        thread.Start();
        thread.Join();
        Say($"{Os.GetCwd()} {Variables.Child("pwd")}");
        Os.ChDir(made);
        Variables.Child($"mkdir \"$(printf 'L\\351')\"");
        Os.ChDir(strange);
        Say($"{Os.GetCwd() == strange}");
        Os.ChDir(made);
        Variables.Child($"rmdir L*");
        Directory.Delete(made);
        Say(Error(() => Os.GetCwd()));
        return 0;
    }

    public static int Umask(string[] arguments)
    {
        string directory = Directory.CreateTempSubdirectory("gannet-umask-").FullName;
        UnixFileMode first = Os.Umask(Mode("027"));
        File.WriteAllText($"{directory}/a", "");
        Say($"{Octal(first)} {Octal(File.GetUnixFileMode($"{directory}/a"))} {Octal(Os.GetUmask())}");
        Say($"{Octal(Os.Umask(Mode("07777")))} {Octal(Os.Umask(Mode("0777")))}");
        using (Os.UmaskScope(Mode("035")))
        {
            Say($"{Octal(Os.GetUmask())} child {Variables.Child("umask")}");
        }

        Say(Octal(Os.GetUmask()));
        Os.Umask(first);
        Directory.Delete(directory, recursive: true);
        return 0;

        static UnixFileMode Mode(string octal) => (UnixFileMode)Convert.ToInt32(octal, 8);
        static string Octal(UnixFileMode mode) => Convert.ToString((int)mode, 8);
    }

    public static int Drop(string[] arguments)
    {
        string report = Error(() => Os.DropPrivileges(arguments[0]));
        Say($"{report}; {Show()}");
        Say($"{Error(() => Os.SetUid(0))}; {Error(() => Os.SetEUid(0))}; {Error(() => Os.SetGroups())}; {Error(() => Os.SetResUid(0, 0, 0))}");
        return 0;
    }

    /// <summary>Run where the kernel leaves capabilities alone when ids change.</summary>
    public static int DropInPart(string[] arguments)
    {
        try
        {
            Os.DropPrivileges("nobody");
            Say("dropped");
        }
        catch (PrivilegeException error)
        {
            Say(error.Message);
        }

        return 0;
    }

    public static int Limits(string[] arguments)
    {
        LimitValues files = Os.GetRLimit(ResourceLimit.RLIMIT_NOFILE);
        LimitValues before = Os.SetRLimit(ResourceLimit.RLIMIT_NOFILE, files with { Soft = 300 });
        Say($"{before == files} {Os.GetRLimit(ResourceLimit.RLIMIT_NOFILE).Soft} {Variables.Child("ulimit -n")}");
        Os.SetRLimit(ResourceLimit.RLIMIT_CORE, new(0, LimitValues.Unlimited));
        Say(Os.GetRLimit(ResourceLimit.RLIMIT_CORE).ToString());
        Say(Error(() => Os.SetRLimit(ResourceLimit.RLIMIT_NOFILE, new(2, 1))));
        Say(Error(() => Os.GetRLimit((ResourceLimit)99)));
        Say(Error(() => Os.GetRLimit(ResourceLimit.RLIMIT_NOFILE, int.MaxValue)));
        Say(Error(() => Os.GetRLimit(ResourceLimit.RLIMIT_NOFILE, -1)));
        return 0;
    }

    public static int Nice(string[] arguments)
    {
        int before = Os.GetPriority(PriorityTarget.Process, 0);
        Say($"{Os.Nice(3) - before} {Os.GetPriority(PriorityTarget.Process, 0) - before} {Os.Nice(0) - before}");
        IEnumerable<int> all = Directory.GetDirectories("/proc/self/task").Select(task => Os.GetPriority(PriorityTarget.Process, uint.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture)) - before);
        Say($"threads {string.Join(' ', all.Distinct())}, child {int.Parse(Variables.Child("nice"), CultureInfo.InvariantCulture) - before}");
        Os.SetPriority(PriorityTarget.Process, 0, 100);
        Say($"{Os.GetPriority(PriorityTarget.Process, (uint)Os.GetPid())}");
        Say(Error(() => Os.GetPriority(PriorityTarget.Process, int.MaxValue)));
        Say(Error(() => Os.GetPriority((PriorityTarget)9, 0)));
        Say(Error(() => Os.Nice(-1)));
        return 0;
    }

    public static int Descriptors(string[] arguments)
    {
        (SafeFileHandle read, SafeFileHandle write) = Os.Pipe();
        using (read)
        {
            Say($"cloexec {Flags(read)} {Flags(write)}");
            using (FileStream stream = new(write, FileAccess.Write))
            {
                stream.Write("hello"u8);
            }

            using SafeFileHandle copy = Os.Dup(read);
            byte[] buffer = new byte[10];
            using FileStream reader = new(copy, FileAccess.Read);
            Say($"{reader.Read(buffer)} {reader.Read(buffer)} {Flags(copy)} {copy.DangerousGetHandle() != read.DangerousGetHandle()}");
        }

        using SafeFileHandle file = File.OpenHandle("/dev/null");
        int source = (int)file.DangerousGetHandle();
        Os.Dup2(file, 77);
        Say($"dup2 {Flags(77)}");
        Os.Dup2(source, 77, inheritable: false);
        Say($"dup2 {Flags(77)}");
        Os.Dup2(77, 77);
        Os.Close(77);
        Say($"closed {Error(() => Os.Close(77))}; {Error(() => Os.Dup(77))}; {Error(() => Os.Dup2(77, 78))}; {Error(() => Os.Dup2(77, 77))}; {Error(() => Os.Dup2(source, 1 << 29))}");
        Say($"{Error(() => Os.Close(-1))}; {Error(() => Os.Dup(-1))}; {Error(() => Os.Dup2(source, -1))}; {Error(() => Os.Dup((SafeHandle)null!))}; {Error(() => Os.Dup(read))}");
        Say($"{Os.IsATty(source)} {Os.IsATty(file)} {Os.IsATty(77)} {Os.IsATty(-1)} {Error(() => Os.TtyName(source))} {Error(() => Os.TtyName(77))}");
        return 0;

        static bool? Flags(object descriptor) =>
            Interop.Libc.IsCloseOnExec(descriptor is SafeFileHandle handle ? (int)handle.DangerousGetHandle() : (int)descriptor);
    }

    public static int TerminalNames(string[] arguments)
    {
        Say($"{Os.IsATty(0)} {Os.TtyName(0)} {Os.CTermId()} {Os.TtyName(0) == Variables.Child("readlink /proc/$PPID/fd/0")}");
        return 0;
    }

    public static int ExitNow(string[] arguments) => Sys.Run(() =>
    {
        AtExit.Register(() => Console.WriteLine("hook"));
        try
        {
            Os.ExitNow(7);
        }
        finally
        {
            Console.WriteLine("finally");
        }
    });

    public static int Abort(string[] arguments) => Sys.Run(() =>
    {
        AtExit.Register(() => Console.WriteLine("hook"));
        Os.Abort();
    });

    /// <summary>Becomes a daemon and writes a file about itself; ends when a file tells it to.</summary>
    public static int Daemon(string[] arguments) => Sys.Run(() =>
    {
        string directory = arguments[0];
        AtExit.Register(() => File.AppendAllText($"{directory}/hooks", $"{Os.GetPid()}\n"));
        Console.WriteLine("start");
        if (arguments.Contains("child"))
        {
            // It inherits whatever is not close-on-exec.
            System.Diagnostics.Process.Start("/bin/sh", ["-c", $"exec > /dev/null 2>&1; until [ -e {directory}/stop ]; do sleep 0.05; done"]).Dispose();
        }

        Os.Daemonize(new DaemonSettings
        {
            Directory = arguments[1] is "" ? "/" : arguments[1],
            PidFile = $"{directory}/pid",
            Umask = UnixFileMode.OtherRead | UnixFileMode.OtherWrite,
            User = arguments.Length > 2 && arguments[2] is not "" ? arguments[2] : null,
        });
        Console.WriteLine("in the daemon");
        File.WriteAllText(
            $"{directory}/report.new",
            $"{Os.GetPid()} {Os.GetSid() == Os.GetPid()} {Os.GetCwd()} {Os.GetUmask()} {Os.GetUid()} {Os.GetEnv("GANNET_DAEMON") ?? "unset"} "
            + $"{new FileInfo("/proc/self/fd/0").LinkTarget}{new FileInfo("/proc/self/fd/1").LinkTarget}{new FileInfo("/proc/self/fd/2").LinkTarget} "
            + $"{File.Exists("/proc/self/fd/3") && new FileInfo("/proc/self/fd/3").LinkTarget!.Contains("pipe")} [{string.Join('|', Sys.Argv.Skip(2))}]\n");
        File.Move($"{directory}/report.new", $"{directory}/report");
        while (!File.Exists($"{directory}/stop"))
        {
            Thread.Sleep(10);
        }
    });

    /// <summary>Becomes a daemon with a forked worker; both end when a file tells them to.</summary>
    public static int DaemonWithWorker(string[] arguments) => Sys.Run(() =>
    {
        string directory = arguments[0];
        Os.Daemonize(new DaemonSettings { PidFile = $"{directory}/pid" });
        int worker = Os.Fork(new ForkOptions { Patience = TimeSpan.FromSeconds(60) });
        if (worker != 0)
        {
            File.WriteAllText($"{directory}/report.new", $"{Os.GetPid()} \n");
            File.Move($"{directory}/report.new", $"{directory}/report");
        }

        while (!File.Exists($"{directory}/stop"))
        {
            Thread.Sleep(10);
        }
    });

    private static void Call(string name, uint?[] ids)
    {
        switch (name)
        {
            case "setuid": Os.SetUid(ids[0]!.Value); break;
            case "setgid": Os.SetGid(ids[0]!.Value); break;
            case "seteuid": Os.SetEUid(ids[0]!.Value); break;
            case "setegid": Os.SetEGid(ids[0]!.Value); break;
            case "setreuid": Os.SetReUid(ids[0], ids[1]); break;
            case "setregid": Os.SetReGid(ids[0], ids[1]); break;
            case "setresuid": Os.SetResUid(ids[0], ids[1], ids[2]); break;
            case "setresgid": Os.SetResGid(ids[0], ids[1], ids[2]); break;
            case "setgroups": Os.SetGroups(ids.Select(id => id!.Value)); break;
            case "initgroups": Os.InitGroups("daemon", ids[0]!.Value); break;
            default: throw new ArgumentException(name);
        }
    }

    private static string Show()
    {
        (IdTriple user, IdTriple group) = (Os.GetResUid(), Os.GetResGid());
        return $"{user.Real},{user.Effective},{user.Saved} {group.Real},{group.Effective},{group.Saved} [{string.Join(' ', Os.GetGroups())}]";
    }

    private static string Error(Action action)
    {
        try
        {
            action();
            return "passed";
        }
        catch (OsException error)
        {
            return error.Path is null ? $"{error.Operation} {error.Errno}" : $"{error.Operation} {error.Errno} {error.Path}";
        }
        catch (Exception error)
        {
            return error.GetType().Name;
        }
    }

    private static void Say(string text) => Console.WriteLine(text);

    [LibraryImport("libc")]
    private static partial int fork();

    [LibraryImport("libc")]
    private static partial int pause();

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
