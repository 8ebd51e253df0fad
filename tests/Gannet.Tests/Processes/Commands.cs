using System.Globalization;

namespace Gannet.Tests.Processes;

/// <summary>Commands that many tests run, and what they ask about processes.</summary>
internal static class Commands
{
    /// <summary>Longer than any test waits.</summary>
    public const string Long = "60";

    /// <summary>A time that is over soon; nothing depends on how soon.</summary>
    public static TimeSpan Short { get; } = TimeSpan.FromMilliseconds(50);

    /// <summary>A program that does not end by itself.</summary>
    public static Command Sleeper { get; } = Command.Of("/bin/sleep", Long);

    /// <summary>A shell script, whose <c>$0</c>, <c>$1</c> … are the arguments.</summary>
    public static Command Script(string script, params string[] arguments) => Command.Of(Spawned.Shell, ["-c", script, .. arguments]);

    /// <summary>A command that shows a file of its own process's directory in /proc.</summary>
    public static Command Show(string file) => Command.Of("/bin/cat", $"/proc/self/{file}");

    /// <summary>Runs it in one way or the other.</summary>
    public static async Task<CapturedText> CaptureAsync(Command command, bool isAsync) =>
        isAsync ? await command.CaptureAsync() : command.Capture();

    /// <summary>Runs it in one way or the other.</summary>
    public static async Task<CapturedBytes> CaptureBytesAsync(Command command, bool isAsync) =>
        isAsync ? await command.CaptureBytesAsync() : command.CaptureBytes();

    /// <summary>Runs it in one way or the other.</summary>
    public static async Task<CommandResult> RunAsync(
        Command command, bool isAsync, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        isAsync ? await command.RunAsync(timeout, cancellationToken) : command.Run(timeout, cancellationToken);

    /// <summary>Whether there is a process of this number that has not ended.</summary>
    public static bool IsAlive(string pid) => StateOf(int.Parse(pid, CultureInfo.InvariantCulture)) is not (null or 'Z' or 'X');

    /// <summary>Ends a process that a child has left behind.</summary>
    public static void Kill(string pid) => _ = TestLibc.kill(int.Parse(pid, CultureInfo.InvariantCulture), (int)Signal.SIGKILL);

    /// <summary>What the kernel says of a process: <c>S</c> it sleeps, <c>T</c> it is stopped, <c>Z</c> it has ended; null when it is gone.</summary>
    public static char? StateOf(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
