using Gannet.Tests.Processes;
using Gannet.Tests.Tool;

namespace Gannet.Tests.Prompt;

/// <summary>A prompt on a terminal of its own, and somebody who types and looks.</summary>
internal sealed class PromptDriver : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly ScriptFolder _folder = new();
    private readonly byte[] _buffer = new byte[4096];
    private readonly Child _child;
    private int _inputs;

    /// <param name="columns">The width of the terminal.</param>
    /// <param name="rows">Its height.</param>
    /// <param name="terminal">Its kind.</param>
    /// <param name="prepare">What is done in the folder before.</param>
    /// <param name="shell">The script of a shell that runs the prompt, as <c>"$0"</c>; null for the prompt alone.</param>
    public PromptDriver(int columns = 80, int rows = 24, string terminal = "xterm-256color", Action<ScriptFolder>? prepare = null, string? shell = null)
    {
        prepare?.Invoke(_folder);
        Screen = new TerminalScreen(columns, rows);
        _child = (shell is null ? Command.Of(ScriptFolder.Command) : Command.Of(Spawned.Shell, "-c", shell, ScriptFolder.Command)).In(_folder.Path)
            .WithVariable("XDG_CACHE_HOME", _folder.Path + "/.cache")
            .WithVariable("XDG_STATE_HOME", State)
            .WithVariable("TERM", terminal)
            .WithVariable("LANG", "C.UTF-8")
            .WithTerminal(columns, rows)
            .Start();
    }

    public TerminalScreen Screen { get; }

    public int Pid => _child.Pid;

    public string Folder => _folder.Path;

    public string State => Path.Combine(_folder.Path, "state");

    public PseudoTerminal Terminal => _child.Terminal;

    /// <summary>Types what follows the prompt, and waits for the next prompt.</summary>
    public void Enter(string text)
    {
        AwaitPrompt();
        Terminal.Type(text + "\r");
        _inputs++;
        AwaitPrompt();
    }

    /// <summary>Types an input and gives the rows that came after it.</summary>
    public string Answer(string text)
    {
        AwaitPrompt();
        int before = Screen.Row;
        Enter(text);
        return string.Join('\n', Screen.Rows.Skip(before + 1).SkipLast(Screen.Rows.Count - Screen.Row));
    }

    /// <summary>Types keys, and waits until the screen is as it should be.</summary>
    public void Type(string keys, Func<TerminalScreen, bool> until)
    {
        AwaitPrompt();
        Terminal.Type(keys);
        Await(until, keys);
    }

    /// <summary>Types a key after which another prompt comes, which is not a return.</summary>
    public void TypeForPrompt(string keys)
    {
        AwaitPrompt();
        Terminal.Type(keys);
        _inputs++;
        AwaitPrompt();
    }

    /// <summary>Waits until the prompt takes keys.</summary>
    public void AwaitPrompt() => Await(screen => screen.Inputs > _inputs && screen.IsDrawn, "the prompt");

    /// <summary>Gives the sign that an input of the session waits for: a file.</summary>
    public void Signal(string name) => File.WriteAllText(Path.Combine(Folder, name), "");

    /// <summary>Waits for the prompt behind what has been typed by other means.</summary>
    public void AwaitNextPrompt()
    {
        _inputs++;
        AwaitPrompt();
    }

    /// <summary>Types keys, whatever there is on the screen.</summary>
    public void TypeNow(string keys) => Terminal.Type(keys);

    /// <summary>Waits for something on the screen.</summary>
    public void Await(Func<TerminalScreen, bool> condition, string what)
    {
        while (!condition(Screen))
        {
            if (Read() == 0)
            {
                Assert.Fail($"The prompt ended ({_child.Wait()}) instead of showing {what}:\n{Screen.Text}");
            }
        }
    }

    /// <summary>Types the last keys, and gives the status with which the prompt ends.</summary>
    public int End(string keys)
    {
        AwaitPrompt();
        Terminal.Type(keys);
        return AwaitEnd();
    }

    /// <summary>The status with which the prompt ends.</summary>
    public int AwaitEnd()
    {
        while (Read() > 0)
        {
        }

        return _child.Wait().ExitStatus ?? throw new InvalidOperationException("A signal has ended the prompt.");
    }

    public void Dispose()
    {
        _child.Dispose();
        _folder.Dispose();
    }

    private int Read()
    {
        int? count = Terminal.Read(_buffer, s_patience);
        Assert.True(count is not null, $"Nothing more came after:\n{Screen.Text}");
        Screen.Show(_buffer.AsSpan(0, count.Value));
        return count.Value;
    }
}
