using System.Runtime.InteropServices;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>
/// Several descriptors that are waited for together, on the calling thread or on none: a set of epoll can itself be waited for, so
/// both ways see the same.
/// </summary>
internal sealed class PollSet : IDisposable
{
    private readonly SafeFileHandle _epoll;
    private readonly EventWatch _watch;
    private readonly ulong[] _ready;
    private readonly List<SafeHandle> _members = [];

    /// <summary>An empty set.</summary>
    /// <param name="capacity">How many can be told of at once.</param>
    public PollSet(int capacity)
    {
        _epoll = Libc.CreateEpoll();
        _watch = new(_epoll);
        _ready = new ulong[capacity];
    }

    /// <summary>Adds a descriptor, and keeps it open until it is removed.</summary>
    /// <param name="descriptor">The descriptor.</param>
    /// <param name="events">What to wait for.</param>
    /// <param name="tag">What it is told by.</param>
    public void Add(SafeHandle descriptor, short events, ulong tag)
    {
        bool isHeld = false;
        descriptor.DangerousAddRef(ref isHeld);
        try
        {
            Libc.EpollAdd(_epoll, descriptor, (ushort)events, tag);
            _members.Add(descriptor);
        }
        catch
        {
            descriptor.DangerousRelease();
            throw;
        }
    }

    /// <summary>Removes a descriptor; one that is not in it is passed over.</summary>
    public void Remove(SafeHandle descriptor)
    {
        if (_members.Remove(descriptor))
        {
            Libc.EpollRemove(_epoll, descriptor);
            descriptor.DangerousRelease();
        }
    }

    /// <summary>Waits until something has come.</summary>
    /// <param name="isAsync">Whether to wait without a thread.</param>
    /// <param name="milliseconds">How long; -1 without end.</param>
    /// <returns>The tags of what has come; empty when the time is over, or after a signal.</returns>
    public async ValueTask<ArraySegment<ulong>> WaitAsync(bool isAsync, int milliseconds)
    {
        if (!isAsync)
        {
            return new(_ready, 0, Libc.EpollWait(_epoll, _ready, milliseconds));
        }

        int count = Libc.EpollWait(_epoll, _ready, milliseconds: 0);
        if (count == 0 && milliseconds != 0)
        {
            await _watch.WaitAsync(Libc.POLLIN, TimeSpan.FromMilliseconds(milliseconds), CancellationToken.None).ConfigureAwait(false);
            count = Libc.EpollWait(_epoll, _ready, milliseconds: 0);
        }

        return new(_ready, 0, count);
    }

    /// <summary>Ends all waiting.</summary>
    public void Dispose()
    {
        _watch.Dispose();
        _epoll.Dispose();
        _members.ForEach(member => member.DangerousRelease());
        _members.Clear();
    }
}
