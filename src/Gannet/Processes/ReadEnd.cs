using Gannet.Interop;
using Microsoft.Win32.SafeHandles;

namespace Gannet;

/// <summary>This program's end of a pipe, or of a terminal, that a <see cref="Conversation"/> reads.</summary>
/// <param name="pipe">The end.</param>
/// <param name="sink">Where to.</param>
/// <param name="isTerminal">Whether it is a terminal.</param>
internal sealed class ReadEnd(SafeFileHandle pipe, OutputSink sink, bool isTerminal)
{
    private bool _isWide;

    /// <summary>The end.</summary>
    public SafeFileHandle Pipe => pipe;

    /// <summary>Whether it is a terminal, which nobody but its child has when that has ended.</summary>
    public bool IsTerminal => isTerminal;

    /// <summary>Where what is read goes.</summary>
    public OutputSink Sink { get; set; } = sink;

    /// <summary>Reads what is there.</summary>
    /// <returns>As <see cref="Libc.TryRead"/>.</returns>
    public int Read(Span<byte> room) => Libc.TryReadAndWiden(pipe, room, ref _isWide);
}
