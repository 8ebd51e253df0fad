using System.Runtime.CompilerServices;
using Gannet.Interop;

namespace Gannet;

/// <summary>The ways in which lines of commands are told. Nothing is started before the first line is asked for.</summary>
internal static class LineRunner
{
    /// <summary>As strings.</summary>
    public static IEnumerable<string> Read(PipelineSettings line, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        LineReader.Check(line, timeout);
        return ReadStrings(line, timeout, cancellationToken);
    }

    /// <summary>As strings, without a thread that waits.</summary>
    public static IAsyncEnumerable<string> ReadAsync(PipelineSettings line, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        LineReader.Check(line, timeout);
        return ReadStringsAsync(line, timeout, cancellationToken);
    }

    /// <summary>As bytes, without a thread that waits.</summary>
    public static IAsyncEnumerable<ReadOnlyMemory<byte>> ReadBytesAsync(
        PipelineSettings line, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        LineReader.Check(line, timeout);
        return ReadMemoryAsync(line, timeout, cancellationToken);
    }

    /// <summary>To a function, while that wants more.</summary>
    public static CommandResult ForEach(
        PipelineSettings line, Func<ReadOnlySpan<byte>, bool> take, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(take);
        LineReader.Check(line, timeout);
        using LineReader reader = LineReader.Start(line, isAsync: false, timeout, cancellationToken);
        while (reader.Read() && take(reader.Span))
        {
        }

        reader.Dispose();
        return reader.Result!;
    }

    private static IEnumerable<string> ReadStrings(PipelineSettings line, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        using LineReader reader = LineReader.Start(line, isAsync: false, timeout, cancellationToken);
        while (reader.Read())
        {
            yield return OsText.Decode(reader.Span);
        }

        reader.Result!.EnsureSuccess();
    }

    private static async IAsyncEnumerable<string> ReadStringsAsync(
        PipelineSettings line, TimeSpan? timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LineReader reader = LineReader.Start(line, isAsync: true, timeout, cancellationToken);
        try
        {
            while (await reader.ReadAsync().ConfigureAwait(false))
            {
                yield return OsText.Decode(reader.Span);
            }

            reader.Result!.EnsureSuccess();
        }
        finally
        {
            await reader.CloseAsync(isAsync: true).ConfigureAwait(false);
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadMemoryAsync(
        PipelineSettings line, TimeSpan? timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LineReader reader = LineReader.Start(line, isAsync: true, timeout, cancellationToken);
        try
        {
            while (await reader.ReadAsync().ConfigureAwait(false))
            {
                yield return reader.Line;
            }

            reader.Result!.EnsureSuccess();
        }
        finally
        {
            await reader.CloseAsync(isAsync: true).ConfigureAwait(false);
        }
    }
}
