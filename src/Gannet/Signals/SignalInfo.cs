using Gannet.Interop;

namespace Gannet;

/// <summary>
/// What the kernel said about one delivery of a signal. There is no frame of interrupted code, as Python's handlers get one: .NET shows no
/// thread the stack of another, and the interrupted thread has long gone on. Source: sigaction(2), <c>siginfo_t</c>.
/// </summary>
public readonly record struct SignalInfo
{
    private const int SI_QUEUE = -1;
    private const int SI_TIMER = -2;
    private const int SI_MESGQ = -3;
    private const int SI_TKILL = -6;
    private const int StatusBits = 32;

    private readonly ulong _value;
    private readonly int _pid;
    private readonly uint _uid;
    private readonly long _time;

    internal SignalInfo(in NativeSignalRecord record)
    {
        Signal = (Signal)record.Signal;
        Code = record.Code;
        _value = record.Value;
        _pid = record.Pid;
        _uid = record.Uid;
        _time = record.Time;
    }

    /// <summary>The signal.</summary>
    public Signal Signal { get; }

    /// <summary><c>si_code</c>, why it was sent. 0: by kill(2); -1: by sigqueue(3), with a <see cref="Value"/>; -6: to a thread, as by
    /// raise(3); 128: by the kernel, a timer or a terminal for instance; other positive numbers are reasons of their signal, such as 1 for
    /// a child that has exited.</summary>
    public int Code { get; }

    /// <summary>The process that sent it, or for SIGCHLD the child that it is about; null when no process is behind it. 0 is
    /// a process that this one's pid namespace does not show.</summary>
    public int? Pid => HasSender ? _pid : null;

    /// <summary>The real user id of that process; null when no process is behind it.</summary>
    public uint? Uid => HasSender ? _uid : null;

    /// <summary>The value that <see cref="Signals.Queue"/> or sigqueue(3) sent along; 0 when the signal came otherwise. A sender in C may
    /// have set its first 32 bits only.</summary>
    public nint Value => Code is SI_QUEUE or SI_TIMER or SI_MESGQ ? (nint)_value : 0;

    /// <summary>For SIGCHLD the child's exit status, or the signal that ended, stopped or continued it, as <see cref="Code"/> says;
    /// otherwise null. The status that counts is the one that a wait gives.</summary>
    public int? ChildStatus => IsAboutChild ? (int)(_value << StatusBits >> StatusBits) : null;

    /// <summary>When it arrived, which is before its handler runs.</summary>
    public DateTimeOffset Time => DateTimeOffset.UnixEpoch.AddTicks(_time / TimeSpan.NanosecondsPerTick);

    private bool HasSender => Signal is not Signal.None && (Code is 0 or SI_QUEUE or SI_MESGQ or SI_TKILL || IsAboutChild);

    private bool IsAboutChild => Signal is Signal.SIGCHLD && Code > 0 && Code < 128;

    /// <summary>For messages: <c>SIGUSR1 from process 17</c>.</summary>
    public override string ToString() =>
        Pid is { } pid ? $"{SignalNames.NameOf(Signal)} from process {pid}" : SignalNames.NameOf(Signal);
}
