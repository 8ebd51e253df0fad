using Gannet.Tests.Processes;
using Gannet.Tests.Tool;

namespace Gannet.Tests.Prompt;

/// <summary>A prompt in a terminal of tmux, which nobody looks at but this. Its server is a child of the test, and ends with it however that ends.</summary>
internal sealed class MultiplexedTerminal : IDisposable
{
    public const string Program = "/usr/bin/tmux";

    // Attempts, some tens of milliseconds each.
    private const int Patience = 4000;

    private readonly ScriptFolder _folder = new();
    private readonly Child _server;

    public MultiplexedTerminal(int columns, int rows)
    {
        _server = Tmux("-D").WithParentDeathSignal(Signal.SIGKILL).WithStdin(Stdio.Null).WithStdout(Stdio.Null).WithStderr(Stdio.Null).Start();
        Spawned.Await(() => File.Exists(Socket), "tmux has no server.");
        Say("new-session", "-d", "-x", $"{columns}", "-y", $"{rows}", $"exec {ScriptFolder.Command}");
    }

    private string Socket => Path.Combine(_folder.Path, "tmux");

    /// <summary>What its screen shows.</summary>
    public string Text => Say("capture-pane", "-p").TrimEnd('\n');

    /// <summary>Types texts, and keys that have names. A semicolon at the end of one is tmux's own, unless a backslash is before it.</summary>
    public void Type(params string[] keys) => Say(["send-keys", .. keys]);

    /// <summary>Waits until the screen ends so.</summary>
    public void Await(string end)
    {
        string shown = "";
        for (int i = 0; !(shown = Text).EndsWith(end, StringComparison.Ordinal); i++)
        {
            Assert.True(i < Patience && _server.Poll() is null, $"Not at the end of the screen:\n{end}\nbut:\n{shown}");
            Thread.Sleep(10);
        }
    }

    /// <summary>Waits until the session has ended.</summary>
    public void AwaitEnd()
    {
        for (int i = 0; Tmux("list-sessions").Capture().Output.Length > 0; i++)
        {
            Assert.True(i < Patience, "The session does not end.");
            Thread.Sleep(10);
        }
    }

    public void Dispose()
    {
        // Its children with it: their terminals hang up.
        _server.Kill();
        _server.Wait();
        _server.Dispose();
        _folder.Dispose();
    }

    private Command Tmux(params string[] words) => Command.Of(Program, ["-u", "-S", Socket, "-f", "/dev/null", .. words]).In(_folder.Path)
        .WithVariable("XDG_STATE_HOME", Path.Combine(_folder.Path, "state"))
        .WithVariable("LC_ALL", "C.UTF-8")
        .WithVariable("SHELL", Spawned.Shell);

    private string Say(params string[] words)
    {
        CapturedText answer = Tmux(words).Capture();
        Assert.True(answer.Status.ExitStatus is 0, $"tmux {string.Join(' ', words)}: {answer.Error}");
        return answer.Output;
    }
}
