using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <content>libc's copy of the environment.</content>
internal static unsafe partial class Libc
{
    /// <summary>The entries of <c>environ</c> as bytes, in their order: what getenv reads and setenv changes.</summary>
    public static List<byte[]> ReadEnvironment()
    {
        List<byte[]> entries = [];
        // "environ" is a variable, not a function; the program's own handle finds the copy that libc uses.
        byte** next = *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");
        for (; next is not null && *next is not null; next++)
        {
            entries.Add(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*next).ToArray());
        }

        return entries;
    }

    /// <summary>Removes a variable from libc's environment; .NET's copy is another one.</summary>
    public static void UnsetEnvironmentVariable(string name)
    {
        fixed (byte* nativeName = OsText.EncodeTerminated(name, nameof(name)))
        {
            _ = unsetenv(nativeName);
        }
    }

    [LibraryImport(Library)]
    private static partial int unsetenv(byte* name);
}
