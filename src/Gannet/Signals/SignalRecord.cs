using Gannet.Interop;

namespace Gannet;

/// <summary>The reading end of the record that the shim's handler fills. One thread at a time reads.</summary>
internal static unsafe class SignalRecord
{
    private const int StepsOfARound = 2;

    private static NativeSignalRing* s_ring;
    private static ulong s_forkedAt;

    /// <summary>How many deliveries found the record full.</summary>
    public static long Lost => s_ring is null ? 0 : (long)Volatile.Read(ref s_ring->Lost);

    /// <summary>The place that the next delivery gets.</summary>
    public static ulong Next => Volatile.Read(ref s_ring->Next);

    /// <summary>The place of the next delivery to be read.</summary>
    public static ulong Taken => Volatile.Read(ref s_ring->Taken);

    /// <summary>Whether no more should be let in that can wait in the kernel.</summary>
    public static bool IsHalfFull => Next - Taken > s_ring->Capacity / 2;

    /// <summary>Goes up with every delivery; what <see cref="Sleep"/> waits for.</summary>
    public static uint Arrivals => Volatile.Read(ref s_ring->Arrivals);

    /// <summary>Maps the record.</summary>
    public static void Start()
    {
        NativeSignalRing* ring;
        if (Shim.SignalStart(&ring) is not 0 and int error)
        {
            throw new OsException((Errno)error, "mmap");
        }

        s_ring = ring;
    }

    /// <summary>Whether something that has come out of the runtime was passed on to it by our handler. Of what the runtime got, some may
    /// have come straight from the kernel; which ones does not matter, their number does.</summary>
    public static bool TryAnswer(Signal signal)
    {
        ref ulong answered = ref s_ring->Answered[(int)signal];
        ulong seen = Volatile.Read(ref answered);
        while (seen < Volatile.Read(ref s_ring->PassedOn[(int)signal]))
        {
            ulong before = Interlocked.CompareExchange(ref answered, seen + 1, seen);
            if (before == seen)
            {
                return true;
            }

            seen = before;
        }

        return false;
    }

    /// <summary>Takes the oldest delivery out, if it is complete.</summary>
    /// <param name="place">Its place in the row of all deliveries.</param>
    /// <param name="info">What the kernel said about it.</param>
    public static bool TryTake(out ulong place, out SignalInfo info)
    {
        place = s_ring->Taken;
        NativeSignalRecord* record = s_ring->Records + (place % s_ring->Capacity);
        ulong turn = place / s_ring->Capacity * StepsOfARound;
        if (Volatile.Read(ref record->Turn) != turn + 1)
        {
            info = default;
            return false;
        }

        info = new SignalInfo(in *record);
        Volatile.Write(ref s_ring->Taken, place + 1);
        Volatile.Write(ref record->Turn, turn + StepsOfARound);
        return true;
    }

    /// <summary>Before a fork, while no other thread can be in the handler: what is written down by now is the parent's.</summary>
    public static void MarkFork() => s_forkedAt = s_ring is null ? 0 : Next;

    /// <summary>In a forked child: passes over what was the parent's. Signals of its own may have come already.</summary>
    public static void PassOverParents()
    {
        while (Taken < s_forkedAt && TryTake(out _, out _))
        {
        }
    }

    /// <summary>Waits for a delivery.</summary>
    /// <param name="seen">The <see cref="Arrivals"/> from before the record was found empty.</param>
    /// <param name="nanoseconds">How long; -1 without end.</param>
    /// <param name="unblocked">Signals that are otherwise blocked on this thread.</param>
    public static void Sleep(uint seen, long nanoseconds, ulong unblocked) =>
        Shim.SignalSleep(&s_ring->Arrivals, seen, nanoseconds, unblocked);

    /// <summary>Has everybody who waits look again.</summary>
    public static void Wake() => Shim.SignalWake(&s_ring->Arrivals);
}
