using System.Runtime.Versioning;

namespace Gannet;

/// <content>Reading what it writes line by line, and connecting it with others.</content>
public sealed partial class Command
{
    /// <summary>A pipeline: what <paramref name="left"/> writes is what <paramref name="right"/> reads, through a pipe of the kernel.</summary>
    /// <param name="left">The command that writes.</param>
    /// <param name="right">The command that reads.</param>
    /// <exception cref="ArgumentNullException">One of them is null.</exception>
    /// <exception cref="ArgumentException">The output of the one or the input of the other goes elsewhere already.</exception>
    public static Pipeline operator |(Command left, Command right) => new Pipeline(left).PipeTo(right);

    /// <summary>The operator <c>|</c> by name.</summary>
    /// <param name="next">The command that reads what this one writes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="next"/> is null.</exception>
    /// <exception cref="ArgumentException">The output of this one or the input of the other goes elsewhere already.</exception>
    public Pipeline PipeTo(Command next) => this | next;

    /// <summary>Runs it while the caller reads the lines of the output, each as a string: UTF-8, in which a byte that is part of no character
    /// is a lone surrogate U+DC80 to U+DCFF. It is started when the first line is asked for, anew for each enumeration.</summary>
    /// <param name="timeout">How long it may take, reading included; null without end. Then it is ended.</param>
    /// <param name="cancellationToken">Has it ended as well.</param>
    /// <returns>The lines without their ends, LF or CR LF; the last may end without. A NUL or a CR elsewhere is a character like any other.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="InvalidOperationException">Standard output goes elsewhere.</exception>
    /// <remarks>
    /// <para>While the lines are read: <see cref="CommandFailedException"/> after the last one, unless the result is a success;
    /// <see cref="CommandTimeoutException"/>, <see cref="CommandCanceledException"/>, <see cref="OsException"/> as <see cref="Run"/> throws them;
    /// <see cref="OutputLimitException"/> for a line that is longer than <see cref="Command.WithOutputLimit"/> allows.</para>
    /// <para>A reader that leaves before the end closes the pipe, so that whoever writes to it gets SIGPIPE, and has it ended as
    /// <see cref="Command.WithTermination"/> says; that is no failure.</para>
    /// <para>A reader that is busy with a line hears of the token when it asks for the next, also when that has been read already; and of the time
    /// when the lines are told that were read at once. Of a process that the commands have left behind, and that writes for ever, no more is read
    /// after that than the pipe holds, nor after the time of <see cref="Command.WithDrainTime"/>.</para>
    /// <para>Standard error is this program's unless said otherwise. CPython: <c>for line in Popen(…, stdout=PIPE, text=True).stdout</c>.</para>
    /// </remarks>
    [SupportedOSPlatform("linux")]
    public IEnumerable<string> Lines(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        LineRunner.Read(Line, timeout, cancellationToken);

    /// <summary>As <see cref="Lines"/>, without a thread that waits.</summary>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has it ended; that of <c>WithCancellation</c> as well.</param>
    /// <returns>The lines; the exceptions are those of <see cref="Lines"/>.</returns>
    [SupportedOSPlatform("linux")]
    public IAsyncEnumerable<string> LinesAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        LineRunner.ReadAsync(Line, timeout, cancellationToken);

    /// <summary>As <see cref="Lines"/>, each line as a span of the bytes that came, without a string for it.</summary>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has it ended.</param>
    /// <returns>What <c>foreach</c> takes lines from; the exceptions are those of <see cref="Lines"/>.</returns>
    [SupportedOSPlatform("linux")]
    public Utf8Lines Utf8Lines(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        new(Line, timeout, cancellationToken);

    /// <summary>As <see cref="Utf8Lines"/>, without a thread that waits.</summary>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has it ended; that of <c>WithCancellation</c> as well.</param>
    /// <returns>The lines, each good until the next is asked for; the exceptions are those of <see cref="Lines"/>.</returns>
    [SupportedOSPlatform("linux")]
    public IAsyncEnumerable<ReadOnlyMemory<byte>> Utf8LinesAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        LineRunner.ReadBytesAsync(Line, timeout, cancellationToken);

    /// <summary>Runs it to the end, and gives each line of the output to a function, as a span of the bytes that came.</summary>
    /// <param name="line">Takes a line, which is good until it returns, and says whether to go on; on false it is ended.</param>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has it ended.</param>
    /// <returns>How it ended, as <see cref="Run"/> tells it: a status that is no success is none of an exception here.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="line"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="InvalidOperationException">Standard output goes elsewhere.</exception>
    /// <exception cref="OsException">As <see cref="Start"/>.</exception>
    /// <exception cref="CommandTimeoutException">The time was over; it has been ended.</exception>
    /// <exception cref="OutputLimitException">A line is longer than <see cref="Command.WithOutputLimit"/> allows; it has been ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; it has been ended.</exception>
    [SupportedOSPlatform("linux")]
    public CommandResult ForEachLine(
        Func<ReadOnlySpan<byte>, bool> line, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        LineRunner.ForEach(Line, line, timeout, cancellationToken);
}
