using System.Text;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tool.Prompt;

/// <summary>
/// Reads lines as they come, without editing of its own: from a pipe, a file, or a terminal that can do nothing (TERM=dumb). It never takes more
/// than a line, so that what follows is there for the inputs themselves and for the programs that they start.
/// </summary>
internal sealed class PlainReader : IInputReader
{
    private const int Stdin = 0;

    private readonly Func<string, bool> _isComplete;
    private readonly SafeFileHandle _wake = Libc.EventFd();
    private readonly PromptText _texts;
    private readonly TextWriter _prompts;

    /// <param name="isComplete">Whether a text is a whole input.</param>
    /// <param name="texts">What the prompts say.</param>
    public PlainReader(Func<string, bool> isComplete, PromptText texts)
    {
        _isComplete = isComplete;
        _texts = texts;
        _prompts = TerminalKind.PromptWriter;
    }

    public void Interrupt()
    {
        try
        {
            Libc.Raise(_wake);
        }
        catch (ObjectDisposedException)
        {
            // The session is about to end.
        }
    }

    public string? Read()
    {
        StringBuilder text = new();
        bool isFirst = true;
        while (true)
        {
            Sys.FlushOutput();
            string prompt = text.Length == 0 ? _texts.First : _texts.Further;
            if (isFirst)
            {
                // What came before the prompt is none of the line's.
                ForgetInterrupt();
                isFirst = false;
            }

            _prompts.Write(prompt);
            _prompts.Flush();
            switch (ReadLine(out string line))
            {
                case LineEnd.Interrupted:
                    _prompts.WriteLine();
                    text.Clear();
                    break;
                case LineEnd.OfInput when line.Length == 0:
                    _prompts.WriteLine();
                    _prompts.Flush();
                    return text.Length == 0 ? null : text.ToString();
                default:
                    text.Append(line);
                    if (string.IsNullOrWhiteSpace(text.ToString()))
                    {
                        text.Clear();
                    }
                    else if (_isComplete(text.ToString()))
                    {
                        return text.ToString();
                    }
                    else
                    {
                        text.Append('\n');
                    }

                    break;
            }
        }
    }

    public void Dispose() => _wake.Dispose();

    private enum LineEnd
    {
        OfLine,
        OfInput,
        Interrupted,
    }

    private LineEnd ReadLine(out string line)
    {
        List<byte> bytes = [];
        Span<byte> next = stackalloc byte[1];
        while (true)
        {
            if (!AwaitInput())
            {
                line = "";
                return LineEnd.Interrupted;
            }

            bool ended = !TryRead(next);
            if (ended || next[0] == '\n')
            {
                line = Encoding.UTF8.GetString([.. bytes]).TrimEnd('\r');
                return ended ? LineEnd.OfInput : LineEnd.OfLine;
            }

            bytes.Add(next[0]);
        }
    }

    // What can't be read, a closed input or one that has hung up, is at its end.
    private static bool TryRead(Span<byte> next)
    {
        try
        {
            return Libc.Read(Stdin, next) > 0;
        }
        catch (OsException)
        {
            return false;
        }
    }

    /// <summary>Waits for the next byte; false when the line is to be dropped.</summary>
    private bool AwaitInput()
    {
        Span<PollEntry> entries = [new() { Descriptor = Stdin, Events = Libc.POLLIN }, new() { Descriptor = (int)_wake.DangerousGetHandle(), Events = Libc.POLLIN }];
        while (Libc.Poll(entries, -1) <= 0)
        {
        }

        if (entries[1].Returned == 0)
        {
            return true;
        }

        ForgetInterrupt();
        return false;
    }

    private void ForgetInterrupt()
    {
        if (Libc.HasInput((int)_wake.DangerousGetHandle(), timeout: 0))
        {
            Libc.Lower(_wake);
        }
    }
}
