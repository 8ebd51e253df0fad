using System.Runtime.InteropServices;

namespace Gannet;

/// <content>Standard streams and other descriptors.</content>
public sealed partial class Command
{
    /// <summary>With another standard input. Unless said, the child has this program's.</summary>
    /// <param name="stdin">What it is.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stdin"/> is null.</exception>
    /// <exception cref="ArgumentException">It is something for outputs only, or a stream that can't be read.</exception>
    public Command WithStdin(Stdio stdin)
    {
        ArgumentNullException.ThrowIfNull(stdin);
        if (stdin.Kind is StdioKind.Stdout or StdioKind.Append || stdin.Source is Stream { CanRead: false })
        {
            throw new ArgumentException($"Nothing can be read from this: {stdin}.", nameof(stdin));
        }

        return new(_settings with { Stdin = stdin });
    }

    /// <summary>With another standard output. Unless said, the child has this program's; a capture takes it.</summary>
    /// <param name="stdout">What it is.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stdout"/> is null.</exception>
    /// <exception cref="ArgumentException">It is something for input or for standard error only, or a stream that can't be
    /// written.</exception>
    public Command WithStdout(Stdio stdout)
    {
        CheckOutput(stdout, nameof(stdout));
        return stdout.Kind is StdioKind.Stdout
            ? throw new ArgumentException("Standard output can't be another name of itself.", nameof(stdout))
            : new(_settings with { Stdout = stdout });
    }

    /// <summary>With another standard error. Unless said, the child has this program's, and a capture takes it apart from the
    /// output.</summary>
    /// <param name="stderr">What it is; <see cref="Stdio.Stdout"/> merges it with the output in true order.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stderr"/> is null.</exception>
    /// <exception cref="ArgumentException">It is something for input only, or a stream that can't be written.</exception>
    public Command WithStderr(Stdio stderr)
    {
        CheckOutput(stderr, nameof(stderr));
        return new(_settings with { Stderr = stderr });
    }

    /// <summary>With a text as the whole standard input: <see cref="WithStdin"/> with <see cref="Stdio.Text"/>.</summary>
    /// <param name="text">The text, passed in UTF-8.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public Command WithInput(string text) => WithStdin(Stdio.Text(text));

    /// <summary>With bytes as the whole standard input: <see cref="WithStdin"/> with <see cref="Stdio.Bytes"/>.</summary>
    /// <param name="bytes">The bytes; must not change until the child has ended.</param>
    public Command WithInput(ReadOnlyMemory<byte> bytes) => WithStdin(Stdio.Bytes(bytes));

    /// <summary>With standard error merged into standard output, in true order: <see cref="WithStderr"/> with
    /// <see cref="Stdio.Stdout"/>.</summary>
    public Command WithMergedOutput() => WithStderr(Stdio.Stdout);

    /// <summary><c>pass_fds</c>: with a descriptor of this program under a number in the child. Several may be exchanged with each
    /// other; the numbers of the child and of this program have nothing to do with one another.</summary>
    /// <param name="source">The descriptor here, open until the child is started.</param>
    /// <param name="target">Its number in the child, 0 or above. Numbers 0, 1 and 2 are better set by <see cref="WithStdin"/> and
    /// its kin, which such a descriptor outweighs.</param>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    /// <exception cref="ArgumentException">The number is taken already.</exception>
    public Command WithDescriptor(SafeHandle source, int target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfNegative(target);
        if (_settings.Descriptors.Any(descriptor => descriptor.Target == target))
        {
            throw new ArgumentException($"The child's descriptor {target} is named twice.", nameof(target));
        }

        return new(_settings with { Descriptors = _settings.Descriptors.Add((source, target)) });
    }

    /// <summary><c>close_fds=False</c>: with all descriptors of this program that are not close-on-exec. .NET and Gannet open none
    /// such; they are those that this program was started with, and what native code has opened so.</summary>
    public Command WithInheritedDescriptors() => new(_settings with { InheritsDescriptors = true });

    /// <summary>With a limit on what a capture may collect, output and error together, and on the length of a line that is read by itself
    /// (<see cref="Lines"/>). A child that writes more is ended, and the call fails with <see cref="OutputLimitException"/>. Unless said, the limit is 1 GiB less 256 bytes, what a text can hold.</summary>
    /// <param name="bytes">The limit in bytes, from 0 to that of an array, 2,147,483,590; a text can't hold more than the default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number out of that range.</exception>
    public Command WithOutputLimit(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Array.MaxLength - 1);
        return new(_settings with { OutputLimit = bytes });
    }

    /// <summary>
    /// With a time for which output is still read after the child has ended, while a process that it has left behind holds the pipe open.
    /// When it is over the pipe is closed, and the result says so (<see cref="CommandResult.OutputAbandoned"/>). Unless said, 5 seconds.
    /// </summary>
    /// <param name="time">The time; zero takes what is there, <see cref="Timeout.InfiniteTimeSpan"/> waits for the last
    /// holder.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative time.</exception>
    /// <remarks>Go's <c>Cmd.WaitDelay</c>; CPython waits without end.</remarks>
    public Command WithDrainTime(TimeSpan time)
    {
        _ = Deadline.After(time);
        return new(_settings with { DrainTime = time });
    }

    private static void CheckOutput(Stdio output, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(output, parameterName);
        if (output.Kind is StdioKind.Bytes || output.Source is Stream { CanWrite: false })
        {
            throw new ArgumentException($"Nothing can be written to this: {output}.", parameterName);
        }
    }
}
