namespace Gannet;

/// <summary>
/// The status that <c>wait</c> and <c>waitpid</c> give: how a child ended, or that it has stopped or gone on. The low seven bits
/// are the signal that ended it, or 0 after an exit, or 0x7f while it is stopped; bit 7 marks a core dump; the high byte is the exit
/// status or the signal that stopped it; 0xffff is a child that goes on.
/// </summary>
/// <remarks>
/// The members follow the macros of sys/wait.h. Where <c>WEXITSTATUS</c>, <c>WTERMSIG</c> and <c>WSTOPSIG</c> give a meaningless
/// number for a status of another kind, as CPython's <c>os.WEXITSTATUS</c> does, these are null. Source: POSIX sys/wait.h, wait(2).
/// </remarks>
/// <param name="raw">The number as the kernel gives it.</param>
public readonly struct WaitStatus(int raw) : IEquatable<WaitStatus>
{
    private const int SignalMask = 0x7F;
    private const int CoreFlag = 0x80;
    private const int StoppedMark = 0x7F;
    private const int ContinuedMark = 0xFFFF;
    private const int ShellSignalBase = 128;

    /// <summary>The number as the kernel gives it, 0 to 65535.</summary>
    public int Raw => raw;

    /// <summary><c>WIFEXITED</c>: it ended by itself.</summary>
    public bool Exited => (raw & SignalMask) == 0;

    /// <summary><c>WIFSIGNALED</c>: a signal ended it.</summary>
    public bool Signaled => (raw & SignalMask) is not (0 or StoppedMark);

    /// <summary><c>WIFSTOPPED</c>: a signal has stopped it. Seen only by who asks for it (<c>WUNTRACED</c>).</summary>
    public bool Stopped => (raw & 0xFF) == StoppedMark;

    /// <summary><c>WIFCONTINUED</c>: it goes on after a stop. Seen only by who asks for it (<c>WCONTINUED</c>).</summary>
    public bool Continued => raw == ContinuedMark;

    /// <summary><c>WCOREDUMP</c>: the signal that ended it left a core dump.</summary>
    public bool CoreDumped => Signaled && (raw & CoreFlag) != 0;

    /// <summary><c>WEXITSTATUS</c>: the exit status, 0 to 255; null unless <see cref="Exited"/>.</summary>
    public int? ExitStatus => Exited ? HighByte : null;

    /// <summary><c>WTERMSIG</c>: the signal that ended it; null unless <see cref="Signaled"/>.</summary>
    public Signal? TermSignal => Signaled ? (Signal)(raw & SignalMask) : null;

    /// <summary><c>WSTOPSIG</c>: the signal that stopped it; null unless <see cref="Stopped"/>.</summary>
    public Signal? StopSignal => Stopped ? (Signal)HighByte : null;

    /// <summary>What a shell has in <c>$?</c>: the exit status, or 128 and the signal; null for a child that has not ended.</summary>
    public int? ShellStatus => Exited ? HighByte : Signaled ? ShellSignalBase + (raw & SignalMask) : null;

    private int HighByte => (raw >> 8) & 0xFF;

    /// <summary>
    /// <c>os.waitstatus_to_exitcode</c>: the exit status, or the signal that ended it as a negative number.
    /// </summary>
    /// <exception cref="InvalidOperationException">The child has not ended.</exception>
    /// <remarks>CPython raises <c>ValueError</c> for a child that has not ended.</remarks>
    public int ToExitCode() =>
        ExitStatus ?? -(int?)TermSignal ?? throw new InvalidOperationException($"The child has not ended: {this}.");

    /// <summary>Whether both are the same number.</summary>
    /// <param name="other">The other status.</param>
    public bool Equals(WaitStatus other) => raw == other.Raw;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is WaitStatus other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => raw;

    /// <summary>Readable: <c>exit 3</c>, <c>signal 15 (SIGTERM)</c>, <c>signal 6 (SIGABRT), core dumped</c>, <c>stopped by signal
    /// 19 (SIGSTOP)</c>, <c>continued</c>.</summary>
    public override string ToString() => this switch
    {
        { ExitStatus: int status } => $"exit {status}",
        { TermSignal: Signal signal } => $"signal {Describe(signal)}{(CoreDumped ? ", core dumped" : "")}",
        { StopSignal: Signal signal } => $"stopped by signal {Describe(signal)}",
        { Continued: true } => "continued",
        _ => $"status 0x{raw:x4}",
    };

    /// <summary>Whether both are the same number.</summary>
    /// <param name="left">One status.</param>
    /// <param name="right">Another.</param>
    public static bool operator ==(WaitStatus left, WaitStatus right) => left.Equals(right);

    /// <summary>Whether the numbers differ.</summary>
    /// <param name="left">One status.</param>
    /// <param name="right">Another.</param>
    public static bool operator !=(WaitStatus left, WaitStatus right) => !left.Equals(right);

    private static string Describe(Signal signal) =>
        SignalNames.Find(signal) is { } name ? $"{(int)signal} ({name})" : $"{(int)signal}";
}
