using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>
/// The one thread that waits for descriptors on behalf of every asynchronous wait: the ends of children, their pipes. It starts
/// with the first such wait, and does nothing but tell the waiter; what follows runs elsewhere.
/// </summary>
internal sealed class EventLoop
{
    private const int MostEvents = 64;
    private const int NoTimeout = -1;

    private static readonly LivingLock s_lock = AtFork.NewRoomLock(EndInChild);
    private static EventLoop? s_shared;

    private readonly SafeFileHandle _epoll = Libc.CreateEpoll();

    // By number, not by reference: an event may already have been fetched for a watch that is being removed.
    private readonly Dictionary<ulong, EventWatch> _watches = [];
    private ulong _lastNumber;

    private EventLoop()
    {
    }

    /// <summary>The loop of this process.</summary>
    /// <exception cref="OsException">It has not been started yet, and no descriptor is free; a later call tries again.</exception>
    public static EventLoop Shared
    {
        get
        {
            using (s_lock.Enter())
            {
                return s_shared ??= Start();
            }
        }
    }

    /// <summary>The descriptor of the set that is waited on.</summary>
    public SafeFileHandle Epoll => _epoll;

    /// <summary>A number that no other watch has.</summary>
    public ulong NewNumber() => Interlocked.Increment(ref _lastNumber);

    /// <summary>Begins to tell a watch of its events, and keeps it from the collector.</summary>
    public void Enter(ulong number, EventWatch watch)
    {
        lock (_watches)
        {
            _watches[number] = watch;
        }
    }

    /// <summary>Ends that; what comes later is nobody's.</summary>
    public void Leave(ulong number)
    {
        lock (_watches)
        {
            _watches.Remove(number);
        }
    }

    // The waits are the parent's, and so is the set in the kernel: whatever the child did to it would be done to the parent's.
    private static void EndInChild()
    {
        s_shared?._epoll.Dispose();
        s_shared = null;
    }

    private static EventLoop Start()
    {
        EventLoop loop = new();
        new Thread(loop.Run) { IsBackground = true, Name = "Gannet events" }.UnsafeStart();
        return loop;
    }

    private void Run()
    {
        Span<ulong> numbers = stackalloc ulong[MostEvents];
        for (; ; )
        {
            int count = Libc.EpollWait(_epoll, numbers, NoTimeout);
            foreach (ulong number in numbers[..count])
            {
                Find(number)?.OnReady();
            }
        }
    }

    private EventWatch? Find(ulong number)
    {
        lock (_watches)
        {
            return _watches.GetValueOrDefault(number);
        }
    }
}
