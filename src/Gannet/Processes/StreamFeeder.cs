using System.Runtime.ExceptionServices;
using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>
/// Copies a stream of the caller's into the input of a child. Nobody can say when such a stream has something, so the copy goes its own way:
/// on a thread of its own beside a synchronous conversation, on none beside an asynchronous one.
/// </summary>
internal sealed class StreamFeeder : IDisposable
{
    private const int ChunkSize = 65536;

    private readonly Stream _source;
    private readonly PipeStream _input;
    private readonly CancellationTokenSource _stop = new();

    // The last of the two that use it, the copy and the conversation, closes it.
    private readonly SafeFileHandle _failed = Libc.EventFd();
    private int _users = 1;

    private StreamFeeder(Stream source, SafeFileHandle input)
    {
        _source = source;
        _input = new(input, FileAccess.Write);
    }

    /// <summary>Readable when the copy has failed.</summary>
    public SafeFileHandle Failed => _failed;

    /// <summary>Why it has.</summary>
    public ExceptionDispatchInfo? Failure { get; private set; }

    /// <summary>One for an input that is a stream; null for any other.</summary>
    /// <exception cref="OsException">No descriptor is free.</exception>
    public static StreamFeeder? TryCreate(Stdio? stdin, SafeFileHandle? input) =>
        stdin?.Source is Stream source && input is not null ? new(source, input) : null;

    /// <summary>Begins to copy.</summary>
    public void Start(bool isAsync)
    {
        Interlocked.Increment(ref _users);
        if (isAsync)
        {
            // A source that has always something at once would keep the caller.
            _ = Task.Run(() => FeedAsync(isAsync: true));
            return;
        }

        new Thread(() => FeedAsync(isAsync: false).GetAwaiter().GetResult()) { IsBackground = true, Name = "Gannet input" }.UnsafeStart();
    }

    /// <summary>Ends the copy, without waiting for a read of the source that is under way.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Lets go of it.</summary>
    public void Dispose()
    {
        Stop();
        Leave();
    }

    private async Task FeedAsync(bool isAsync)
    {
        try
        {
            await CopyAsync(isAsync).ConfigureAwait(false);
        }
        catch (OsException error) when (error.Errno is Errno.EPIPE)
        {
            // The child reads no more.
        }
        catch (Exception error)
        {
            if (!_stop.IsCancellationRequested)
            {
                Failure = ExceptionDispatchInfo.Capture(error);
                Libc.Raise(_failed);
            }
        }
        finally
        {
            await _input.DisposeAsync().ConfigureAwait(false);
            Leave();
        }
    }

    private async Task CopyAsync(bool isAsync)
    {
        byte[] chunk = new byte[ChunkSize];
        for (; ; )
        {
            int count = isAsync ? await _source.ReadAsync(chunk, _stop.Token).ConfigureAwait(false) : _source.Read(chunk);
            if (count == 0 || _stop.IsCancellationRequested)
            {
                return;
            }

            if (isAsync)
            {
                await _input.WriteAsync(chunk.AsMemory(0, count), _stop.Token).ConfigureAwait(false);
            }
            else
            {
                // A write that hears of the end: what the child has left behind may hold its input open, and read nothing.
                _input.WriteAsync(chunk.AsMemory(0, count), _stop.Token).AsTask().GetAwaiter().GetResult();
            }
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _failed.Dispose();
            _stop.Dispose();
        }
    }
}
