using System.Text;

namespace Gannet.Tool.Prompt.Editing;

/// <summary>
/// What was typed, in this session and in earlier ones: <c>$XDG_STATE_HOME/gannet/history</c>, by default below <c>~/.local/state</c>, an entry on
/// each line. Nobody else can read the file, and what looks like a password never gets into it.
/// </summary>
internal sealed class History
{
    private const int MostEntries = 1000;
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;

    private readonly List<string> _entries = [];
    private readonly string? _path;
    private int _place;
    private string _unfinished = "";

    /// <param name="path">The file; null for none.</param>
    public History(string? path)
    {
        _path = path;
        Load();
        _place = _entries.Count;
    }

    /// <summary>Where the user's history is; null when there is no home for it.</summary>
    public static string? UsualPath =>
        Os.GetEnv("XDG_STATE_HOME") is { } state && Path.IsPathRooted(state) ? Path.Combine(state, "gannet", "history")
        : Os.GetEnv("HOME") is { } home && Path.IsPathRooted(home) ? Path.Combine(home, ".local", "state", "gannet", "history")
        : null;

    /// <summary>Adds an entry, unless it is the last one again.</summary>
    public void Add(string text)
    {
        if (_entries.Count == 0 || _entries[^1] != text)
        {
            _entries.Add(text);
            if (!Secrecy.IsSecret(text))
            {
                Store(text);
            }
        }

        _place = _entries.Count;
    }

    /// <summary>Goes behind the newest entry, where a new line begins.</summary>
    public void Restart() => _place = _entries.Count;

    /// <summary>The entry before; null when there is none.</summary>
    /// <param name="text">What is being edited, to come back to.</param>
    public string? Previous(string text)
    {
        if (_place == 0)
        {
            return null;
        }

        if (_place == _entries.Count)
        {
            _unfinished = text;
        }

        return _entries[--_place];
    }

    /// <summary>The entry behind, at last what was being edited; null when there is none.</summary>
    public string? Next() => _place >= _entries.Count ? null : ++_place == _entries.Count ? _unfinished : _entries[_place];

    /// <summary>The newest entry with this text in it, before a place; -1 when there is none.</summary>
    public int Find(string text, int before)
    {
        int place = Math.Min(before, _entries.Count) - 1;
        while (place >= 0 && !_entries[place].Contains(text, StringComparison.Ordinal))
        {
            place--;
        }

        return place;
    }

    public int Count => _entries.Count;

    public string this[int place] => _entries[place];

    private void Load()
    {
        try
        {
            if (_path is not null && File.Exists(_path))
            {
                string[] lines = File.ReadAllLines(_path);
                _entries.AddRange(lines.TakeLast(MostEntries).Select(Unescape));
                if (lines.Length > 2 * MostEntries)
                {
                    Shorten(lines[^MostEntries..]);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A session without its past.
        }
    }

    // Another session may write at the same time: a line of its may get lost, the file is never half.
    private void Shorten(string[] lines)
    {
        string temporary = $"{_path}.{Environment.ProcessId}";
        using (FileStream file = new(temporary, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnersFile }))
        {
            file.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));
        }

        File.Move(temporary, _path!, overwrite: true);
    }

    private void Store(string text)
    {
        if (_path is null)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!, OwnersFolder);
            // One write to the end, so that sessions don't mix up each other's lines.
            using FileStream file = new(
                _path, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, BufferSize = 0, UnixCreateMode = OwnersFile });
            File.SetUnixFileMode(file.SafeFileHandle, OwnersFile);
            file.Write(Encoding.UTF8.GetBytes(Escape(text) + "\n"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A full disk, a home that can't be written: the session goes on without.
        }
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Unescape(string line)
    {
        StringBuilder text = new();
        for (int i = 0; i < line.Length; i++)
        {
            bool isMark = line[i] == '\\' && i + 1 < line.Length;
            text.Append(!isMark ? line[i] : line[++i] == 'n' ? '\n' : line[i]);
        }

        return text.ToString();
    }
}
