using System.Runtime.Versioning;

namespace Gannet;

/// <content>Running it.</content>
public sealed partial class Command
{
    private PipelineSettings Line => PipelineSettings.Of(this);

    /// <summary>
    /// <c>subprocess.Popen</c>: starts it, and returns once the program runs. Input and output that are streams or long texts of this
    /// program's are copied in the background, by the thread pool.
    /// </summary>
    /// <returns>The child. Dispose it when done; that neither ends it nor waits for it.</returns>
    /// <exception cref="OsException">A step failed, and its message names it: the program is missing (<c>execve … ENOENT</c>), may not
    /// be run (EACCES) or is none (ENOEXEC), the working directory is missing (<c>chdir … ENOENT</c>), a file can't be opened, no
    /// process, memory or descriptor is left (EAGAIN, ENOMEM, EMFILE). No child is left.</exception>
    [SupportedOSPlatform("linux")]
    public Child Start() => CommandRunner.Start(_settings);

    /// <summary><c>subprocess.run</c>: runs it to its end, with this program's standard streams unless said otherwise.</summary>
    /// <param name="timeout">How long it may take; null without end. Then it is ended: see <see cref="WithTermination"/>.</param>
    /// <param name="cancellationToken">Has it ended as well.</param>
    /// <returns>How it ended; a status that is no success is none of an exception: see <see cref="CommandResult.EnsureSuccess"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="InvalidOperationException">A standard stream is a pipe that nobody would use.</exception>
    /// <exception cref="OsException">As <see cref="Start"/>.</exception>
    /// <exception cref="CommandTimeoutException">The time was over; it has been ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; if it had been started it has been ended, and this is a
    /// <see cref="CommandCanceledException"/>.</exception>
    [SupportedOSPlatform("linux")]
    public CommandResult Run(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        SyncCall.Result(CommandRunner.RunAsync(Line, isAsync: false, timeout, cancellationToken));

    /// <summary>As <see cref="Run"/>, without a thread that waits. The program is started before this returns.</summary>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has it ended.</param>
    /// <returns>How it ended; the exceptions are those of <see cref="Run"/>.</returns>
    [SupportedOSPlatform("linux")]
    public Task<CommandResult> RunAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        CommandRunner.RunAsync(Line, isAsync: true, timeout, cancellationToken).AsTask();

    /// <summary><c>subprocess.run(capture_output=True, text=True)</c>: runs it to its end, and collects what it writes as text.</summary>
    /// <param name="timeout">How long it may take; null without end. Then it is ended: see <see cref="WithTermination"/>.</param>
    /// <param name="cancellationToken">Has it ended as well.</param>
    /// <returns>How it ended, and its output and error, apart unless merged (<see cref="WithMergedOutput"/>).</returns>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <exception cref="InvalidOperationException">Its standard output goes elsewhere, output or error is a descriptor of this
    /// program's (<see cref="WithDescriptor"/>), or its input is a pipe that nobody would use.</exception>
    /// <exception cref="OsException">As <see cref="Start"/>.</exception>
    /// <exception cref="CommandTimeoutException">The time was over; it has been ended.</exception>
    /// <exception cref="OutputLimitException">It wrote more than <see cref="WithOutputLimit"/> allows; it has been ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; if it had been started it has been ended, and this is a
    /// <see cref="CommandCanceledException"/>.</exception>
    [SupportedOSPlatform("linux")]
    public CapturedText Capture(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        SyncCall.Result(CommandRunner.CaptureTextAsync(Line, isAsync: false, timeout, cancellationToken));

    /// <summary>As <see cref="Capture"/>, without a thread that waits.</summary>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has it ended.</param>
    /// <returns>What <see cref="Capture"/> returns; the exceptions are its too.</returns>
    [SupportedOSPlatform("linux")]
    public Task<CapturedText> CaptureAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        CommandRunner.CaptureTextAsync(Line, isAsync: true, timeout, cancellationToken).AsTask();

    /// <summary><c>subprocess.run(capture_output=True)</c>: as <see cref="Capture"/>, with the output as bytes.</summary>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has it ended.</param>
    /// <returns>How it ended, and what it wrote; the exceptions are those of <see cref="Capture"/>.</returns>
    [SupportedOSPlatform("linux")]
    public CapturedBytes CaptureBytes(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        SyncCall.Result(CommandRunner.CaptureBytesAsync(Line, isAsync: false, timeout, cancellationToken));

    /// <summary>As <see cref="CaptureBytes"/>, without a thread that waits.</summary>
    /// <param name="timeout">How long it may take; null without end.</param>
    /// <param name="cancellationToken">Has it ended.</param>
    /// <returns>How it ended, and what it wrote; the exceptions are those of <see cref="Capture"/>.</returns>
    [SupportedOSPlatform("linux")]
    public Task<CapturedBytes> CaptureBytesAsync(TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        CommandRunner.CaptureBytesAsync(Line, isAsync: true, timeout, cancellationToken).AsTask();
}
