using System.Runtime.InteropServices;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// Waits for one descriptor through the <see cref="EventLoop"/>, one wait at a time. Between two waits it is silent: the kernel
/// reports once, and again when the next wait arms it. Then nothing but its owner holds it or the descriptor, so that both can be
/// collected if he forgets to dispose them; closing the descriptor ends what the kernel knows of it.
/// </summary>
/// <param name="descriptor">What to wait for; stays its owner's. It is kept open while a wait is under way.</param>
internal sealed class EventWatch(SafeHandle descriptor) : IDisposable
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<bool>? _waiting;
    private EventLoop? _loop;
    private ulong _number;
    private bool _isClosed;

    /// <summary>Waits until the descriptor is ready.</summary>
    /// <param name="events">What for.</param>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> without end.</param>
    /// <param name="cancellationToken">Ends the wait, and leaves nothing behind.</param>
    /// <returns>Whether it is ready; false when the time is over.</returns>
    /// <exception cref="InvalidOperationException">Another wait is under way.</exception>
    /// <exception cref="ObjectDisposedException">The watch or the descriptor has been disposed, before or meanwhile.</exception>
    /// <exception cref="OsException">No memory or descriptor is left to wait with.</exception>
    public async Task<bool> WaitAsync(short events, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource<bool> waiting = Begin(events);
        try
        {
            using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
                static (state, token) => ((TaskCompletionSource<bool>)state!).TrySetCanceled(token), waiting);
            using Timer? timer = timeout == Timeout.InfiniteTimeSpan
                ? null
                : new(static state => ((TaskCompletionSource<bool>)state!).TrySetResult(false), waiting, timeout, Timeout.InfiniteTimeSpan);
            return await waiting.Task.ConfigureAwait(false);
        }
        finally
        {
            End();
        }
    }

    /// <summary>Writes all to the descriptor, and waits for room in between.</summary>
    /// <param name="bytes">What is written.</param>
    /// <param name="cancellationToken">Ends it; what has been written by then stays.</param>
    /// <exception cref="OsException">EPIPE: nobody reads any more; or the descriptor can't be written. And as <see cref="WaitAsync"/>.</exception>
    public async ValueTask WriteAllAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (!bytes.IsEmpty)
        {
            int count = Libc.TryWrite(descriptor, bytes.Span);
            if (count < 0)
            {
                await WaitAsync(Libc.POLLOUT, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
                continue;
            }

            bytes = bytes[count..];
        }
    }

    /// <summary>The loop's call: the descriptor is ready, or was so before the last wait ended.</summary>
    public void OnReady()
    {
        lock (_lock)
        {
            _waiting?.TrySetResult(true);
        }
    }

    /// <summary>Ends the watch; a wait that is under way fails.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                _isClosed = true;
                _waiting?.TrySetException(new ObjectDisposedException(null, "The descriptor was closed while it was waited for."));
                Unregister();
            }
        }
    }

    private TaskCompletionSource<bool> Begin(short events)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(Stream));
            if (_waiting is not null)
            {
                throw new InvalidOperationException("Another read or write is under way.");
            }

            bool isHeld = false;
            descriptor.DangerousAddRef(ref isHeld);
            try
            {
                // What follows the wait must not run on the loop's thread, and not under this lock.
                _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
                Arm((ushort)events | Libc.EPOLLONESHOT);
                return _waiting;
            }
            catch
            {
                _waiting = null;
                descriptor.DangerousRelease();
                throw;
            }
        }
    }

    private void Arm(uint events)
    {
        EventLoop loop = EventLoop.Shared;
        // After a fork there is another loop, which does not know this watch.
        bool isNew = _number == 0 || loop != _loop;
        ulong number = isNew ? loop.NewNumber() : _number;
        loop.Enter(number, this);
        try
        {
            if (isNew)
            {
                Libc.EpollAdd(loop.Epoll, descriptor, events, number);
                (_loop, _number) = (loop, number);
            }
            else
            {
                Libc.EpollModify(loop.Epoll, descriptor, events, number);
            }
        }
        catch
        {
            loop.Leave(number);
            throw;
        }
    }

    private void End()
    {
        lock (_lock)
        {
            _loop!.Leave(_number);
            _waiting = null;
            descriptor.DangerousRelease();
        }
    }

    // The kernel knows a watch by the descriptor's number, which is another one's once it is closed.
    private void Unregister()
    {
        bool isHeld = false;
        try
        {
            descriptor.DangerousAddRef(ref isHeld);
            // A forked child has closed the loop of its parent, which goes on to watch.
            if (_loop is { Epoll.IsClosed: false } loop)
            {
                Libc.EpollRemove(loop.Epoll, descriptor);
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed already, and forgotten with that.
        }
        finally
        {
            if (isHeld)
            {
                descriptor.DangerousRelease();
            }
        }
    }
}
