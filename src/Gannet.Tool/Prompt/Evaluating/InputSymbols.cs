using System.Collections.Immutable;
using System.Diagnostics;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Gannet.Tool.Prompt.Evaluating;

/// <summary>
/// Where the code of inputs stands in their text. The runtime tells it too, but opens for it the symbols of all that is in a trace, the command's own
/// among them, as mapped files, which .NET keeps from forked children.
/// </summary>
internal static class InputSymbols
{
    // As long as their input is loaded. They refer to nothing, so that it can be unloaded.
    private static readonly ConditionalWeakTable<Assembly, byte[]> s_symbols = [];

    /// <summary>Keeps the symbols of an input.</summary>
    public static void Keep(Assembly input, byte[] symbols) => s_symbols.Add(input, symbols);

    /// <summary>The file and the line of a frame in an input; null when it is in none, or in code that the compiler has made up.</summary>
    public static (string File, int Line)? Find(StackFrame frame)
    {
        if (frame.GetMethod() is not { } method || !s_symbols.TryGetValue(method.Module.Assembly, out byte[]? symbols))
        {
            return null;
        }

        using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbImage(ImmutableCollectionsMarshal.AsImmutableArray(symbols));
        MetadataReader reader = provider.GetMetadataReader();
        MethodDebugInformationHandle handle = MetadataTokens.MethodDefinitionHandle(method.MetadataToken & 0xFFFFFF).ToDebugInformationHandle();
        SequencePoint? last = null;
        foreach (SequencePoint point in reader.GetMethodDebugInformation(handle).GetSequencePoints())
        {
            if (point.Offset > frame.GetILOffset())
            {
                break;
            }

            last = point.IsHidden ? last : point;
        }

        return last is { } place ? (reader.GetString(reader.GetDocument(place.Document).Name), place.StartLine) : null;
    }
}
