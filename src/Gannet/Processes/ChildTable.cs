using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>
/// The children that Gannet has started and whose end nobody has been told yet: what <c>wait()</c> means by "any child". The kernel
/// is never asked for any, because some are somebody else's.
/// </summary>
internal static class ChildTable
{
    // Of a program that starts children for ever and never asks, the oldest ends are forgotten.
    private const int MostUntoldEnds = 4096;

    // Under this lock nothing else is locked: a record enters its end while it holds its own.
    private static readonly LivingLock s_lock = AtFork.NewRoomLock(ForgetInChild);
    private static readonly Dictionary<int, ChildRecord> s_running = [];
    private static readonly List<ChildRecord> s_ended = [];
    private static readonly List<SafeFileHandle> s_listeners = [];

    // Children that nobody holds any more and that could not be watched.
    private static readonly List<ChildRecord> s_abandoned = [];

    /// <summary>Enters a child that has just been started.</summary>
    public static void Add(ChildRecord record)
    {
        ReapAbandoned();
        Enter(record);
    }

    /// <summary>Enters a child that has just been forked, before the room's hook lets anybody else look: SIGCHLD may have come already.</summary>
    public static void Enter(ChildRecord record)
    {
        using (s_lock.Enter())
        {
            // An older record with this number has been reaped, and is just about to say so.
            if (s_running.TryGetValue(record.Pid, out ChildRecord? older) && older.End is not null && !older.IsReapedElsewhere)
            {
                Keep(older);
            }

            s_running[record.Pid] = record;
            Tell();
        }
    }

    /// <summary>A child has become one that others may wait for.</summary>
    public static void TellOfChange()
    {
        using (s_lock.Enter())
        {
            Tell();
        }
    }

    /// <summary>A child has been reaped. Its end waits here until somebody is told.</summary>
    /// <param name="record">The child.</param>
    /// <param name="isOurs">Whether it was reaped here; otherwise it is no child any more that a wait could tell of.</param>
    public static void OnEnded(ChildRecord record, bool isOurs)
    {
        using (s_lock.Enter())
        {
            if (RemoveRunning(record) && isOurs)
            {
                Keep(record);
            }

            Tell();
        }
    }

    /// <summary>The caller is about to tell the end of a child.</summary>
    /// <returns>Whether it is the first to; later ones must look for another child.</returns>
    public static bool Claim(ChildRecord record)
    {
        using (s_lock.Enter())
        {
            return RemoveRunning(record) || s_ended.Remove(record);
        }
    }

    /// <summary>The children that a wait may mean, those that have ended first.</summary>
    public static List<ChildRecord> Find(ChildSelector selector)
    {
        using (s_lock.Enter())
        {
            // Who names a child means the one that has the number now; an older one's end is told to who asks for any.
            List<ChildRecord> found = s_ended.FindAll(
                record => selector.Matches(record) && !(selector.NamesChildren && s_running.ContainsKey(record.Pid)));
            found.AddRange(s_running.Values.Where(selector.Matches));
            return found;
        }
    }

    /// <summary>Raises an eventfd at each start and each end from now on.</summary>
    public static void Listen(SafeFileHandle listener)
    {
        using (s_lock.Enter())
        {
            s_listeners.Add(listener);
        }
    }

    /// <summary>Ends <see cref="Listen"/>.</summary>
    public static void StopListening(SafeFileHandle listener)
    {
        using (s_lock.Enter())
        {
            s_listeners.Remove(listener);
        }
    }

    /// <summary>Whether a process is one of Gannet's children.</summary>
    public static bool Holds(int pid)
    {
        using (s_lock.Enter())
        {
            return s_running.ContainsKey(pid);
        }
    }

    /// <summary>A child that is to be reaped whenever it ends, and that could not be watched for that.</summary>
    /// <param name="record">The child.</param>
    /// <param name="reason">Why not; seen by this, and of no further interest.</param>
    public static void AddAbandoned(ChildRecord record, AggregateException? reason)
    {
        if (reason is not { InnerException: OsException { Errno: Errno.ECHILD } })
        {
            using (s_lock.Enter())
            {
                s_abandoned.Add(record);
            }
        }
    }

    // The parent's children are not the child's.
    private static void ForgetInChild()
    {
        foreach (ChildRecord record in s_running.Values.Concat(s_abandoned))
        {
            record.Forget();
        }

        s_running.Clear();
        s_ended.Clear();
        s_abandoned.Clear();
        s_listeners.Clear();
    }

    // As CPython does at each start with the children of objects that it has lost.
    private static void ReapAbandoned()
    {
        ChildRecord[] abandoned;
        using (s_lock.Enter())
        {
            if (s_abandoned.Count == 0)
            {
                return;
            }

            abandoned = [.. s_abandoned];
            s_abandoned.Clear();
        }

        foreach (ChildRecord record in abandoned)
        {
            record.ReapInBackground();
        }
    }

    private static bool RemoveRunning(ChildRecord record) =>
        s_running.TryGetValue(record.Pid, out ChildRecord? found) && ReferenceEquals(found, record) && s_running.Remove(record.Pid);

    private static void Keep(ChildRecord record)
    {
        if (s_ended.Count == MostUntoldEnds)
        {
            s_ended.RemoveAt(0);
        }

        s_ended.Add(record);
    }

    private static void Tell()
    {
        foreach (SafeFileHandle listener in s_listeners)
        {
            Libc.Raise(listener);
        }
    }
}
