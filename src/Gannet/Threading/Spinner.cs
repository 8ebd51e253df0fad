namespace Gannet.Threading;

/// <summary>
/// Looking again a few times before going to sleep, because what is waited for often comes within a microsecond. No more threads do so at
/// a time than there are processors, and after the first microsecond each look gives way to whoever has work; a machine of one
/// processor never spins.
/// </summary>
internal struct Spinner
{
    private const int NearTurns = 6;
    private const int Turns = 24;
    private const int Pauses = 4;

    // Not one less than there are processors: of two threads that hand things to each other, one begins to look while the other is
    // still at its last look, and would go to sleep each time.
    private static readonly int s_most = Environment.ProcessorCount == 1 ? 0 : Environment.ProcessorCount;
    private static int s_spinning;

    private int _turn;

    /// <summary>Whether to look once more, after a short pause; false when it is time to sleep. After a true answer <see cref="End"/>
    /// must follow at the end.</summary>
    public bool Next()
    {
        if (_turn == 0 && !TryBegin())
        {
            return false;
        }

        if (_turn == Turns)
        {
            return false;
        }

        // First with the processor kept, for what comes from another one; then for whoever shares this one.
        if (_turn++ < NearTurns)
        {
            Thread.SpinWait(Pauses);
        }
        else
        {
            Thread.Yield();
        }

        return true;
    }

    /// <summary>Lets another thread spin.</summary>
    public readonly void End()
    {
        if (_turn > 0)
        {
            Interlocked.Decrement(ref s_spinning);
        }
    }

    private static bool TryBegin()
    {
        if (Volatile.Read(ref s_spinning) >= s_most)
        {
            return false;
        }

        if (Interlocked.Increment(ref s_spinning) <= s_most)
        {
            return true;
        }

        Interlocked.Decrement(ref s_spinning);
        return false;
    }
}
