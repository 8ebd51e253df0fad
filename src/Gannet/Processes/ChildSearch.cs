using System.Runtime.InteropServices;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>Waits for one of several children: the way through which all of <c>wait</c>, <c>waitpid</c> and their relatives go.</summary>
internal static class ChildSearch
{
    // waitid(2) numbers its options as wait(2) does, but for WEXITED, which it wants said.
    private const WaitOptions Changes = WaitOptions.WUNTRACED | WaitOptions.WCONTINUED;

    // A stop has no descriptor that tells of it, nor has an end on a kernel before 5.3: these are looked for at this interval.
    private const int LookInterval = 10;

    /// <summary>Waits until one of the children that are meant has something to report.</summary>
    /// <param name="operation">What the caller called it, for the error.</param>
    /// <param name="selector">Which children.</param>
    /// <param name="options">What to report.</param>
    /// <param name="deadline">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The child and its status; null when there is nothing to report in time.</returns>
    /// <exception cref="OsException">ECHILD: there is no such child.</exception>
    public static (int Pid, ChildEnd End)? Wait(
        string operation, ChildSelector selector, WaitOptions options, Deadline deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ChildRecord? foreign = selector.IsNamed && ChildTable.Find(selector).Count == 0 ? ChildRecord.OfForeign(selector.Number) : null;
        using CancellationEvent cancellation = new(cancellationToken);
        using SafeFileHandle changes = Libc.EventFd();
        ChildTable.Listen(changes);
        try
        {
            for (; ; )
            {
                List<ChildRecord> children = foreign is null ? ChildTable.Find(selector) : [foreign];
                if (children.Count == 0)
                {
                    throw new OsException(Errno.ECHILD, operation, selector.IsNamed ? $"{selector.Number}" : null);
                }

                if (Look(children, foreign, options) is { } found)
                {
                    return found;
                }

                if (options.HasFlag(WaitOptions.WNOHANG) || deadline.IsOver)
                {
                    return null;
                }

                Block(children, options, deadline, changes, cancellation);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            ChildTable.StopListening(changes);
            foreign?.Release();
        }
    }

    /// <summary>Waits until all children have ended, and tells those that have when the time is over.</summary>
    /// <param name="deadline">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait, before any end is told.</param>
    public static List<ChildRecord> WaitAll(Deadline deadline, CancellationToken cancellationToken)
    {
        // One after the other is as good as together, since all are wanted; more may be started meanwhile.
        while (ChildTable.Find(ChildSelector.Any).Find(child => PollUnlessLost(child, mustBeKnown: false) is null) is { } running)
        {
            if (WaitUnlessLost(running, deadline, cancellationToken) is null && deadline.IsOver)
            {
                break;
            }
        }

        return ChildTable.Find(ChildSelector.Any).FindAll(child => child.End is not null && ChildTable.Claim(child));
    }

    private static (int Pid, ChildEnd End)? Look(List<ChildRecord> children, ChildRecord? foreign, WaitOptions options)
    {
        foreach (ChildRecord child in children)
        {
            if (PollUnlessLost(child, mustBeKnown: foreign is not null) is { } end)
            {
                if (foreign is not null || ChildTable.Claim(child))
                {
                    return (child.Pid, end);
                }
            }
            else if ((options & Changes) is not WaitOptions.None && child.FindChange(options & Changes) is { } change)
            {
                return (child.Pid, change);
            }
        }

        return null;
    }

    // One that somebody else has reaped is no child any more, which the table knows by now; a named one that is none has to be told of.
    private static ChildEnd? PollUnlessLost(ChildRecord child, bool mustBeKnown)
    {
        try
        {
            ChildEnd? end = child.Poll();
            return child.IsReapedElsewhere ? throw new OsException(Errno.ECHILD, "waitid", $"{child.Pid}") : end;
        }
        catch (OsException error) when (!mustBeKnown && error.Errno is Errno.ECHILD)
        {
            return null;
        }
    }

    private static ChildEnd? WaitUnlessLost(ChildRecord child, Deadline deadline, CancellationToken cancellationToken)
    {
        try
        {
            return child.Wait(deadline, cancellationToken);
        }
        catch (OsException error) when (error.Errno is Errno.ECHILD)
        {
            return null;
        }
    }

    private static void Block(
        List<ChildRecord> children, WaitOptions options, Deadline deadline, SafeFileHandle changes, in CancellationEvent cancellation)
    {
        HeldDescriptor[] held = [.. children.Select(child => child.HoldDescriptor())];
        try
        {
            List<PollEntry> entries = [.. held.Select(descriptor => descriptor.Entry)];
            bool mustLook = (options & Changes) is not WaitOptions.None || entries.Exists(entry => entry.Descriptor < 0);
            entries.Add(cancellation.Entry);
            entries.Add(new() { Descriptor = (int)changes.DangerousGetHandle(), Events = Libc.POLLIN });
            Libc.Poll(CollectionsMarshal.AsSpan(entries), mustLook ? deadline.MillisecondsAtMost(LookInterval) : deadline.Milliseconds);
            if (entries[^1].Returned != 0)
            {
                Libc.Lower(changes);
            }
        }
        finally
        {
            foreach (HeldDescriptor descriptor in held)
            {
                descriptor.Dispose();
            }
        }
    }
}
