using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Gannet.Benchmarks.Prompt;

/// <summary>An interactive prompt, started on a terminal of its own; what is typed and read there is measured.</summary>
internal sealed class PromptCandidate : IDisposable
{
    private const string AskForCursor = "\e[6n";
    private const string EndOfPrompt = "> ";
    private const string CursorAtStart = "\e[1;1R";

    // Some take what comes at once for a paste, and throw away what is typed while they ask the terminal something.
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Child _child;
    private readonly byte[] _buffer = new byte[4096];
    private readonly long _start = Stopwatch.GetTimestamp();
    private string _shown = "";

    public PromptCandidate(Command command) => _child = command.WithTerminal(columns: 100, rows: 30).WithVariable("TERM", "xterm-256color").Start();

    /// <summary>The memory that it has in use, in megabytes.</summary>
    public double ResidentMegabytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{_child.Pid}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
    }

    /// <summary>Types a line as soon as the prompt is there (what is typed earlier some throw away), and gives the milliseconds from the start of the program to the answer.</summary>
    public double FirstAnswer(string line, string answer)
    {
        _ = Await(EndOfPrompt, from: 0);
        double toPrompt = Stopwatch.GetElapsedTime(_start).TotalMilliseconds;
        return toPrompt + Answer(line, answer);
    }

    /// <summary>Types a line, and gives the milliseconds from its return key to the answer.</summary>
    public double Answer(string line, string answer)
    {
        _shown = "";
        Thread.Sleep(s_moment);
        _child.Terminal.Type(line);
        Thread.Sleep(s_moment);
        long start = Stopwatch.GetTimestamp();
        _child.Terminal.Type("\r");
        int end = Await(answer, from: 0);
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        _ = Await(EndOfPrompt, end);
        return milliseconds;
    }

    public void Dispose()
    {
        _child.SendSignal(Signal.SIGKILL);
        _child.Wait();
        _child.Dispose();
    }

    /// <summary>Waits until a text is shown behind a place, and gives the place behind it.</summary>
    private int Await(string expected, int from)
    {
        int place;
        while ((place = _shown.IndexOf(expected, from, StringComparison.Ordinal)) < 0)
        {
            int count = _child.Terminal.Read(_buffer, s_patience) ?? throw new TimeoutException($"No '{expected}' in '{_shown}'.");
            if (count == 0)
            {
                throw new EndOfStreamException($"It ended: '{_shown}'.");
            }

            string text = Encoding.UTF8.GetString(_buffer, 0, count);
            string end = _shown[^Math.Min(_shown.Length, AskForCursor.Length - 1)..] + text;
            _shown += text;
            if (end.Contains(AskForCursor, StringComparison.Ordinal))
            {
                // Some ask the terminal where its cursor is, and wait for it.
                _child.Terminal.Type(CursorAtStart);
            }
        }

        return place + expected.Length;
    }
}
