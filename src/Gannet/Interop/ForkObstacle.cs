namespace Gannet.Interop;

/// <summary><c>enum gannet_fork_obstacle</c>; native/fork/fork.h tells what each means.</summary>
internal enum ForkObstacle
{
    None = 0,
    System = 1,
    ChildFailed = 2,
    TooManyThreads = 3,
    ThreadsChange = 4,
    ThreadDeaf = 5,
    ThreadRuns = 6,
    ThreadManaged = 7,
    ThreadUnknown = 8,
    Collection = 9,
    PoolWork = 10,
    Diagnostics = 11,
    ThreadForeign = 12,
    ChildrenUnknown = 13,
    OutputBusy = 14,
    SignalLost = 15,
    NoThreadMap = 16,
}
