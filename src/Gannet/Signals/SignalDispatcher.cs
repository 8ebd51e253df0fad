using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// Runs the handlers, one at a time in the order of arrival: on a thread of its own, or on the thread that pumps.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe class SignalDispatcher
{
    private const int SweepAttempts = 500;
    private const int CleanSweeps = 2;
    private const int PausesOfASpin = 4;

    // How soon to look again whether the thread that pumps has made room.
    private const long NanosecondsUntilRoom = 1_000_000;

    private static readonly TimeSpan s_longestSleep = TimeSpan.FromDays(1);

    /// <summary>Held while a delivery is taken from the record and its handler runs.</summary>
    private static Lock s_turn = new();

    /// <summary>Deliveries that came during a hold.</summary>
    private static readonly Queue<Delivery> s_held = new();

    /// <summary>Changes whenever the last pump ends; the dispatcher's thread sleeps on it meanwhile.</summary>
    private static readonly uint* s_pumpEnds = (uint*)NativeMemory.AllocZeroed(sizeof(uint));

    private static readonly int s_spins = Environment.ProcessorCount > 1 ? 50 : 0;

    private static int s_started;
    private static volatile int s_thread;
    private static int s_pumps;
    private static int s_holds;
    private static long s_toldLost;

    [ThreadStatic]
    private static bool t_isHandling;

    [ThreadStatic]
    private static int t_pumps;

    [ThreadStatic]
    private static HoldCount? t_holds;

    /// <summary>Starts the thread, once.</summary>
    public static void Start()
    {
        if (Interlocked.Exchange(ref s_started, 1) == 0)
        {
            try
            {
                new Thread(Dispatch) { IsBackground = true, Name = "Gannet signals" }.UnsafeStart();
            }
            catch
            {
                // Too many threads, or too little memory: another time there may be enough.
                Volatile.Write(ref s_started, 0);
                throw;
            }
        }
    }

    /// <summary>
    /// Has all other threads block a real-time signal. The kernel hands queued signals to any thread that takes them, and two threads
    /// at once would record them in either order; on one thread they come in theirs. New threads inherit the mask of those that start them.
    /// </summary>
    public static void ReceiveAlone(Signal signal)
    {
        SpinWait.SpinUntil(static () => s_thread != 0);
        if (s_thread == Libc.GetTid())
        {
            // Set by a handler, which may start threads before it returns.
            Libc.ChangeMask(SignalMask.BitOf(signal), block: true);
        }

        int clean = 0;
        for (int i = 0; i < SweepAttempts && clean < CleanSweeps; i++)
        {
            clean = BlockInOthers(signal) ? clean + 1 : 0;
            Thread.Sleep(1);
        }

        // The dispatcher may sleep with the signal blocked, inherited from the thread that started it.
        SignalRecord.Wake();
        Shim.SignalWake(s_pumpEnds);
    }

    /// <summary>Runs the handlers on this thread.</summary>
    /// <param name="timeout">For how long, at most.</param>
    /// <param name="isDone">Asked after each delivery, and before the first wait; null: never done.</param>
    /// <param name="unblocked">Signals that come although this thread may have them blocked.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>How many deliveries were handled.</returns>
    public static int Pump(TimeSpan timeout, Func<int, bool>? isDone, SignalMask unblocked, CancellationToken cancellation)
    {
        if (t_isHandling)
        {
            throw new InvalidOperationException(
                "A signal handler can't wait for signals: handlers run one at a time, and the next begins when it returns.");
        }

        Deadline deadline = Deadline.After(timeout);
        SignalActions.Start();
        using CancellationTokenRegistration wake = cancellation.UnsafeRegister(static _ => SignalRecord.Wake(), null);
        Interlocked.Increment(ref s_pumps);
        t_pumps++;
        try
        {
            return Pump(deadline, isDone, unblocked.Bits & ~SignalActions.Ordered, cancellation);
        }
        finally
        {
            t_pumps--;
            if (Interlocked.Decrement(ref s_pumps) == 0)
            {
                // The dispatcher may also sleep on the record, if this pump began while it was about to take what it left to us.
                SignalRecord.Wake();
                Shim.SignalWake(s_pumpEnds);
            }
        }
    }

    /// <summary>Gives a forked child a dispatcher of its own. What was sent to the parent is the parent's. Of the threads that pumped, ran
    /// a handler or held the handlers only the calling one is left.</summary>
    public static void StartAgainInChild()
    {
        if (!s_turn.IsHeldByCurrentThread)
        {
            s_turn = new();
        }

        s_held.Clear();
        SignalRecord.PassOverParents();
        s_pumps = t_pumps;
        s_holds = t_holds?.MoveToChild() ?? 0;
        bool isDispatcher = s_thread != 0 && t_isHandling && t_pumps == 0;
        if (isDispatcher)
        {
            s_thread = Libc.GetTid();
        }
        else if (s_started != 0)
        {
            s_thread = 0;
            s_started = 0;
            Start();
        }
    }

    /// <summary>From its return on handlers wait, and none runs but the one that calls this.</summary>
    /// <returns>The count of this thread's, for <see cref="EndHold"/>.</returns>
    public static HoldCount Hold()
    {
        SignalActions.Start();
        if (t_holds is not { IsOfThisProcess: true } own)
        {
            t_holds = own = new();
        }

        lock (s_turn)
        {
            own.Add(1);
            Interlocked.Increment(ref s_holds);
        }

        return own;
    }

    /// <summary>The end of a <see cref="Hold"/>, on any thread. In a forked child that of a dead thread has ended already.</summary>
    public static void EndHold(HoldCount holder)
    {
        if (holder.IsOfThisProcess)
        {
            holder.Add(-1);
            if (Interlocked.Decrement(ref s_holds) == 0)
            {
                SignalRecord.Wake();
            }
        }
    }

    private static int Pump(Deadline deadline, Func<int, bool>? isDone, ulong unblocked, CancellationToken cancellation)
    {
        int handled = 0;
        ulong goal = SignalRecord.Next;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            uint seen = SignalRecord.Arrivals;
            bool ran = TryHandleNext(deadline.Milliseconds, propagate: true);
            handled += ran ? 1 : 0;
            // What was there from the beginning is handled, even if the time is up.
            bool mayStop = !ran || SignalRecord.Taken >= goal;
            if (isDone?.Invoke(handled) is true || (mayStop && deadline.IsOver))
            {
                return handled;
            }

            if (!ran)
            {
                TellLost();
                SignalRecord.Sleep(seen, NanosecondsTo(deadline), unblocked);
            }
        }
    }

    // Never without an end: the kernel begins such a sleep anew behind a handler of the runtime's (SA_RESTART), and a signal that is sent to
    // call this thread, as the prompt does at Ctrl-C, would not reach it. A sleep that ends early is begun again.
    private static long NanosecondsTo(Deadline deadline)
    {
        TimeSpan left = deadline.Left;
        return (left == Timeout.InfiniteTimeSpan || left > s_longestSleep ? s_longestSleep : left).Ticks * TimeSpan.NanosecondsPerTick;
    }

    private static void Dispatch()
    {
        s_thread = Libc.GetTid();
        ulong blocked = 0;
        bool isBusy = false;
        while (true)
        {
            // Before all that is looked at: a change after this ends the sleep.
            uint ends = Volatile.Read(ref *s_pumpEnds);
            uint seen = SignalRecord.Arrivals;
            // While handlers run, and for the threads that they start, the ordered signals are blocked here too.
            if (blocked != SignalActions.Ordered)
            {
                blocked = SignalActions.Ordered;
                Libc.ChangeMask(blocked, block: true);
            }

            if (Volatile.Read(ref s_pumps) > 0)
            {
                bool mayCome = !SignalRecord.IsHalfFull;
                Shim.SignalSleep(s_pumpEnds, ends, mayCome ? -1 : NanosecondsUntilRoom, mayCome ? blocked : 0);
            }
            else if (TryHandleNext(Timeout.Infinite, propagate: false))
            {
                isBusy = true;
            }
            else if (isBusy)
            {
                isBusy = SpinForArrival(seen);
            }
            else
            {
                TellLost();
                SignalRecord.Sleep(seen, -1, blocked);
            }
        }
    }

    // One signal seldom comes alone, and to sleep and be woken costs more than to look again for a few microseconds.
    private static bool SpinForArrival(uint seen)
    {
        for (int i = 0; i < s_spins && SignalRecord.Arrivals == seen; i++)
        {
            Thread.SpinWait(PausesOfASpin);
        }

        return SignalRecord.Arrivals != seen;
    }

    private static bool TryHandleNext(int patience, bool propagate)
    {
        if (!s_turn.TryEnter(patience))
        {
            return false;
        }

        try
        {
            // A pump that has begun meanwhile, and a pause above all, must not miss a delivery that comes after its beginning.
            bool isForPump = !propagate && Volatile.Read(ref s_pumps) > 0;
            if (isForPump || !TryTakeNext(out Delivery delivery))
            {
                return false;
            }

            if (SignalActions.FindFunction(delivery.Info.Signal, delivery.Place) is { } function)
            {
                Handle(function, delivery.Info, propagate);
            }
            else if (!delivery.WasWaitedFor)
            {
                SignalActions.SendAgain(delivery.Info.Signal);
            }

            return true;
        }
        finally
        {
            s_turn.Exit();
        }
    }

    // Those who wait for a signal are told although the handlers are held.
    private static bool TryTakeNext(out Delivery delivery)
    {
        while (true)
        {
            bool held = Volatile.Read(ref s_holds) > 0;
            if (!held && s_held.TryDequeue(out delivery))
            {
                return true;
            }

            if (!SignalRecord.TryTake(out ulong place, out SignalInfo info))
            {
                delivery = default;
                return false;
            }

            delivery = new Delivery(place, info, SignalSubscription.OfferToAll(info));
            if (!held)
            {
                return true;
            }

            s_held.Enqueue(delivery);
        }
    }

    private static void Handle(Action<Signal, SignalInfo> function, in SignalInfo info, bool propagate)
    {
        t_isHandling = true;
        try
        {
            function(info.Signal, info);
        }
        catch (Exception error) when (!propagate)
        {
            SignalErrors.Report(info, error);
        }
        finally
        {
            t_isHandling = false;
        }
    }

    private static void TellLost()
    {
        long told = Volatile.Read(ref s_toldLost);
        long lost = SignalRecord.Lost;
        if (lost > told && Interlocked.CompareExchange(ref s_toldLost, lost, told) == told)
        {
            string count = (lost - told).ToString(CultureInfo.InvariantCulture);
            Sys.Tell($"Gannet: {count} deliveries of signals were lost, because the record of those not yet handled was full.\n");
        }
    }

    // Whether there was nothing left to do.
    private static bool BlockInOthers(Signal signal)
    {
        bool clean = true;
        foreach (string directory in Directory.EnumerateDirectories("/proc/self/task"))
        {
            int thread = int.Parse(Path.GetFileName(directory), CultureInfo.InvariantCulture);
            if (thread != s_thread && ReadMask(directory) is { } mask && (mask & SignalMask.BitOf(signal)) == 0)
            {
                _ = Shim.SignalBlockIn(thread, (int)signal);
                clean = false;
            }
        }

        return clean;
    }

    private static ulong? ReadMask(string directory)
    {
        const string key = "SigBlk:";
        try
        {
            string line = File.ReadLines($"{directory}/status").First(line => line.StartsWith(key, StringComparison.Ordinal));
            return ulong.Parse(line.AsSpan(key.Length).Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            // The thread has ended meanwhile.
            return null;
        }
    }

    /// <summary>A delivery on its way to the handler.</summary>
    /// <param name="Place">Its place in the row of all deliveries.</param>
    /// <param name="Info">What the kernel said about it.</param>
    /// <param name="WasWaitedFor">Whether somebody besides the handler has been told.</param>
    private readonly record struct Delivery(ulong Place, SignalInfo Info, bool WasWaitedFor);
}
