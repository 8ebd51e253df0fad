using System.Globalization;
using Gannet.Interop;

namespace Gannet;

/// <summary>Reaps adopted children; <see cref="Os.ReapOrphans"/> says how they are told from others.</summary>
internal sealed class OrphanReaper : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Timer _timer;
    private HashSet<int> _endedBefore = [];
    private bool _isClosed;

    public OrphanReaper() => _timer = new(static state => ((OrphanReaper)state!).Look(), this, TimeSpan.Zero, s_interval);

    /// <summary>Ends the search; a look that is under way is over when this returns.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_lock)
        {
            _isClosed = true;
        }
    }

    private void Look()
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            HashSet<int> ended = [.. Children().Where(pid => !ChildTable.Holds(pid) && ChildWait.HasEnded(pid))];
            foreach (int pid in ended.Where(_endedBefore.Contains))
            {
                ChildWait.Discard(pid);
            }

            ended.ExceptWith(_endedBefore);
            _endedBefore = ended;
        }
    }

    // The kernel gives an orphan to the first thread of its new parent, so that the children of the others need not be looked at.
    private static IEnumerable<int> Children()
    {
        string path = $"/proc/self/task/{Environment.ProcessId}/children";
        string list = File.Exists(path) ? File.ReadAllText(path) : string.Join(' ', FindInProcessList());
        return list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture));
    }

    // A kernel without CONFIG_PROC_CHILDREN.
    private static IEnumerable<string> FindInProcessList() => Directory.EnumerateDirectories("/proc")
        .Select(directory => Path.GetFileName(directory))
        .Where(name => char.IsAsciiDigit(name[0]) && ParentOf(name) == Environment.ProcessId);

    private static int ParentOf(string name)
    {
        try
        {
            // The program's name, in brackets, may hold anything.
            string stat = File.ReadAllText($"/proc/{name}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
