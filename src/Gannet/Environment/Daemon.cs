using System.Globalization;
using System.Runtime.Versioning;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>
/// The way to a daemon: this program, started afresh in a session of its own. Both processes talk over a pipe, so that whoever asked
/// learns whether it worked.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class Daemon
{
    // Tells the fresh process that it is the daemon: the pid of the one that waits for it, so that an inherited leftover does not.
    private const string Marker = "GANNET_DAEMON";
    private const int ReportDescriptor = 3;
    private const string Success = "ok";
    private const int ReportSize = 4096;

    // The end of the pipe is no end of the report: a program that was started meanwhile may hold it open for as long as it likes.
    private const byte EndOfReport = 0;

    // Whoever may write there decides which process a service manager kills.
    private const UnixFileMode PidFileMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    // How the `gannet` command tells a script about itself.
    private const string ScriptNameKey = "Gannet.Script.Name";
    private const string ScriptCountKey = "Gannet.Script.ArgumentCount";

    // Open, and so locked, until the process ends.
    private static SafeFileHandle? s_pidFile;
    private static string s_pidPath = "";

    /// <summary>Starts the daemon, or is it.</summary>
    public static void Become(DaemonSettings settings)
    {
        Check(settings.Directory, nameof(DaemonSettings.Directory));
        Check(settings.PidFile, nameof(DaemonSettings.PidFile));
        Check(settings.User, nameof(DaemonSettings.User));
        if (IsFresh())
        {
            SetUp(settings);
            return;
        }

        if (settings.User is not null)
        {
            _ = Users.Get(settings.User);
        }

        Start();
    }

    private static void Check(string? text, string name)
    {
        if (text is not null)
        {
            ArgumentException.ThrowIfNullOrEmpty(text, name);
            _ = OsText.GetByteCount(text, name);
        }
    }

    private static bool IsFresh()
    {
        string? marker = Os.GetEnv(Marker);
        Os.UnsetEnv(Marker);
        return marker == ToText(Os.GetPPid()) && Libc.IsCloseOnExec(ReportDescriptor) is not null;
    }

    private static void SetUp(DaemonSettings settings)
    {
        using SafeFileHandle report = new(ReportDescriptor, ownsHandle: true);
        try
        {
            if (settings.PidFile is not null)
            {
                HoldPidFile(settings.PidFile);
            }

            if (settings.Directory is not null)
            {
                Libc.ChangeDirectory(settings.Directory);
            }

            if (settings.Umask is { } mask)
            {
                Os.Umask(mask);
            }

            if (settings.User is not null)
            {
                Os.DropPrivileges(settings.User);
            }
        }
        catch (Exception error)
        {
            RemovePidFile();
            Report(Describe(error));
            Libc.ExitNow(1);
        }

        Report(Success);
    }

    private static void Report(string text) => Libc.WriteAll(ReportDescriptor, [.. OsText.Encode(text), EndOfReport]);

    private static string Describe(Exception error) =>
        error is OsException os ? $"{(int)os.Errno}\n{os.Operation}\n{os.Path}" : error.Message.Replace('\n', ' ');

    private static void HoldPidFile(string path)
    {
        SafeFileHandle? file;
        do
        {
            file = TryHold(path);
        }
        while (file is null);

        (s_pidFile, s_pidPath) = (file, Os.Path.AbsPath(path));
        AtExit.Register(RemovePidFile);
        AtFork.RegisterRoom(LeavePidFile);
        // One that was there already, or that a narrow umask has made.
        File.SetUnixFileMode(file, PidFileMode);
        int fd = (int)file.DangerousGetHandle();
        Libc.Empty(fd, path);
        Libc.WriteAll(fd, OsText.Encode($"{ToText(Os.GetPid())}\n"));
    }

    // A forked child is no daemon of that name. What it has open of the file would keep the lock beyond the daemon's end.
    private static void LeavePidFile()
    {
        AtExit.Unregister(RemovePidFile);
        s_pidFile?.Dispose();
        s_pidFile = null;
    }

    /// <summary>Locks the file at a path; null when it was removed between opening and locking, by the one who held it. Until it is
    /// locked nothing about it changes: it may be another one's.</summary>
    private static SafeFileHandle? TryHold(string path)
    {
        SafeFileHandle file = Libc.Open(path, Libc.O_RDWR | Libc.O_CREAT | Libc.O_NOFOLLOW, (uint)PidFileMode);
        bool held = false;
        try
        {
            int fd = (int)file.DangerousGetHandle();
            Libc.LockFile(fd, path);
            held = Libc.IsFileAt(fd, path);
        }
        finally
        {
            if (!held)
            {
                file.Dispose();
            }
        }

        return held ? file : null;
    }

    // Removed before the lock goes: whoever gets the lock afterwards has a file in hand that is at no path any more, and sees it.
    private static void RemovePidFile()
    {
        if (s_pidFile is not { } file)
        {
            return;
        }

        try
        {
            File.Delete(s_pidPath);
            file.Dispose();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The user that the daemon has become may not; the lock goes with the process in any case.
        }
    }

    private static void Start()
    {
        using SafeFileHandle nothing = Libc.Open("/dev/null", Libc.O_RDWR);
        (SafeFileHandle read, SafeFileHandle write) = Libc.Pipe();
        using SafeFileHandle report = read;
        SpawnedChild daemon;
        using (write)
        {
            daemon = Spawner.Start(Request((int)nothing.DangerousGetHandle(), (int)write.DangerousGetHandle()));
        }

        using SafeFileHandle? pidFd = daemon.PidFd;
        string answer = ReadAll((int)report.DangerousGetHandle());
        if (answer is Success)
        {
            Sys.FlushOutput();
            Libc.ExitNow(0);
        }

        WaitStatus status = ChildWait.ForEnd(daemon).Status;
        throw Failure(answer, status);
    }

    private static SpawnRequest Request(int nothing, int report) => new()
    {
        Program = Environment.ProcessPath ?? throw new PlatformNotSupportedException("The system does not tell which program this is."),
        Arguments = Words(),
        Environment = [.. LiveEnvironment.Snapshot(), OsText.Encode($"{Marker}={ToText(Os.GetPid())}")],
        NewSession = true,
        Descriptors = [new(nothing, 0), new(nothing, 1), new(nothing, 2), new(report, ReportDescriptor)],
    };

    /// <summary>The arguments that start this program again: those that it was started with, and a script's path where the command
    /// that runs it has been told in another way.</summary>
    private static string[] Words()
    {
        // Each word ends with a NUL; the last ones may be empty.
        string[] words = OsText.Decode(File.ReadAllBytes("/proc/self/cmdline")).Split('\0')[..^1];
        if (AppContext.GetData(ScriptNameKey) is not string script)
        {
            return words;
        }

        int own = words.Length - Math.Min(AppContext.GetData(ScriptCountKey) as int? ?? 0, words.Length - 1);
        string path = Sys.ScriptPath
            ?? throw new PlatformNotSupportedException("A program from standard input or from the command line can't be started again.");
        return words[own - 1] == script ? words : [.. words[..own], path, .. words[own..]];
    }

    private static string ReadAll(int fd)
    {
        Span<byte> buffer = stackalloc byte[ReportSize];
        int length = 0;
        int end = -1;
        for (int count = -1; count != 0 && end < 0 && length < ReportSize; length += count)
        {
            count = Libc.Read(fd, buffer[length..]);
            end = buffer[..(length + count)].IndexOf(EndOfReport);
        }

        return OsText.Decode(buffer[..(end < 0 ? length : end)]);
    }

    private static Exception Failure(string answer, WaitStatus status) => answer.Split('\n') switch
    {
        [string errno, string operation, string path] =>
            new OsException((Errno)int.Parse(errno, CultureInfo.InvariantCulture), operation, path is "" ? null : path),
        [""] => new InvalidOperationException($"The daemon ended before it was set up: {status}."),
        _ => new InvalidOperationException($"The daemon could not be set up: {answer}"),
    };

    private static string ToText(int number) => number.ToString(CultureInfo.InvariantCulture);
}
