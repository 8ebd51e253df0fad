using System.Runtime.InteropServices;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// Waits for one descriptor through the <see cref="EventLoop"/>, one wait at a time. Between two waits it is silent: the kernel
/// reports once, and again when the next wait arms it.
/// </summary>
/// <param name="descriptor">What to wait for; stays its owner's. It is kept open until the watch is disposed, since the kernel
/// forgets a watch by the descriptor's number, which would be another one's by then.</param>
internal sealed class EventWatch(SafeHandle descriptor) : IDisposable
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<bool>? _waiting;
    private ulong _number;
    private bool _isClosed;

    /// <summary>Waits until the descriptor is ready.</summary>
    /// <param name="events">What for.</param>
    /// <param name="timeout">How long; <see cref="Timeout.InfiniteTimeSpan"/> without end.</param>
    /// <param name="cancellationToken">Ends the wait, and leaves nothing behind.</param>
    /// <returns>Whether it is ready; false when the time is over.</returns>
    /// <exception cref="InvalidOperationException">Another wait is under way.</exception>
    /// <exception cref="ObjectDisposedException">The watch has been disposed, before or meanwhile.</exception>
    public async Task<bool> WaitAsync(short events, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource<bool> waiting = Arm(events);
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((TaskCompletionSource<bool>)state!).TrySetCanceled(token), waiting);
        using Timer? timer = timeout == Timeout.InfiniteTimeSpan
            ? null
            : new(static state => ((TaskCompletionSource<bool>)state!).TrySetResult(false), waiting, timeout, Timeout.InfiniteTimeSpan);
        try
        {
            return await waiting.Task.ConfigureAwait(false);
        }
        finally
        {
            Disarm(waiting);
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
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            if (_number != 0)
            {
                EventLoop.Shared.Leave(_number);
                Libc.EpollRemove(EventLoop.Shared.Epoll, descriptor);
                descriptor.DangerousRelease();
            }

            _waiting?.TrySetException(new ObjectDisposedException(nameof(EventWatch)));
        }
    }

    private TaskCompletionSource<bool> Arm(short events)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_waiting is not null)
            {
                throw new InvalidOperationException("Another wait for this descriptor is under way.");
            }

            // What follows the wait must not run on the loop's thread, and not under this lock.
            _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
            try
            {
                ArmKernel((ushort)events | Libc.EPOLLONESHOT);
                return _waiting;
            }
            catch
            {
                _waiting = null;
                throw;
            }
        }
    }

    private void ArmKernel(uint events)
    {
        EventLoop loop = EventLoop.Shared;
        if (_number != 0)
        {
            Libc.EpollModify(loop.Epoll, descriptor, events, _number);
            return;
        }

        ulong number = loop.Enter(this);
        bool isHeld = false;
        try
        {
            descriptor.DangerousAddRef(ref isHeld);
            Libc.EpollAdd(loop.Epoll, descriptor, events, number);
            _number = number;
        }
        catch
        {
            loop.Leave(number);
            if (isHeld)
            {
                descriptor.DangerousRelease();
            }

            throw;
        }
    }

    private void Disarm(TaskCompletionSource<bool> waiting)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_waiting, waiting))
            {
                _waiting = null;
            }
        }
    }
}
