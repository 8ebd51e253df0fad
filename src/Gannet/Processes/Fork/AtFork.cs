using Gannet.Interop;

namespace Gannet;

/// <summary>
/// Python's <c>os.register_at_fork</c>: what to do before a fork, and after it in either process.
/// </summary>
/// <remarks>
/// Hooks run on the thread that forks. Those for before run in the reverse order of their registration, those for after in its order. An
/// error in one is reported on <see cref="Sys.Stderr"/>, and the others still run. When the process can't be forked after all, the hooks
/// for the parent run, as after a fork. Gannet's own parts are taken care of between: a hook may use all of them, before and after.
/// </remarks>
public static class AtFork
{
    // Changed without a lock, which a fork on another thread might find taken.
    private static Hooks[] s_hooks = [];
    private static Room[] s_rooms = [];

    /// <summary><c>os.register_at_fork</c>: has hooks called at every fork from now on. Python has no way back; here the result
    /// is one.</summary>
    /// <param name="before">Before the process is forked, or null.</param>
    /// <param name="inParent">Afterwards in the parent, or null.</param>
    /// <param name="inChild">Afterwards in the child, or null.</param>
    /// <returns>Dispose it to forget the hooks.</returns>
    /// <exception cref="ArgumentException">All three are null.</exception>
    public static IDisposable Register(Action? before = null, Action? inParent = null, Action? inChild = null)
    {
        if (before is null && inParent is null && inChild is null)
        {
            throw new ArgumentException("There is nothing to call.", nameof(before));
        }

        Hooks hooks = new(before, inParent, inChild);
        Change(ref s_hooks, all => [.. all, hooks]);

        return new Registration(hooks);
    }

    /// <summary>
    /// The lock of a room of this library. It is held across every attempt to fork, so that what it guards is whole in the child. No other
    /// room's may be taken under it.
    /// </summary>
    /// <param name="repair">In the child: puts in order what the parent has left; called under the lock. Threads of the pool and timers
    /// may have come before. Null: nothing is to be done.</param>
    internal static LivingLock NewRoomLock(Action? repair = null)
    {
        LivingLock room = new();
        Change(ref s_rooms, all => [.. all, new(room, InChild)]);
        return room;

        void InChild()
        {
            using (room.Enter())
            {
                repair?.Invoke();
            }

            room.EndHold();
        }
    }

    /// <summary>The hook of a room of this library that has no lock: <paramref name="inChild"/> puts its state in order.</summary>
    internal static void RegisterRoom(Action inChild) => Change(ref s_rooms, all => [.. all, new(null, inChild)]);

    internal static Hooks[] Program => Volatile.Read(ref s_hooks);

    internal static Room[] Rooms => Volatile.Read(ref s_rooms);

    /// <summary>Calls the hooks of the program, in their order.</summary>
    internal static void Call(IEnumerable<Action?> hooks)
    {
        foreach (Action? hook in hooks)
        {
            try
            {
                hook?.Invoke();
            }
            catch (Exception error)
            {
                Sys.Tell($"Exception ignored in fork hook: {Sys.Describe(error)}\n");
            }
        }
    }

    private static void Change<T>(ref T[] all, Func<T[], T[]> change)
    {
        T[] before;
        do
        {
            before = Volatile.Read(ref all);
        }
        while (Interlocked.CompareExchange(ref all, change(before), before) != before);
    }

    /// <summary>What a program registers.</summary>
    internal sealed record Hooks(Action? Before, Action? InParent, Action? InChild);

    /// <summary>A part of this library: what it guards its state by, if anything, and what puts that in order in the child.</summary>
    internal sealed record Room(LivingLock? Lock, Action InChild);

    private sealed class Registration(Hooks hooks) : IDisposable
    {
        public void Dispose()
        {
            // By identity: equal hooks may be registered twice.
            Change(ref s_hooks, all => [.. all.Where(other => !ReferenceEquals(other, hooks))]);
        }
    }
}
