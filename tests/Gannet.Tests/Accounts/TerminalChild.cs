using System.Diagnostics;
using System.Text;
using Gannet.Interop;
using Gannet.Testing;
using Gannet.Tests.Processes;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests;

/// <summary>A program in a session of its own whose terminal is held by the test: what it shows, what is typed, and the settings.</summary>
internal sealed class TerminalChild : IDisposable
{
    private const int Patience = 30_000;

    private readonly SafeFileHandle _ours;
    private readonly SafeFileHandle _childs;
    private readonly SpawnedChild _child;
    private readonly List<byte> _shown = [];
    private WaitStatus? _end;

    private unsafe TerminalChild(string[] words, IReadOnlyDictionary<int, string> files)
    {
        int ours, childs;
        Assert.Equal(0, TestLibc.openpty(&ours, &childs, null, null, null));
        (_ours, _childs) = (Libc.DuplicateAway(ours)!, Libc.DuplicateAway(childs)!);
        Libc.Close(ours);
        Libc.Close(childs);
        int terminal = (int)_childs.DangerousGetHandle();
        List<SafeFileHandle> opened = [];
        DescriptorMapping[] descriptors =
        [
            .. Enumerable.Range(0, 3).Select(fd => new DescriptorMapping(Source(fd), fd)), new DescriptorMapping(terminal, 9),
        ];
        _child = Spawner.Start(new SpawnRequest
        {
            Program = words[0],
            Arguments = words,
            Environment = [.. LiveEnvironment.Snapshot().Where(entry => !entry.AsSpan().StartsWith("TERM="u8)), "TERM=dumb"u8.ToArray()],
            Descriptors = descriptors,
            // A runner in the background of a shell has the keyboard's signals ignored.
            DefaultSignals = SignalSet.Pipe | SignalSet.Of([Gannet.Signal.SIGINT, Gannet.Signal.SIGQUIT]),
            NewSession = true,
            TakesTerminal = true,
            Terminal = 9,
        });
        opened.ForEach(file => file.Dispose());

        int Source(int fd)
        {
            if (!files.TryGetValue(fd, out string? path))
            {
                return terminal;
            }

            opened.Add(Libc.Open(path, fd is 0 ? Libc.O_RDONLY : Libc.O_WRONLY | Libc.O_CREAT));
            return (int)opened[^1].DangerousGetHandle();
        }
    }

    /// <summary>What the program has shown so far, as the terminal has it.</summary>
    public string Text => Encoding.UTF8.GetString([.. _shown]);

    /// <summary>The same, by lines.</summary>
    public string[] Lines => Text.TrimEnd().Split("\r\n");

    public int Pid => _child.Pid;

    public bool Echoes => (Flags() & Libc.ECHO) != 0;

    public bool EditsLines => (Flags() & Libc.ICANON) != 0;

    public static TerminalChild Start(string scenario, params string[] arguments) =>
        Run([ChildProgram.Executable, scenario, .. arguments]);

    /// <summary>Starts any program, some of whose descriptors are files.</summary>
    public static TerminalChild Run(string[] words, IReadOnlyDictionary<int, string>? files = null) =>
        new(words, files ?? new Dictionary<int, string>());

    public void Type(string text) => Libc.WriteAll((int)_ours.DangerousGetHandle(), Encoding.UTF8.GetBytes(text));

    public void Signal(Signal signal) => Assert.Equal(0, TestLibc.kill(Pid, (int)signal));

    /// <summary>Reads until the program has shown a text this many times.</summary>
    public void ReadUntil(string text, int times = 1) => Await(() => Text.Split(text).Length > times, $"show '{text}'");

    /// <summary>Waits for a state of the terminal.</summary>
    public void Await(Func<bool> state, string what)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (!state())
        {
            Assert.True(clock.ElapsedMilliseconds < Patience, $"The program did not {what}; it showed: {Text}");
            Drain(timeout: 2);
        }
    }

    /// <summary>Waits until the program is stopped.</summary>
    public void AwaitStop() => Await(() => State() is 'T', "stop");

    /// <summary>Waits for the end.</summary>
    public WaitStatus ReadToEnd()
    {
        Await(() => State() is 'Z', "end");
        Drain(timeout: 0);
        return _end ??= ChildWait.ForEnd(_child).Status;
    }

    public void Dispose()
    {
        if (_end is null)
        {
            _ = TestLibc.kill(Pid, 9);
            ChildWait.ForEnd(_child);
        }

        _child.PidFd?.Dispose();
        _ours.Dispose();
        _childs.Dispose();
    }

    private char State()
    {
        string stat = File.ReadAllText($"/proc/{Pid}/stat");
        return stat[stat.LastIndexOf(')') + 2];
    }

    private uint Flags()
    {
        Span<byte> settings = stackalloc byte[Libc.TerminalSettingsSize];
        Assert.True(Libc.TryGetTerminal((int)_childs.DangerousGetHandle(), settings));
        return Libc.LocalFlags(settings);
    }

    private void Drain(int timeout)
    {
        int fd = (int)_ours.DangerousGetHandle();
        Span<byte> buffer = stackalloc byte[4096];
        while (Libc.HasInput(fd, timeout))
        {
            _shown.AddRange(buffer[..Libc.Read(fd, buffer)]);
            timeout = 0;
        }
    }
}
