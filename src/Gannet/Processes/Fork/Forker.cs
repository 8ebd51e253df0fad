using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Gannet.Interop;
using Gannet.Threading;

namespace Gannet;

/// <summary>Forks the process: decides when to try, and for how long; the fork library tries.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class Forker
{
    // Its fields and its threads are known: see ForkRefusals and native/fork/inspect.c.
    private const int KnownRuntime = 10;
    private const int MostRuntimeChildren = 4096;
    private const int OutputBusy = -1;
    private const int Stderr = 2;

    private static readonly TimeSpan s_shortestNap = TimeSpan.FromMilliseconds(0.2);
    private static readonly TimeSpan s_longestNap = TimeSpan.FromMilliseconds(5);

    // The runtime itself writes a trace of the whole program then, without a thread by which that could be seen.
    private static readonly bool s_isTraced = IsSet("DOTNET_EnableEventPipe") || IsSet("COMPlus_EnableEventPipe");

    private static Lock s_turn = new();
    private static bool s_areRoomsPrepared;
    private static object? s_output;
    private static object? s_error;
    private static readonly Lazy<string?> s_impossibility = new(FindImpossibility);

    /// <summary>Why this process can never be forked, or null.</summary>
    public static string? Impossibility => s_impossibility.Value;

    /// <summary>Forks.</summary>
    /// <param name="options">How.</param>
    /// <param name="refusal">Why not, or null.</param>
    /// <param name="runsFunction">Whether the child is to run a function and nothing of the parent's: the standard streams are flushed before every
    /// attempt, and in the child the exit hooks are forgotten.</param>
    /// <returns>The child's number; 0 in the child; -1 when it was refused.</returns>
    public static int Fork(ForkOptions options, out OsException? refusal, bool runsFunction = false)
    {
        if (Impossibility is { } reason)
        {
            throw new PlatformNotSupportedException(reason);
        }

        _ = MayHaveRuntimeChildren();
        Deadline deadline = Deadline.After(options.Patience);
        AtFork.Hooks[] hooks = AtFork.Program;
        AtFork.Call(Enumerable.Reverse(hooks).Select(hook => hook.Before));
        int pid = -1;
        try
        {
            pid = ForkInTurn(options, runsFunction, deadline, out refusal);
        }
        finally
        {
            // Also when the thread is interrupted (Thread.Interrupt) while it waits for the next attempt.
            AtFork.Call(hooks.Select(hook => pid == 0 ? hook.InChild : hook.InParent));
        }

        return pid;
    }

    private static int ForkInTurn(ForkOptions options, bool runsFunction, Deadline deadline, out OsException? refusal)
    {
        Lock turn;
        do
        {
            // The child gets another: who waits for this one is dead there, but for threads of the pool, which look again.
            turn = s_turn;
            if (!turn.TryEnter(deadline.Milliseconds))
            {
                refusal = ForkRefusals.OfTurn();
                return -1;
            }
        }
        while (turn != s_turn && Leave(turn));

        try
        {
            PrepareRooms();
            (s_output, s_error) = (Console.Out, Console.Error);
            return ForkPatiently(options, runsFunction, deadline, out refusal);
        }
        finally
        {
            turn.Exit();
        }
    }

    private static bool Leave(Lock turn)
    {
        turn.Exit();
        return true;
    }

    // Those that any program has; the others come when they are first used.
    private static void PrepareRooms()
    {
        if (!s_areRoomsPrepared)
        {
            s_areRoomsPrepared = true;
            // It becomes a room with its first use, which must not be the entry of the child.
            _ = ChildTable.Holds(Environment.ProcessId);
            AtFork.RegisterRoom(LiveEnvironment.LeaveOthersBehind);
            AtFork.RegisterRoom(AtExit.LeaveOthersBehind);
            AtFork.RegisterRoom(Threads.LeaveOthersBehind);
        }
    }

    private static int ForkPatiently(ForkOptions options, bool runsFunction, Deadline deadline, out OsException? refusal)
    {
        for (TimeSpan nap = s_shortestNap; ; nap = nap < s_longestNap ? nap * 2 : s_longestNap)
        {
            if (Debugger.IsAttached || s_isTraced)
            {
                refusal = s_isTraced ? ForkRefusals.OfTracing() : ForkRefusals.OfDebugger();
                return -1;
            }

            if (runsFunction)
            {
                // Between two attempts other threads may have written.
                Sys.FlushOutput();
            }

            // Before the rooms are entered: it may fail.
            int[] children = MayHaveRuntimeChildren() ? new int[MostRuntimeChildren] : [];
            if (EnterRooms(deadline) is not { } rooms)
            {
                refusal = ForkRefusals.OfRoom();
                return -1;
            }

            long start = Stopwatch.GetTimestamp();
            NativeForkAttempt attempt = TryOnce(options, runsFunction, children, rooms);
            if (attempt.Obstacle is ForkObstacle.None)
            {
                refusal = null;
                return attempt.Pid;
            }

            refusal = attempt.Obstacle is ForkObstacle.NoThreadMap ? throw ForkRefusals.OfRuntime() : ForkRefusals.ToException(attempt);
            if (refusal is not ForkException || deadline.IsOver)
            {
                return -1;
            }

            // The others, which had to stand still for an attempt, shall go on for as long at least.
            TimeSpan attempted = Stopwatch.GetElapsedTime(start);
            Thread.Sleep(attempted > nap ? attempted : nap);
        }
    }

    private static NativeForkAttempt TryOnce(ForkOptions options, bool runsFunction, int[] children, AtFork.Room[] rooms)
    {
        fixed (int* place = children, forks = &ForkCount.Place)
        {
            NativeForkAttempt attempt = new()
            {
                LookAround = &LookAround,
                Children = place,
                ChildrenRoom = children.Length,
                AllowsPoolWork = options.AllowPoolWork ? 1 : 0,
                Forks = forks,
            };
            ForkLibrary.Try(&attempt);
            if (attempt is { Obstacle: ForkObstacle.None, Pid: 0 })
            {
                BecomeTheChildOrEnd(options, runsFunction, children.AsSpan(0, attempt.ChildCount));
            }
            else
            {
                BeTheParent(attempt, rooms);
            }

            return attempt;
        }
    }

    // All, or none when one is not left in time.
    private static AtFork.Room[]? EnterRooms(Deadline deadline)
    {
        AtFork.Room[] rooms = AtFork.Rooms;
        bool areEntered = false;
        try
        {
            areEntered = rooms.All(room => room.Lock is null || room.Lock.TryHoldOverFork(deadline));
            return areEntered ? rooms : null;
        }
        finally
        {
            // Also when the thread is interrupted (Thread.Interrupt) on the way.
            if (!areEntered)
            {
                LeaveRooms(rooms);
            }
        }
    }

    private static void LeaveRooms(AtFork.Room[] rooms)
    {
        foreach (AtFork.Room room in rooms)
        {
            room.Lock?.EndHold();
        }
    }

    private static void BeTheParent(in NativeForkAttempt attempt, AtFork.Room[] rooms)
    {
        try
        {
            if (attempt.Obstacle is ForkObstacle.None)
            {
                ChildTable.Enter(ChildRecord.OfForked(attempt.Pid));
            }
        }
        finally
        {
            LeaveRooms(rooms);
        }
    }

    // To the caller an exception means that there is no child: what it does then must not be done by a second process.
    private static void BecomeTheChildOrEnd(ForkOptions options, bool runsFunction, ReadOnlySpan<int> parentsChildren)
    {
        try
        {
            BecomeTheChild(options, runsFunction, parentsChildren);
        }
        catch (Exception error)
        {
            try
            {
                Libc.WriteAll(Stderr, OsText.Encode($"fork: the child can't go on: {error.GetType()}: {error.Message}\n"));
            }
            finally
            {
                Libc.ExitNow(1);
            }
        }
    }

    private static void BecomeTheChild(ForkOptions options, bool runsFunction, ReadOnlySpan<int> parentsChildren)
    {
#if NET10_0_OR_GREATER
        s_turn = new();
        RuntimeIdentity.ForgetProcessId();
        foreach (int pid in parentsChildren)
        {
            RuntimeChildren.Forget(pid);
        }
#endif
        // Also those that have come since the others were entered.
        foreach (AtFork.Room room in AtFork.Rooms)
        {
            room.InChild();
        }

        if (runsFunction)
        {
            // Before the program's hooks, which may register some for the child.
            AtExit.Forget();
        }

        foreach (SafeHandle handle in options.CloseInChild)
        {
            handle.Dispose();
        }
    }

    private static bool MayHaveRuntimeChildren()
    {
#if NET10_0_OR_GREATER
        return RuntimeChildren.MayExist
            && (RuntimeChildren.CanForget ? true : throw new PlatformNotSupportedException("The children of Process are kept account of in an unknown way."));
#else
        return false;
#endif
    }

    // Asked while all other threads stand still: it must allocate nothing and take no lock, and has been compiled before.
    [UnmanagedCallersOnly]
    private static int LookAround()
    {
        SignalRecord.MarkFork();
        return IsOutputBusy() ? OutputBusy : FindPoolWork();
    }

    // A thread that waits in the middle of its output holds the console's lock, which nobody would give back in the child.
    private static bool IsOutputBusy() => IsHeldByAnother(s_output) || IsHeldByAnother(s_error);

    private static bool IsHeldByAnother(object? writer)
    {
        if (writer is null)
        {
            return false;
        }

        if (!Monitor.TryEnter(writer))
        {
            return true;
        }

        Monitor.Exit(writer);
        return false;
    }

    private static bool IsSet(string variable) => Os.GetEnv(variable) is { Length: > 0 } value && value.AsSpan().Trim('0').Length > 0;

    private static int FindPoolWork()
    {
        ThreadPool.GetMaxThreads(out int most, out _);
        ThreadPool.GetAvailableThreads(out int free, out _);
        return Math.Max(0, most - free - (Thread.CurrentThread.IsThreadPoolThread ? 1 : 0));
    }

    // While all other threads stand still nothing must be compiled, nor the way from native code be made.
    private static void CompileLooks()
    {
        (s_output, s_error) = (new object(), new object());
        delegate* unmanaged<int> look = &LookAround;
        _ = look();
    }

    private static string? FindImpossibility()
    {
        CompileLooks();
#if NET10_0_OR_GREATER
        return Environment.Version.Major != KnownRuntime || !RuntimeIdentity.CanForgetProcessId()
            ? $"A process can be forked under .NET {KnownRuntime}; under {RuntimeInformation.FrameworkDescription} that has not been tried."
            : ForkRefusals.Describe(ForkLibrary.Prepare());
#else
        return $"A process can be forked under .NET {KnownRuntime}.";
#endif
    }
}
