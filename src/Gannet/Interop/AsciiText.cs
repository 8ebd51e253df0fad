using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Gannet.Interop;

/// <summary>Bytes of ASCII as a string, looked at and widened in one pass.</summary>
/// <remarks>For the short texts of which there are many, lines above all: the framework's check and its decoding, one after the
/// other, take about twice the time.</remarks>
internal static class AsciiText
{
    /// <summary>Makes a string of them.</summary>
    /// <returns>False when one of them is no ASCII.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        bool isAscii = bytes.IsEmpty;
        text = string.Create(bytes.Length, new Source(bytes, ref isAscii), static (chars, source) => source.IsAscii = Widen(source.Bytes, chars));
        return isAscii;
    }

    // All of them are written, whatever they are; the answer tells whether that was right.
    private static bool Widen(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        ref byte source = ref MemoryMarshal.GetReference(bytes);
        ref ushort target = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(chars));
        int length = bytes.Length;
        if (length < Vector128<byte>.Count)
        {
            return WidenFew(ref source, ref target, length);
        }

        Vector128<byte> seen = default;
        int last = length - Vector128<byte>.Count;
        for (int i = 0; i < last; i += Vector128<byte>.Count)
        {
            seen |= WidenBlock(ref source, ref target, i);
        }

        // It begins within the one before, unless they are a multiple.
        seen |= WidenBlock(ref source, ref target, last);
        return seen.ExtractMostSignificantBits() == 0;
    }

    private static Vector128<byte> WidenBlock(ref byte source, ref ushort target, int index)
    {
        Vector128<byte> block = Vector128.LoadUnsafe(ref source, (nuint)index);
        (Vector128<ushort> lower, Vector128<ushort> upper) = Vector128.Widen(block);
        lower.StoreUnsafe(ref target, (nuint)index);
        upper.StoreUnsafe(ref target, (nuint)(index + Vector128<ushort>.Count));
        return block;
    }

    private static bool WidenFew(ref byte source, ref ushort target, int length)
    {
        int seen = 0;
        for (int i = 0; i < length; i++)
        {
            byte letter = Unsafe.Add(ref source, i);
            seen |= letter;
            Unsafe.Add(ref target, i) = letter;
        }

        return seen <= sbyte.MaxValue;
    }

    private readonly ref struct Source(ReadOnlySpan<byte> bytes, ref bool isAscii)
    {
        private readonly ref bool _isAscii = ref isAscii;

        public ReadOnlySpan<byte> Bytes { get; } = bytes;

        public bool IsAscii
        {
            set => _isAscii = value;
        }
    }
}
