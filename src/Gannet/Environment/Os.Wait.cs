using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <content>Waiting for children.</content>
public static partial class Os
{
    private const WaitOptions KnownWaitOptions = WaitOptions.WNOHANG | WaitOptions.WUNTRACED | WaitOptions.WCONTINUED;

    /// <summary>
    /// <c>os.wait</c>: waits for the end of any one child that Gannet has started, reaps it and tells how it ended. Which child comes
    /// first is not said when several have ended.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait; the children go on, and nothing is lost.</param>
    /// <returns>The child's number, which may be given to another process from now on, and its status.</returns>
    /// <exception cref="OsException">ECHILD: there is no child left whose end has not been told.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <remarks>
    /// "Any child" means those started by <see cref="Command.Start"/> and the <c>Spawn</c> family, or forked. The children
    /// of <c>System.Diagnostics.Process</c> and of native code are never touched: the runtime ends the process when one of its own
    /// is reaped by others. A child that its <see cref="Child"/> has been waited for counts as told.
    /// Of a program that never asks, the oldest ends beyond 4,096 are forgotten. A time-out is the one of
    /// <see cref="WaitPid(int, TimeSpan, WaitOptions, CancellationToken)"/> with -1.
    /// CPython's <c>os.wait</c> asks the kernel for any child whatever. Source: POSIX <c>wait</c>, wait(2).
    /// </remarks>
    [SupportedOSPlatform("linux")]
    public static (int Pid, WaitStatus Status) Wait(CancellationToken cancellationToken = default) =>
        ToPair(ChildSearch.Wait("wait", ChildSelector.Any, WaitOptions.None, Deadline.Never, cancellationToken));

    /// <summary>
    /// <c>os.waitpid</c>: waits for a child, or for any of a group, and tells what has become of it.
    /// </summary>
    /// <param name="pid">A child's number; -1 for any child that Gannet has started; 0 for any of those in this process's group; a
    /// negative number for any of those in that group. A number that is not one of Gannet's children is handed to the kernel as
    /// it is; never name a child of <c>System.Diagnostics.Process</c>, which the runtime reaps itself.</param>
    /// <param name="options">What to report besides the end, and whether to wait.</param>
    /// <param name="cancellationToken">Ends the wait; the children go on, and nothing is lost.</param>
    /// <returns>The child's number and its status; (0, 0) when there is nothing to report, with
    /// <see cref="WaitOptions.WNOHANG"/>.</returns>
    /// <exception cref="OsException">ECHILD: no such child, or its end has been told; EINVAL: unknown options.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <remarks>A signal does not end the wait (PEP 475). Source: POSIX <c>waitpid</c>, waitpid(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static (int Pid, WaitStatus Status) WaitPid(
        int pid, WaitOptions options = WaitOptions.None, CancellationToken cancellationToken = default)
    {
        Check("waitpid", options);
        return ToPair(ChildSearch.Wait("waitpid", new ChildSelector(pid), options, Deadline.Never, cancellationToken));
    }

    /// <summary><c>os.waitpid</c> with a time after which the wait is over.</summary>
    /// <param name="pid">As for <see cref="WaitPid(int, WaitOptions, CancellationToken)"/>.</param>
    /// <param name="timeout">How long to wait; zero to look only, <see cref="Timeout.InfiniteTimeSpan"/> without end.</param>
    /// <param name="options">What to report besides the end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The child's number and its status; null when the time is over.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="OsException">ECHILD: no such child, or its end has been told; EINVAL: unknown options.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    [SupportedOSPlatform("linux")]
    public static (int Pid, WaitStatus Status)? WaitPid(
        int pid, TimeSpan timeout, WaitOptions options = WaitOptions.None, CancellationToken cancellationToken = default)
    {
        Check("waitpid", options);
        (int Pid, ChildEnd End)? found = ChildSearch.Wait(
            "waitpid", new ChildSelector(pid), options, Deadline.After(timeout), cancellationToken);
        return found is null ? null : ToPair(found);
    }

    /// <summary><c>os.wait3</c>: as <see cref="WaitPid(int, WaitOptions, CancellationToken)"/> for any child, with what it has
    /// used.</summary>
    /// <param name="options">What to report besides the end, and whether to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The child's number, its status and its usage; zeros when there is nothing to report, with
    /// <see cref="WaitOptions.WNOHANG"/>.</returns>
    /// <exception cref="OsException">ECHILD: there is no child left; EINVAL: unknown options.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <remarks>Source: wait3(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static WaitedChild Wait3(
        WaitOptions options = WaitOptions.None, CancellationToken cancellationToken = default)
    {
        Check("wait3", options);
        return ToWaited(ChildSearch.Wait("wait3", ChildSelector.Any, options, Deadline.Never, cancellationToken));
    }

    /// <summary><c>os.wait4</c>: as <see cref="WaitPid(int, WaitOptions, CancellationToken)"/>, with what the child has used.</summary>
    /// <param name="pid">As for <see cref="WaitPid(int, WaitOptions, CancellationToken)"/>.</param>
    /// <param name="options">What to report besides the end, and whether to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The child's number, its status and its usage; zeros when there is nothing to report, with
    /// <see cref="WaitOptions.WNOHANG"/>.</returns>
    /// <exception cref="OsException">ECHILD: no such child, or its end has been told; EINVAL: unknown options.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    /// <remarks>Source: wait4(2).</remarks>
    [SupportedOSPlatform("linux")]
    public static WaitedChild Wait4(
        int pid, WaitOptions options = WaitOptions.None, CancellationToken cancellationToken = default)
    {
        Check("wait4", options);
        return ToWaited(ChildSearch.Wait("wait4", new ChildSelector(pid), options, Deadline.Never, cancellationToken));
    }

    /// <summary>Waits for the end of any one of the children named. POSIX and Python have no such call.</summary>
    /// <param name="pids">Children that Gannet has started.</param>
    /// <param name="timeout">How long to wait; null without end.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The child's number and its status; null when the time is over.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="pids"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="OsException">ECHILD: none of them is a child whose end has not been told.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    [SupportedOSPlatform("linux")]
    public static (int Pid, WaitStatus Status)? WaitAny(
        IEnumerable<int> pids, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pids);
        (int Pid, ChildEnd End)? found = ChildSearch.Wait(
            "wait", new ChildSelector([.. pids]), WaitOptions.None, Deadline.After(timeout), cancellationToken);
        return found is null ? null : ToPair(found);
    }

    /// <summary>Waits until every child that Gannet has started has ended: the loop over <c>wait</c> that ends with ECHILD.</summary>
    /// <param name="timeout">How long to wait in all; null without end.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is lost.</param>
    /// <returns>The children and their statuses in the order in which they were found ended; when the time is over, those that
    /// had ended by then. Empty without children.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    [SupportedOSPlatform("linux")]
    public static IReadOnlyList<(int Pid, WaitStatus Status)> WaitAll(
        TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        [.. ChildSearch.WaitAll(Deadline.After(timeout), cancellationToken).Select(child => (child.Pid, child.End!.Value.Status))];

    /// <summary>
    /// Reaps the ended children that nobody in this process has started, from now on: those that the kernel hands to the init process of
    /// a container (pid 1), or to a subreaper (<c>PR_SET_CHILD_SUBREAPER</c>), when their own parents end. Without it they stay
    /// in the process table.
    /// </summary>
    /// <returns>Dispose it to end that.</returns>
    /// <remarks>
    /// The kernel does not say whether a child was adopted. What Gannet has started is known here; what
    /// <c>System.Diagnostics.Process</c> has started the runtime reaps at once. So a child that is none of Gannet's and that
    /// is found ended twice, one second apart, is an orphan; native code that reaps its own children later than that must not be
    /// used beside this. Source: wait(2), prctl(2), proc(5).
    /// </remarks>
    [SupportedOSPlatform("linux")]
    public static IDisposable ReapOrphans() => new OrphanReaper();

    private static void Check(string operation, WaitOptions options)
    {
        if ((options & ~KnownWaitOptions) is not WaitOptions.None)
        {
            throw new OsException(Errno.EINVAL, operation, $"{(int)options}");
        }
    }

    private static (int Pid, WaitStatus Status) ToPair((int Pid, ChildEnd End)? found) =>
        found is { } child ? (child.Pid, child.End.Status) : default;

    private static WaitedChild ToWaited((int Pid, ChildEnd End)? found) =>
        found is { } child ? new(child.Pid, child.End.Status, child.End.Usage) : default;
}
