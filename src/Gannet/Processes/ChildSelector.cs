using Gannet.Interop;

namespace Gannet;

/// <summary>Which children a wait means, as the first argument of waitpid(2) says it.</summary>
internal readonly struct ChildSelector
{
    private const int AnyChild = -1;

    private readonly int _pid;
    private readonly int _group;
    private readonly HashSet<int>? _pids;

    /// <summary>By the argument of waitpid: a child; -1 any; 0 any of this process's group; below -1 any of that group.</summary>
    public ChildSelector(int pid)
    {
        _pid = pid;
        _group = pid switch
        {
            0 => Libc.GroupOf(0),
            < AnyChild => -pid,
            _ => 0,
        };
    }

    /// <summary>By numbers.</summary>
    public ChildSelector(HashSet<int> pids)
    {
        _pid = AnyChild;
        _pids = pids;
    }

    /// <summary>Any child.</summary>
    public static ChildSelector Any => new(AnyChild);

    /// <summary>Whether one child is named, which need not be one of Gannet's.</summary>
    public bool IsNamed => _pid > 0;

    /// <summary>What stands for it in a message.</summary>
    public int Number => _pid;

    /// <summary>Whether a child is meant.</summary>
    public bool Matches(ChildRecord record)
    {
        if (IsNamed || _pids is not null)
        {
            return _pids?.Contains(record.Pid) ?? record.Pid == _pid;
        }

        // The group of a child that is reaped can't be asked for any more.
        return !record.IsPrivate && (_group == 0 || Libc.GroupOf(record.Pid) == _group);
    }
}
