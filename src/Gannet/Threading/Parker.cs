using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet.Threading;

/// <summary>
/// Puts one thread to sleep and wakes it. A wake-up that comes first is kept, and the next sleep returns at once; a sleep may also
/// return for no reason, so its caller looks again at what it waits for.
/// </summary>
internal abstract class Parker
{
    /// <summary>The cheapest kind that this system has.</summary>
    public static Parker Create() =>
        OperatingSystem.IsLinux() && Libc.FutexNumber is not 0 ? new FutexParker() : new EventParker();

    /// <summary>Sleeps until it is woken or the time is over. Only the thread that it belongs to calls this.</summary>
    public abstract void Park(Deadline deadline);

    /// <summary>Wakes the thread, or lets its next sleep return at once.</summary>
    public abstract void Unpark();

    // A wake-up through the kernel's futex takes about a third of the time that one through an event of .NET takes.
    [SupportedOSPlatform("linux")]
    private sealed unsafe class FutexParker : Parker
    {
        private const int Idle = 0;
        private const int Woken = 1;
        private const int Asleep = -1;
        private const int LineInWords = 32;

        // On a line of its own, and where the collector does not move it.
        private readonly int[] _memory = GC.AllocateArray<int>(3 * LineInWords, pinned: true);
        private readonly int* _word;

        public FutexParker() => _word = (int*)Marshal.UnsafeAddrOfPinnedArrayElement(_memory, LineInWords);

        public override void Park(Deadline deadline)
        {
            if (Interlocked.CompareExchange(ref *_word, Asleep, Idle) == Idle)
            {
                Libc.SleepOn(_word, Asleep, deadline.Left);
            }

            Interlocked.Exchange(ref *_word, Idle);
        }

        public override void Unpark()
        {
            if (Interlocked.Exchange(ref *_word, Woken) == Asleep)
            {
                Libc.WakeOn(_word);
            }

            GC.KeepAlive(_memory);
        }
    }

    [SuppressMessage("Design", "CA1001", Justification = "It lives as long as its thread, and a late wake-up may still come; the event's finalizer ends it.")]
    private sealed class EventParker : Parker
    {
        private static readonly TimeSpan s_longest = TimeSpan.FromDays(20);

        private readonly AutoResetEvent _woken = new(initialState: false);

        public override void Park(Deadline deadline)
        {
            TimeSpan left = deadline.Left;
            try
            {
                _woken.WaitOne(left > s_longest ? s_longest : left);
            }
            catch (ThreadInterruptedException)
            {
                // These waits end by what they wait for, a time or a token; the futex does not hear of an interruption either.
            }
        }

        public override void Unpark() => _woken.Set();
    }
}
