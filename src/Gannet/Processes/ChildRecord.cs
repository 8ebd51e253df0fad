using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>
/// One child, from its start to the one call that reaps it. The kernel tells a status once; this keeps it, so that all who wait for
/// the child, in whatever way, learn the same.
/// </summary>
internal sealed class ChildRecord
{
    private const int PollInterval = 10;

    private readonly LivingLock _lock = new();
    private readonly SpawnedChild _child;
    private ChildEnd? _end;
    private volatile bool _isEndKnown;
    private OsException? _loss;
    private Task<ChildEnd>? _ending;

    // Who is left of it when the child has ended gets SIGKILL; 0 for nobody.
    private int _killedGroup;

    private ChildRecord(SpawnedChild child, bool isPrivate)
    {
        _child = child;
        IsPrivate = isPrivate;
    }

    /// <summary>Its number.</summary>
    public int Pid => _child.Pid;

    /// <summary>Whether the call that started it waits for it too, or has not returned yet, so that no other wait for "any child" is to find
    /// it.</summary>
    public bool IsPrivate { get; private set; }

    /// <summary>Whether it was no child of this process any more when its end was looked for.</summary>
    public bool IsReapedElsewhere { get; private set; }

    /// <summary>Its process group, as far as it has been looked at.</summary>
    public int Group { get; private set; }

    /// <summary>Another descriptor for it, the caller's own; null once it has been reaped, and on a kernel before 5.3.</summary>
    /// <exception cref="OsException">No descriptor is free.</exception>
    public SafeFileHandle? DuplicateDescriptor()
    {
        using HeldDescriptor pidFd = HoldDescriptor();
        return pidFd.Handle is { } handle ? Libc.DuplicateAway((int)handle.DangerousGetHandle()) : null;
    }

    /// <summary>Whether there is a descriptor that tells of its end.</summary>
    public bool HasDescriptor => _child.PidFd is not null;

    /// <summary>How it ended, if that is known here; asks nobody, and waits for nobody: the <see cref="ChildTable"/> asks under its lock,
    /// which is taken under this one's elsewhere.</summary>
    public ChildEnd? End => _isEndKnown ? _end : null;

    /// <summary>Starts a program, and enters it in the <see cref="ChildTable"/>.</summary>
    /// <exception cref="ArgumentException">As <see cref="Spawner.Start"/>.</exception>
    /// <exception cref="OsException">As <see cref="Spawner.Start"/>.</exception>
    public static ChildRecord Start(SpawnRequest request, bool isPrivate = false)
    {
        ChildRecord record = new(Spawner.Start(request), isPrivate);
        ChildTable.Add(record);
        return record;
    }

    /// <summary>A child that has just been forked; not entered in the table yet.</summary>
    public static ChildRecord OfForked(int pid) => new(new(pid, Libc.OpenPidFd(pid)), isPrivate: false);

    /// <summary>From now on all may wait for it.</summary>
    public void Publish()
    {
        IsPrivate = false;
        ChildTable.TellOfChange();
    }

    /// <summary>A process that somebody else has started and that is waited for by name; not entered in the table.</summary>
    public static ChildRecord OfForeign(int pid) => new(new(pid, Libc.OpenPidFd(pid)), isPrivate: true);

    /// <summary>Reaps it if it has ended; null while it runs.</summary>
    /// <exception cref="OsException">ECHILD: somebody else has reaped it, and the kernel does not know its status any
    /// more.</exception>
    public ChildEnd? Poll()
    {
        using (_lock.Enter())
        {
            if (_end is null && _loss is null)
            {
                Ask();
            }

            return _loss is null ? _end : throw new OsException(_loss.Errno, _loss.Operation, _loss.Path);
        }
    }

    /// <summary>Whether it has ended, reaped or not; does not reap it.</summary>
    public bool HasEnded()
    {
        using (_lock.Enter())
        {
            return _end is not null || _loss is not null || !ChildWait.IsRunning(_child);
        }
    }

    /// <summary>A stop, or its end, if there is one to report; its end is not touched by this.</summary>
    public ChildEnd? FindChange(WaitOptions changes)
    {
        using (_lock.Enter())
        {
            return _end is null && _loss is null ? ChildWait.FindChange(Pid, changes) : null;
        }
    }

    /// <summary>Waits for its end, and reaps it.</summary>
    /// <returns>How it ended; null when the time is over.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the child goes on.</exception>
    /// <exception cref="OsException">As <see cref="Poll"/>.</exception>
    public ChildEnd? Wait(Deadline deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Poll() is { } known)
        {
            return known;
        }

        using CancellationEvent cancellation = deadline.IsOver ? default : new(cancellationToken);
        for (; ; )
        {
            if (Poll() is { } end)
            {
                return end;
            }

            if (deadline.IsOver)
            {
                return null;
            }

            AwaitSign(deadline, cancellation);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Its end, without a thread that waits for it. The same task for all, but that a wait for which the system had no
    /// descriptor or memory left is begun anew.</summary>
    public Task<ChildEnd> WaitAsync()
    {
        Task<ChildEnd> ending;
        using (_lock.Enter())
        {
            ending = _ending = _ending is null or { IsFaulted: true } ? WatchAsync() : _ending;
        }

        return ending;
    }

    /// <summary>Sends a signal to it, and never to another process that has got its number.</summary>
    /// <returns>Whether it was still there to be signalled.</returns>
    /// <exception cref="OsException">EPERM: it runs as another user by now; EINVAL: no such signal.</exception>
    public bool SendSignal(Signal signal)
    {
        // The number is the child's until it is reaped, which this lock keeps from happening meanwhile.
        using (_lock.Enter())
        {
            return _end is null && _loss is null && Require(Send(signal));
        }
    }

    /// <summary>Sends a signal to the process group that it was started to lead, and to it if it has left that. From now on its end is the
    /// end of the whole group: who is left of it then gets SIGKILL.</summary>
    /// <returns>Whether anybody was there to be signalled.</returns>
    /// <exception cref="OsException">EPERM: all of them run as other users.</exception>
    public bool SendSignalToGroup(Signal signal)
    {
        using (_lock.Enter())
        {
            _killedGroup = Pid;
            if (_end is not null || _loss is not null)
            {
                return false;
            }

            bool hasLeft = Libc.GroupOf(Pid) != Pid;
            Errno group = Libc.SendSignal(-Pid, signal);
            return Require(hasLeft ? Send(signal) : group);
        }
    }

    /// <summary>Sends a signal to a process group that it is in with others, all of whom are meant.</summary>
    /// <returns>Whether it is in the group, whose number is then its own, and anybody was there to be signalled.</returns>
    /// <exception cref="OsException">EPERM: all of them run as other users.</exception>
    public bool SendSignalToGroup(int group, Signal signal)
    {
        using (_lock.Enter())
        {
            return _end is null && _loss is null && Libc.GroupOf(Pid) == group && Require(Libc.SendSignal(-group, signal));
        }
    }

    /// <summary>Has its end be that of a group that it is in: who is left of it then gets SIGKILL.</summary>
    public void EndGroup(int group)
    {
        using (_lock.Enter())
        {
            _killedGroup = group;
        }
    }

    /// <summary>Holds the descriptor that tells of its end open for a poll; dispose the result after it.</summary>
    public HeldDescriptor HoldDescriptor() => new(_child.PidFd);

    /// <summary>Ends a child that is of no use to anybody, as far as that may be done, and has it reaped.</summary>
    public void Abandon()
    {
        ReapInBackground();
        try
        {
            SendSignal(Signal.SIGKILL);
        }
        catch (OsException)
        {
            // It runs as another user by now (EPERM), and has to be left to itself.
        }
    }

    /// <summary>Has it reaped when it ends, whatever its status is.</summary>
    public void ReapInBackground()
    {
        try
        {
            if (Poll() is null)
            {
                // Without a descriptor or a thread left to wait with, it is looked for at later starts.
                _ = WaitAsync().ContinueWith(
                    (task, record) => ChildTable.AddAbandoned((ChildRecord)record!, task.Exception),
                    this,
                    CancellationToken.None,
                    TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default);
            }
        }
        catch (OsException)
        {
            // Somebody else has reaped it.
        }
    }

    /// <summary>After a fork: the child is the parent's, and no wait here can tell its end. Takes no lock: who asks just now finds that the
    /// process is none of its children.</summary>
    public void Forget()
    {
        _ending = null;
        _loss ??= _end is null ? new OsException(Errno.ECHILD, "waitid", $"{Pid}") : null;
        Release();
    }

    /// <summary>Gives up what is held of a child that is somebody else's.</summary>
    public void Release() => _child.PidFd?.Dispose();

    // Sandboxes and filters of system calls know pidfds and refuse this one. The number is the child's until it is reaped.
    private Errno Send(Signal signal)
    {
        Errno error = _child.PidFd is { } pidFd ? Libc.SendSignal(pidFd, signal) : Errno.ENOSYS;
        return error is Errno.ENOSYS or Errno.EPERM ? Libc.SendSignal(Pid, signal) : error;
    }

    private bool Require(Errno error) => error switch
    {
        Errno.None => true,
        Errno.ESRCH => false,
        _ => throw new OsException(error, "kill", $"{Pid}"),
    };

    private void Ask()
    {
        if (_killedGroup != 0 && ChildWait.IsZombie(_child) && (_killedGroup == Pid || Libc.GroupOf(Pid) == _killedGroup))
        {
            // Until it is reaped the number is its group's, and nobody else's.
            _ = Libc.SendSignal(-_killedGroup, Signal.SIGKILL);
        }

        int group = Libc.GroupOf(Pid);
        Group = group < 0 ? Group : group;
        try
        {
            _end = ChildWait.TryReap(_child);
        }
        catch (OsException error)
        {
            IsReapedElsewhere = true;
            // A recent kernel remembers the status for whoever holds a descriptor, though not what was used.
            _end = _child.PidFd is { } pidFd && Libc.FindExitStatus(pidFd) is { } status ? new(new WaitStatus(status), default) : null;
            _loss = _end is null ? error : null;
        }

        _isEndKnown = _end is not null;
        if (_end is not null || _loss is not null)
        {
            // Who waits for the descriptor holds it until he has seen the end here.
            _child.PidFd?.Dispose();
            ChildTable.OnEnded(this, isOurs: !IsReapedElsewhere);
        }
    }

    private void AwaitSign(Deadline deadline, in CancellationEvent cancellation)
    {
        using HeldDescriptor pidFd = HoldDescriptor();
        if (HasDescriptor && !pidFd.IsHeld)
        {
            // Another thread has reaped it since the last look, and closed the descriptor: nothing would end the poll.
            return;
        }

        Span<PollEntry> entries = [pidFd.Entry, cancellation.Entry];
        Libc.Poll(entries, HasDescriptor ? deadline.Milliseconds : deadline.MillisecondsAtMost(PollInterval));
    }

    private async Task<ChildEnd> WatchAsync()
    {
        if (_child.PidFd is not { } pidFd)
        {
            return await PollUntilEndAsync().ConfigureAwait(false);
        }

        try
        {
            using EventWatch watch = new(pidFd);
            for (; ; )
            {
                if (Poll() is { } end)
                {
                    return end;
                }

                await watch.WaitAsync(Libc.POLLIN, Timeout.InfiniteTimeSpan, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (ObjectDisposedException)
        {
            // Another thread has reaped it between the look and the watch.
            return Poll()!.Value;
        }
    }

    // A kernel without pidfds (before Linux 5.3) has nothing to wait for.
    private async Task<ChildEnd> PollUntilEndAsync()
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(PollInterval));
        for (; ; )
        {
            if (Poll() is { } end)
            {
                return end;
            }

            await timer.WaitForNextTickAsync().ConfigureAwait(false);
        }
    }
}
