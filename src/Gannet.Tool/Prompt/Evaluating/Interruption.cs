using System.Diagnostics;
using System.Runtime;
using System.Runtime.InteropServices;
using Gannet.Interop;

namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>
/// Ctrl-C while an input runs. Managed code is stopped wherever it is; the thread is called out of a wait of .NET's by an interruption, and out
/// of one of the kernel's by a signal that means nothing else, because such a wait ends with any. From then on its <c>finally</c> blocks may wait
/// as long as they like, until another Ctrl-C. What goes on: a read that .NET or the system begins anew, native code, and what an input has
/// started on other threads.
/// </summary>
internal sealed class Interruption : IDisposable
{
    // It is ignored unless somebody asks for it: urgent data on a socket, which nobody uses.
    private static readonly PosixSignal s_call = (PosixSignal)(int)Signal.SIGURG;
    private const int FirstGap = 10;
    private const int LongestGap = 1000;

    // How long a wait must have lasted, with the code not reached, to be one that began just before the code was to be stopped. Once it has been
    // reached, the runtime says so within hundredths of this.
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _caller;
    private CancellationTokenSource? _expected;
    private CancellationTokenSource? _running;
    private Thread? _thread;
    private int _threadId;
    private volatile bool _isStopping;
    private bool _isReached;
    private bool _wasCalled;

    /// <summary>Takes SIGINT over for the rest of the session; also while nothing runs, when <see cref="Came"/> says it.</summary>
    public Interruption()
    {
        _caller = PosixSignalRegistration.Create(s_call, static context => context.Cancel = true);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            Interrupt();
        });
    }

    /// <summary>SIGINT came while no input was running, nor about to.</summary>
    public event Action? Came;

    /// <summary>From now on SIGINT is meant for the input that is about to be compiled and run.</summary>
    /// <returns>Says that it came; what runs the input need not ask.</returns>
    public CancellationToken Expect()
    {
        lock (_lock)
        {
            return (_expected ??= new CancellationTokenSource()).Token;
        }
    }

    /// <summary>The input that was expected has ended, or does not come.</summary>
    public void ExpectNoMore()
    {
        lock (_lock)
        {
            _expected?.Dispose();
            _expected = null;
        }
    }

    /// <summary>Runs <paramref name="work"/> on this thread.</summary>
    /// <exception cref="InputInterruptedException">It was interrupted, and did not end in another way; or the input was before it began.</exception>
    [StackTraceHidden]
    public void Run(Action<CancellationToken> work)
    {
        using CancellationTokenSource source = new();
        Begin(source);
        try
        {
#pragma warning disable SYSLIB0046 // It may leave locks behind that the input took, which is what a prompt's user asks for with Ctrl-C.
            ControlledExecution.Run([StackTraceHidden] () => work(source.Token), source.Token);
#pragma warning restore SYSLIB0046
        }
        catch (Exception error) when (_isStopping && error is (OperationCanceledException or ThreadInterruptedException))
        {
            throw new InputInterruptedException();
        }
        finally
        {
            End();
            if (source.IsCancellationRequested)
            {
                OpenToStops();
            }
        }
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _caller.Dispose();
    }

    // The runtime stops a loop in which nothing is called by a signal, and an interruption leaves that signal's handler by an exception. So it stays
    // blocked; and the runtime believes it to be on its way, and sends no other one. The next such loop would be stopped neither by Ctrl-C nor
    // for a collection. A signal that finds its thread outside of managed code, as in the call here, makes the runtime forget that and does nothing else.
    private static void OpenToStops()
    {
        int stop = Libc.FirstRealTimeSignal;
        ulong bit = SignalMask.BitOf((Signal)stop);
        if ((Libc.ChangeMask(bit, block: false) & bit) != 0)
        {
            Libc.SignalThread(Libc.GetTid(), stop);
        }
    }

    private void Begin(CancellationTokenSource source)
    {
        lock (_lock)
        {
            if (_expected is { IsCancellationRequested: true })
            {
                throw new InputInterruptedException();
            }

            _running = source;
            _isStopping = _isReached = _wasCalled = false;
            _thread = Thread.CurrentThread;
            _threadId = Libc.GetTid();
        }
    }

    private void End()
    {
        Interlocked.Exchange(ref _running, null);
        AwaitCaller();
        if (_wasCalled)
        {
            ForgetCall();
        }
    }

    // Who is about to call this thread still holds the lock, and may call it out of the wait for that.
    private void AwaitCaller()
    {
        while (true)
        {
            try
            {
                lock (_lock)
                {
                    return;
                }
            }
            catch (ThreadInterruptedException)
            {
                // Once more.
            }
        }
    }

    // An interruption that met no wait would end the next one.
    private static void ForgetCall()
    {
        try
        {
            Thread.Sleep(1);
        }
        catch (ThreadInterruptedException)
        {
            // That was it.
        }
    }

    private void Interrupt()
    {
        CancellationTokenSource? running;
        bool isFirst;
        lock (_lock)
        {
            running = _running;
            isFirst = running is not null && !_isStopping;
            _isStopping = running is not null;
            if (running is not null)
            {
                // The wait that the code is in now. Those that follow may be the waits of finally blocks, which this leaves alone; who types
                // Ctrl-C once more does not want to wait for them.
                CallOutOfWait();
            }
            else if (_expected is not null)
            {
                // Only the compiler and who waits for it hear of it, and none of them asks for this lock.
                _expected.Cancel();
                return;
            }
        }

        if (running is null)
        {
            Came?.Invoke();
        }
        else if (isFirst)
        {
            // Not on this thread: it delivers every signal of the program, and the call below waits until the code has been reached.
            new Thread(() => Stop(running)) { IsBackground = true, Name = "Gannet Ctrl-C" }.UnsafeStart();
        }
    }

    private void Stop(CancellationTokenSource running)
    {
        new Thread(() => CallOut(running)) { IsBackground = true, Name = "Gannet Ctrl-C" }.UnsafeStart();
        try
        {
            running.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }

        lock (_lock)
        {
            _isReached |= _running == running;
        }
    }

    // Again and again: the thread may be about to enter a wait. The kernel's are begun anew in a finally block.
    private void CallOut(CancellationTokenSource running)
    {
        long waitsSince = Stopwatch.GetTimestamp();
        for (int gap = FirstGap; IsRunning(running); gap = Math.Min(2 * gap, LongestGap))
        {
            Thread.Sleep(gap);
        }

        bool IsRunning(CancellationTokenSource source)
        {
            lock (_lock)
            {
                if (_running != source)
                {
                    return false;
                }

                waitsSince = IsWaiting ? waitsSince : Stopwatch.GetTimestamp();
                if (!_wasCalled && !_isReached && Stopwatch.GetElapsedTime(waitsSince) > s_late)
                {
                    CallOutOfWait();
                }

                Libc.SignalThread(_threadId, (int)Signal.SIGURG);
                return true;
            }
        }
    }

    private bool IsWaiting => _thread!.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin);

    private void CallOutOfWait()
    {
        if (IsWaiting)
        {
            _wasCalled = true;
            _thread!.Interrupt();
        }
    }
}
