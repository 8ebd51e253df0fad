namespace Gannet;

/// <summary>What the <c>Os.Spawn</c> family does beside starting the program.</summary>
/// <remarks>CPython has the last two under Windows only, whose numbers these are.</remarks>
public enum SpawnMode
{
    /// <summary><c>P_WAIT</c>: waits for the end, and gives the exit status, or the signal that ended it as a negative number.</summary>
    Wait = 0,

    /// <summary><c>P_NOWAIT</c>: gives the child's number at once; <see cref="Os.WaitPid(int, WaitOptions, CancellationToken)"/> and its
    /// kin tell its end, and until one of them has, the child stays in the process table.</summary>
    NoWait = 1,

    /// <summary><c>P_NOWAITO</c>: the same as <see cref="NoWait"/>.</summary>
    NoWaitO = NoWait,

    /// <summary><c>P_OVERLAY</c>: replaces this program, as the exec family does; nothing after the call runs.</summary>
    Overlay = 2,

    /// <summary><c>P_DETACH</c>: gives the number of a process that has nothing to do with this one any more: it leads a session of its
    /// own, without a terminal, with <c>/dev/null</c> for its streams, and is no child that could be waited for, or that would stay in the process
    /// table.</summary>
    Detach = 4,
}
