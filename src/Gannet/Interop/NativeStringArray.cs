using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <summary>
/// A NULL-terminated array of NUL-terminated strings in native memory, as <c>execve</c> takes its arguments and its
/// environment: one block, the pointers first and the bytes behind them, freed on dispose.
/// </summary>
internal sealed unsafe class NativeStringArray : IDisposable
{
    private byte** _pointers;

    /// <summary>Copies <paramref name="strings"/>, each given as bytes without a terminator.</summary>
    public NativeStringArray(IReadOnlyList<byte[]> strings)
    {
        nuint size = (nuint)(strings.Count + 1) * (nuint)sizeof(byte*);
        foreach (byte[] text in strings)
        {
            size += (nuint)text.Length + 1;
        }

        _pointers = (byte**)NativeMemory.Alloc(size);
        byte* next = (byte*)(_pointers + strings.Count + 1);
        for (int i = 0; i < strings.Count; i++)
        {
            byte[] text = strings[i];
            _pointers[i] = next;
            text.CopyTo(new Span<byte>(next, text.Length));
            next[text.Length] = 0;
            next += text.Length + 1;
        }

        _pointers[strings.Count] = null;
    }

    /// <summary>The array; valid until dispose.</summary>
    public byte** Pointers => _pointers;

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(_pointers);
        _pointers = null;
    }
}
