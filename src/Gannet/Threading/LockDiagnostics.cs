using System.Runtime.CompilerServices;
using System.Text;
using Gannet.Interop;

namespace Gannet.Threading;

/// <summary>
/// A finder of deadlocks, to be switched on while a program is tried out: an acquisition of a <see cref="PrimitiveLock"/> or
/// <see cref="ReentrantLock"/> that would wait for ever throws <see cref="DeadlockException"/> instead, and <see cref="Dump"/> shows who
/// holds and who waits. Python has nothing like it.
/// </summary>
/// <remarks>
/// <para>
/// While it is on, each acquisition takes part in one global table, which costs far more than the lock itself. Only locks that were acquired
/// while it was on are known. A wait with a time or a token will end by itself and is no part of a deadlock. A primitive lock counts as
/// held by the thread that acquired it, although another one may release it: a program that uses locks as signals should use an
/// <see cref="EventFlag"/> or a semaphore there. What tasks hold is held by no thread.
/// </para>
/// <para>
/// The wait of a <see cref="ConditionVariable"/> takes its lock again at the end. If that would never end, it throws
/// <see cref="DeadlockException"/> too, and then, alone of all its ways to end, returns without the lock.
/// </para>
/// </remarks>
public static class LockDiagnostics
{
    private static readonly LivingLock s_guard = new();
    private static readonly Dictionary<Lockable, int> s_holders = [];
    private static readonly Dictionary<int, (Lockable Lock, bool IsEndless)> s_waits = [];
    private static readonly Dictionary<int, string> s_names = [];
    private static readonly HashSet<int> s_poolThreads = [];
    private static readonly HashSet<int> s_leftBehind = [];
    private static bool s_isOn;

    /// <summary>Whether it is on; false at first. Switching it off forgets everything.</summary>
    public static bool Enabled
    {
        get => IsOn;
        set
        {
            using (s_guard.Enter())
            {
                Volatile.Write(ref s_isOn, value);
                if (!value)
                {
                    s_holders.Clear();
                    s_waits.Clear();
                    s_names.Clear();
                    s_poolThreads.Clear();
                    s_leftBehind.Clear();
                }
            }
        }
    }

    /// <summary>Whether it is on.</summary>
    internal static bool IsOn => Volatile.Read(ref s_isOn);

    /// <summary>The waits of this moment.</summary>
    public static IReadOnlyList<LockWait> GetWaits()
    {
        using (s_guard.Enter())
        {
            return [.. s_waits.Select(wait => Describe(wait.Key))];
        }
    }

    /// <summary>Who holds and who waits at this moment, one line for each.</summary>
    public static string Dump()
    {
        StringBuilder text = new();
        using (s_guard.Enter())
        {
            foreach ((Lockable held, int thread) in s_holders)
            {
                text.Append(NameOf(thread)).Append(" holds ").Append(held.Label).Append('\n');
            }

            foreach (int thread in s_waits.Keys)
            {
                text.Append(Describe(thread)).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>The calling thread has acquired a lock.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Take(Lockable taken)
    {
        using (s_guard.Enter())
        {
            if (s_isOn)
            {
                s_holders[taken] = RememberCaller();
            }
        }
    }

    /// <summary>In a forked child: of the program's threads only the calling one is there, and those of the pool. What the others wait for
    /// nobody does any more; what they hold they hold for ever.</summary>
    internal static void LeaveOthersBehind()
    {
        using (s_guard.Enter())
        {
            HashSet<int> dead = [.. s_holders.Values, .. s_waits.Keys];
            dead.ExceptWith(s_poolThreads);
            dead.Remove(Environment.CurrentManagedThreadId);
            foreach (int thread in dead)
            {
                s_waits.Remove(thread);
                s_names[thread] = $"{NameOf(thread)} (not in this process)";
            }

            s_leftBehind.UnionWith(dead);
        }
    }

    /// <summary>A lock is about to be released, or is not held by a thread.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static void Give(Lockable given)
    {
        if (IsOn)
        {
            using (s_guard.Enter())
            {
                s_holders.Remove(given);
            }
        }
    }

    /// <summary>Waits for a lock, unless that would never end.</summary>
    internal static bool Wait(Lockable wanted, PermitQueue queue, Deadline deadline, CancellationToken token)
    {
        int thread = Environment.CurrentManagedThreadId;
        bool isEndless = deadline.Left == Timeout.InfiniteTimeSpan && !token.CanBeCanceled;
        using (s_guard.Enter())
        {
            RememberCaller();
            s_waits[thread] = (wanted, isEndless);
            if (isEndless && FindCycle(thread) is { } cycle)
            {
                s_waits.Remove(thread);
                throw new DeadlockException(cycle);
            }
        }

        bool taken = false;
        try
        {
            taken = queue.Wait(deadline, token);
            return taken;
        }
        finally
        {
            using (s_guard.Enter())
            {
                s_waits.Remove(thread);
                if (taken && s_isOn)
                {
                    s_holders[wanted] = thread;
                }
            }
        }
    }

    private static List<LockWait>? FindCycle(int first)
    {
        List<LockWait> path = [];
        int thread = first;
        while (s_waits.TryGetValue(thread, out (Lockable Lock, bool IsEndless) wait)
            && wait.IsEndless && wait.Lock.IsLocked && s_holders.TryGetValue(wait.Lock, out int holder))
        {
            path.Add(Describe(thread));
            if (holder == first || s_leftBehind.Contains(holder))
            {
                return path;
            }

            // A circle that the caller is no part of was told to one of its own.
            if (path.Count > s_waits.Count)
            {
                return null;
            }

            thread = holder;
        }

        return null;
    }

    private static LockWait Describe(int thread)
    {
        Lockable wanted = s_waits[thread].Lock;
        return new(NameOf(thread), wanted.Label, s_holders.TryGetValue(wanted, out int holder) ? NameOf(holder) : null);
    }

    private static int RememberCaller()
    {
        int thread = Environment.CurrentManagedThreadId;
        s_names[thread] = Threads.Current.Name;
        if (Thread.CurrentThread.IsThreadPoolThread)
        {
            s_poolThreads.Add(thread);
        }

        return thread;
    }

    private static string NameOf(int thread) => s_names.TryGetValue(thread, out string? name) ? name : $"thread {thread}";
}
