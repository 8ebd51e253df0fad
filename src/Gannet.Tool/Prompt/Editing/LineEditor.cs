namespace Gannet.Tool.Prompt.Editing;

/// <summary>
/// Reads inputs from a terminal, each edited as one text of as many lines as it needs. The keys are those of readline's Emacs mode.
/// </summary>
internal sealed class LineEditor : IInputReader
{
    private readonly IEditorHelp _help;
    private readonly RawTerminal _terminal;
    private readonly KeyReader _keys;
    private readonly EditorScreen _screen;
    private readonly History _history;
    private readonly PromptText _prompts;
    private readonly EditBuffer _buffer = new();
    private readonly List<string> _further = [];
    private string _first = "";

    public LineEditor(RawTerminal terminal, SharedTerminal shared, History history, IEditorHelp help, PromptText prompts)
    {
        _prompts = prompts;
        _terminal = terminal;
        _history = history;
        _help = help;
        _keys = new KeyReader(terminal);
        _screen = new EditorScreen(terminal, shared);
        terminal.Leaving += shared.Leave;
    }

    private enum Outcome
    {
        Unfinished,
        Submitted,
        Ended,
        Dropped,
    }

    public string? Read()
    {
        while (true)
        {
            Sys.FlushOutput();
            // It may be code of the user's, which Ctrl-C ends as long as it is a signal.
            string[] first = _prompts.First.Split('\n');
            _further.Clear();
            if (!_terminal.Enter())
            {
                return null;
            }

            _screen.Begin();
            // Of a prompt of several lines all but the last are written once.
            RawTerminal.Write(string.Concat(first[..^1].Select(line => line + "\r\n")));
            _first = first[^1];
            Outcome outcome;
            try
            {
                outcome = Edit();
            }
            finally
            {
                _terminal.Leave();
            }

            if (outcome is Outcome.Ended)
            {
                return null;
            }

            if (outcome is Outcome.Submitted && !string.IsNullOrWhiteSpace(_buffer.Text))
            {
                _history.Add(_buffer.Text);
                return _buffer.Text;
            }
        }
    }

    public void Interrupt() => _terminal.Interrupt();

    public void Dispose() => _terminal.Dispose();

    private Outcome Edit()
    {
        _buffer.Set("");
        _history.Restart();
        Outcome outcome = Outcome.Unfinished;
        Draw();
        while (outcome is Outcome.Unfinished)
        {
            outcome = Obey(_keys.Read());
            // Of what comes at once, pasted or typed ahead, nobody sees the states between.
            if (outcome is Outcome.Unfinished && !RawTerminal.HasTyped)
            {
                Draw();
            }
        }

        _buffer.ToTextEnd();
        _screen.End(Arrange(outcome is Outcome.Dropped ? "^C" : ""));
        return outcome;
    }

    private Outcome Obey(EditorKey key)
    {
        switch (key.Command)
        {
            case EditorCommand.Submit:
                return Submit();
            case EditorCommand.EndOfInput when _buffer.Text.Length == 0:
            case EditorCommand.HangUp:
                return Outcome.Ended;
            case EditorCommand.Interrupt:
                return Outcome.Dropped;
            case EditorCommand.Search:
                return Search();
            case EditorCommand.Complete:
                Complete();
                break;
            case EditorCommand.Suspend:
                _screen.End(Arrange());
                _terminal.Suspend();
                _screen.Begin();
                break;
            case EditorCommand.Resume:
                _screen.Begin();
                break;
            case EditorCommand.ClearScreen:
                _screen.Clear();
                break;
            case EditorCommand.Up when !_buffer.IsInFirstLine:
                _buffer.Up();
                break;
            case EditorCommand.Down when !_buffer.IsInLastLine:
                _buffer.Down();
                break;
            case EditorCommand.Up or EditorCommand.PreviousEntry:
                Recall(_history.Previous(_buffer.Text));
                break;
            case EditorCommand.Down or EditorCommand.NextEntry:
                Recall(_history.Next());
                break;
            default:
                Change(key);
                break;
        }

        return Outcome.Unfinished;
    }

    private void Change(EditorKey key)
    {
        switch (key.Command)
        {
            case EditorCommand.Insert:
                _buffer.Type(key.Text);
                break;
            case EditorCommand.Paste:
                _buffer.Insert(key.Text);
                break;
            case EditorCommand.NewLine:
                _buffer.InsertLine();
                break;
            case EditorCommand.Left:
                _buffer.Left();
                break;
            case EditorCommand.Right:
                _buffer.Right();
                break;
            case EditorCommand.WordLeft:
                _buffer.WordLeft();
                break;
            case EditorCommand.WordRight:
                _buffer.WordRight();
                break;
            case EditorCommand.LineStart:
                _buffer.ToLineStart();
                break;
            case EditorCommand.LineEnd:
                _buffer.ToLineEnd();
                break;
            case EditorCommand.EraseLeft:
                _buffer.EraseLeft();
                break;
            case EditorCommand.EraseRight or EditorCommand.EndOfInput:
                _buffer.EraseRight();
                break;
            case EditorCommand.EraseWordLeft:
                _buffer.EraseWordLeft();
                break;
            case EditorCommand.EraseWordRight:
                _buffer.EraseWordRight();
                break;
            case EditorCommand.EraseToStart:
                _buffer.EraseToStart();
                break;
            case EditorCommand.EraseToEnd:
                _buffer.EraseToEnd();
                break;
            case EditorCommand.Yank:
                _buffer.Yank();
                break;
            case EditorCommand.Transpose:
                _buffer.Transpose();
                break;
        }
    }

    private Outcome Submit()
    {
        // Empty lines end an input for him who has typed them, not for him who is at another line.
        string text = _buffer.Caret == _buffer.Text.Length ? _buffer.Text : _buffer.Text.TrimEnd();
        // The first one waits for the compiler, which Ctrl-C ends.
        if (string.IsNullOrWhiteSpace(text) || _terminal.WithSignals(() => _help.IsComplete(text)))
        {
            return Outcome.Submitted;
        }

        // The next line's prompt may be code of the user's, which shall not run before the line is seen.
        Draw();
        _buffer.InsertLine();
        return Outcome.Unfinished;
    }

    private void Recall(string? entry)
    {
        if (entry is not null)
        {
            _buffer.Set(entry);
        }
    }

    /// <summary>Ctrl-R: the newest entry that has what is typed now; Ctrl-R again an older one. Enter takes and submits it, Ctrl-G and Ctrl-C go
    /// back, any other key takes it and does what it does.</summary>
    private Outcome Search()
    {
        string before = _buffer.Text;
        string wanted = "";
        int place = _history.Count;
        while (true)
        {
            string found = place < _history.Count && place >= 0 ? _history[place] : before;
            AskFurther(found);
            _screen.Draw(Layout.Of(found, found.Length, $"(search '{wanted}'): ", _further, _terminal.Size.Columns, colours: null));
            EditorKey key = _keys.Read();
            switch (key.Command)
            {
                case EditorCommand.Insert:
                    wanted += key.Text;
                    place = FindOr(place, _history.Find(wanted, Math.Min(place + 1, _history.Count)));
                    break;
                case EditorCommand.EraseLeft:
                    wanted = wanted.Length == 0 ? "" : wanted[..^1];
                    place = FindOr(place, _history.Find(wanted, _history.Count));
                    break;
                case EditorCommand.Search:
                    place = FindOr(place, _history.Find(wanted, place));
                    break;
                case EditorCommand.Redraw:
                    break;
                case EditorCommand.Resume:
                    _screen.Begin();
                    break;
                case EditorCommand.GiveUp or EditorCommand.Interrupt:
                    _buffer.Set(before);
                    return Outcome.Unfinished;
                default:
                    _buffer.Set(found);
                    return Obey(key);
            }
        }

        static int FindOr(int place, int found) => found < 0 ? place : found;
    }

    /// <summary>Tab: at the beginning of a line an indent; else what all that could be meant begin with, or the list of them.</summary>
    private void Complete()
    {
        if (_buffer.IsBehindIndent)
        {
            _buffer.Indent();
            return;
        }

        Completion completion = _help.Complete(_buffer.Text, _buffer.Caret);
        string typed = _buffer.Text[completion.Start.._buffer.Caret];
        string common = completion.CommonStart;
        if (common.Length > typed.Length || completion.Items.Count == 1)
        {
            _buffer.Replace(completion.Start, _buffer.Caret, common);
        }
        else if (completion.Items.Count > 1)
        {
            int caret = _buffer.Caret;
            _buffer.ToTextEnd();
            Layout layout = Arrange();
            _buffer.To(caret);
            (int columns, int rows) = _terminal.Size;
            _screen.ShowBelow(layout, completion.List(columns, rows));
        }
    }

    private void Draw() => _screen.Draw(Arrange());

    // Each line that has come is given a prompt, which is asked for then and shown with it as long as it is there.
    private void AskFurther(string text)
    {
        int lines = text.Count('\n');
        _further.RemoveRange(Math.Min(lines, _further.Count), Math.Max(_further.Count - lines, 0));
        while (_further.Count < lines)
        {
            _further.Add(_terminal.WithSignals(() => _prompts.Further).Split('\n')[^1]);
        }
    }

    private Layout Arrange(string end = "")
    {
        AskFurther(_buffer.Text);
        return Layout.Of(
            _buffer.Text + end, _buffer.Caret + end.Length, _first, _further, _terminal.Size.Columns, TerminalKind.HasColours && end.Length == 0 ? _help.Colour(_buffer.Text) : null);
    }
}
