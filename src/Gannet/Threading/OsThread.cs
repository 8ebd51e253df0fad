using System.Globalization;
using System.Text;
using Gannet.Interop;

namespace Gannet.Threading;

/// <summary>
/// <c>threading.Thread</c>: one thread of the operating system that runs a function: the target, or an overridden <see cref="Run"/>.
/// </summary>
/// <remarks>
/// <para>An error that the function does not catch ends this thread only: its trace goes to standard error under the thread's name, or to
/// <see cref="Threads.ExceptionHook"/>. <see cref="Sys.Exit(object?)"/> ends the thread silently. With a plain
/// <see cref="global::System.Threading.Thread"/> the whole process would end.</para>
/// <para>The end of the program waits for threads that are no daemons, and runs the hooks of <see cref="AtExit"/> after them. Daemons
/// are cut off; the book says the reverse. A service that outlives its terminal is another thing: see
/// <see cref="Os.Daemonize"/>. <see cref="Environment.Exit"/> and <see cref="Os.ExitNow"/> wait for nobody.</para>
/// </remarks>
public class OsThread
{
    private const string Unstarted = "initial";
    private const string Started = "started";
    private const string Stopped = "stopped";

    private static int s_count;

    private readonly Thread? _thread;
    private readonly bool _isForeign;
    private readonly EventFlag _begun = new();
    private readonly EventFlag _ended = new();
    private Action? _target;
    private string _name;
    private bool _isDaemon;
    private int _isStarted;
    private int _nativeId;

    // The process in which the thread is; unused before the start.
    private int _forks = ForkCount.Value;

    /// <summary>Makes a thread, to be started.</summary>
    /// <param name="target">What it runs; arguments are what a lambda captures. Null for nothing, or for an overridden
    /// <see cref="Run"/>.</param>
    /// <param name="name">Its label; null for "Thread-N", N counting up. Two may have the same.</param>
    /// <param name="isDaemon">Whether the program's end does not wait for it; null to be as the thread that makes it.</param>
    /// <param name="maxStackSize">The size of its stack in bytes; 0 for the system's.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative <paramref name="maxStackSize"/>.</exception>
    public OsThread(Action? target = null, string? name = null, bool? isDaemon = null, int maxStackSize = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxStackSize);
        _target = target;
        _name = name ?? string.Create(CultureInfo.InvariantCulture, $"Thread-{Interlocked.Increment(ref s_count)}");
        _isDaemon = isDaemon ?? Threads.Current.IsDaemon;
        _thread = new Thread(Bootstrap, maxStackSize);
    }

    /// <summary>A thread that was not made here: the calling one.</summary>
    /// <param name="foreign">The thread.</param>
    /// <param name="name">Its label.</param>
    internal OsThread(Thread foreign, string name)
    {
        _thread = foreign;
        _isForeign = true;
        _name = name;
        _isDaemon = true;
        _isStarted = 1;
        Ident = foreign.ManagedThreadId;
        _nativeId = CurrentNativeId();
        _begun.Set();
    }

    /// <summary>The main thread.</summary>
    /// <param name="ident">Its number.</param>
    internal OsThread(int ident)
    {
        _isForeign = true;
        _name = Threads.MainName;
        _isStarted = 1;
        Ident = ident;
        _nativeId = Environment.ProcessId;
        _begun.Set();
    }

    /// <summary><c>thread.name</c>: a label without effect, to be changed at any time. On Linux <c>ps -L</c> shows its first 15 bytes;
    /// the main thread, whose name there is the program's, is left as it is.</summary>
    /// <exception cref="ArgumentNullException">Null.</exception>
    public string Name
    {
        get => Volatile.Read(ref _name);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Volatile.Write(ref _name, value);
            ShowName();
        }
    }

    /// <summary><c>thread.daemon</c>: whether the program's end does not wait for this thread. It is inherited from the thread that makes
    /// it, and set before the start.</summary>
    /// <exception cref="ThreadStateException">"cannot set daemon status of active thread".</exception>
    public bool IsDaemon
    {
        get => _isDaemon;
        set
        {
            if (Volatile.Read(ref _isStarted) != 0)
            {
                throw new ThreadStateException("cannot set daemon status of active thread");
            }

            _isDaemon = value;
        }
    }

    /// <summary><c>thread.ident</c>: what <see cref="Threads.GetIdent"/> gives inside it; null before the start. Unique among live threads;
    /// nothing is promised of its order.</summary>
    public int? Ident { get; private set; }

    /// <summary><c>thread.native_id</c>: the kernel's number of it, as in /proc and <c>ps -L</c>; null before the start, and on systems
    /// other than Linux.</summary>
    public int? NativeId
    {
        get
        {
            if (!OperatingSystem.IsLinux() || Ident is null)
            {
                return null;
            }

            _begun.Wait();
            return _nativeId;
        }
    }

    /// <summary><c>thread.is_alive()</c>: whether it has been started and has not ended.</summary>
    public bool IsAlive =>
        Volatile.Read(ref _isStarted) != 0 && !_ended.IsSet && !IsLeftBehind && (!_isForeign || _thread is null or { IsAlive: true });

    /// <summary>Whether this stands for a thread that was not made by this library, other than the main one.</summary>
    internal bool IsDummy => _isForeign && _thread is not null && _isDaemon;

    /// <summary>Whether it belongs to the process from which this one was forked.</summary>
    internal bool IsLeftBehind => _forks != ForkCount.Value;

    /// <summary><c>thread.start()</c>: runs <see cref="Run"/> on the new thread, and returns at once.</summary>
    /// <exception cref="ThreadStateException">"threads can only be started once".</exception>
    /// <exception cref="OutOfMemoryException">The system has no room for another thread.</exception>
    public void Start()
    {
        if (Interlocked.Exchange(ref _isStarted, 1) != 0)
        {
            throw new ThreadStateException("threads can only be started once");
        }

        _forks = ForkCount.Value;
        Ident = _thread!.ManagedThreadId;
        _thread.IsBackground = _isDaemon;
        Threads.Add(this);
        try
        {
            _thread.Start();
        }
        catch
        {
            Threads.Remove(this);
            Ident = null;
            _ended.Set();
            _begun.Set();
            throw;
        }
    }

    /// <summary><c>thread.run()</c>: what the thread does; by default it calls the target. To be overridden. Called directly, it runs on the
    /// caller's thread.</summary>
    public virtual void Run() => _target?.Invoke();

    /// <summary><c>thread.join()</c>: waits until it has ended, in whatever way.</summary>
    /// <exception cref="ThreadStateException">"cannot join current thread", "cannot join thread before it is started", or a thread that was
    /// not made here.</exception>
    public void Join() => Join(Timeout.InfiniteTimeSpan);

    /// <summary><c>thread.join(timeout)</c>: for at most so long.</summary>
    /// <param name="timeout">How long; zero and less return at once, <see cref="Timeout.InfiniteTimeSpan"/> waits for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it has ended.</returns>
    /// <exception cref="ThreadStateException">As <see cref="Join()"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public bool Join(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        CheckJoinable();
        return _ended.Wait(timeout, cancellationToken);
    }

    /// <summary>As <see cref="Join(TimeSpan, CancellationToken)"/>, for a task.</summary>
    /// <param name="timeout">How long; null for ever.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it has ended; to be awaited once.</returns>
    /// <exception cref="ThreadStateException">As <see cref="Join()"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first.</exception>
    public ValueTask<bool> JoinAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        CheckJoinable();
        return _ended.WaitAsync(timeout, cancellationToken);
    }

    /// <summary>The name and the state, as <c>OsThread(name, started daemon 5)</c>.</summary>
    public override string ToString()
    {
        string state = Volatile.Read(ref _isStarted) == 0 ? Unstarted : IsAlive ? Started : Stopped;
        return string.Create(CultureInfo.InvariantCulture, $"{GetType().Name}({Name}, {state}{(_isDaemon ? " daemon" : "")}{(Ident is null ? "" : $" {Ident}")})");
    }

    /// <summary>In a forked child: it is the thread that forked, and the main one from now on.</summary>
    internal void Survive()
    {
        _forks = ForkCount.Value;
        _nativeId = CurrentNativeId();
        if (IsDummy)
        {
            _isDaemon = false;
            Name = Threads.MainName;
        }
    }

    /// <summary>In a forked child: it is not there, and who waits for its end is to go on.</summary>
    internal void StayBehind()
    {
        _begun.Set();
        _ended.Set();
    }

    private static int CurrentNativeId() => OperatingSystem.IsLinux() ? Libc.GetTid() : 0;

    // As many whole characters as the kernel has room for.
    private static byte[] ShortName(string name)
    {
        byte[] bytes = new byte[Libc.ThreadNameLimit];
        int length = 0;
        foreach (Rune rune in name.EnumerateRunes())
        {
            Rune shown = rune.Value == 0 ? Rune.ReplacementChar : rune;
            if (length + shown.Utf8SequenceLength > bytes.Length)
            {
                break;
            }

            length += shown.EncodeToUtf8(bytes.AsSpan(length));
        }

        return bytes[..length];
    }

    private void CheckJoinable()
    {
        if (ReferenceEquals(Threads.Current, this))
        {
            throw new ThreadStateException("cannot join current thread");
        }

        if (_isForeign)
        {
            throw new ThreadStateException("cannot join a thread that was not made by this library");
        }

        if (Volatile.Read(ref _isStarted) == 0)
        {
            throw new ThreadStateException("cannot join thread before it is started");
        }
    }

    private void Bootstrap()
    {
        Threads.Current = this;
        _nativeId = CurrentNativeId();
        ShowName();
        _begun.Set();
        Exception? failure = null;
        try
        {
            Run();
        }
        catch (Exception error)
        {
            failure = error;
        }

        // What the function captured must not live as long as this object.
        _target = null;
        if (ReferenceEquals(Threads.Main, this))
        {
            // A forked child's, in which nothing else is left to end the process.
            Sys.EndFromMainThread(failure);
        }

        if (failure is not null)
        {
            Threads.Report(this, failure);
        }

        Threads.Remove(this);
        _ended.Set();
    }

    private void ShowName()
    {
        if (_isForeign || Volatile.Read(ref _isStarted) == 0)
        {
            return;
        }

        // Debuggers look there. It shortens names in the middle of a character, so the kernel is told afterwards.
        _thread!.Name = Name;
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        if (Environment.CurrentManagedThreadId == Ident)
        {
            Libc.NameThread(ShortName(Name));
        }
        else if (_begun.IsSet && IsAlive)
        {
            RenameInProc(ShortName(Name));
        }
    }

    private void RenameInProc(byte[] name)
    {
        try
        {
            // A write of no bytes would change nothing.
            File.WriteAllBytes(string.Create(CultureInfo.InvariantCulture, $"/proc/self/task/{_nativeId}/comm"), name is [] ? [0] : name);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The thread has ended meanwhile, or there is no /proc.
        }
    }
}
