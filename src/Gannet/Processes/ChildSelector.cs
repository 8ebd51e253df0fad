using Gannet.Interop;

namespace Gannet;

/// <summary>Which children a wait means, as the first argument of waitpid(2) says it.</summary>
internal readonly struct ChildSelector
{
    private const int AnyChild = -1;

    private readonly int _pid;
    private readonly int? _group;
    private readonly HashSet<int>? _pids;

    /// <summary>
    /// By the argument of waitpid: a child; -1 any; 0 any of this process's group; below -1 any of that group. A group that
    /// lies outside of this process's pid namespace has the number 0, to the kernel and here.
    /// </summary>
    public ChildSelector(int pid)
    {
        _pid = pid;
        _group = pid switch
        {
            0 => Libc.GroupOf(0),
            < AnyChild => -pid,
            _ => null,
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

    /// <summary>Whether children are named by their numbers, one or several.</summary>
    public bool NamesChildren => IsNamed || _pids is not null;

    /// <summary>What stands for it in a message.</summary>
    public int Number => _pid;

    /// <summary>Whether a child is meant.</summary>
    public bool Matches(ChildRecord record)
    {
        if (IsNamed || _pids is not null)
        {
            return _pids?.Contains(record.Pid) ?? record.Pid == _pid;
        }

        if (record.IsPrivate || _group is null)
        {
            return !record.IsPrivate;
        }

        // The kernel does not know the group of a child that is reaped any more; its number may be another process's.
        return (record.End is null ? Libc.GroupOf(record.Pid) : record.Group) == _group;
    }
}
