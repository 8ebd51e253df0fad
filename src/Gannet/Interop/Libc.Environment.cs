using System.Runtime.InteropServices;

namespace Gannet.Interop;

/// <content>libc's copy of the environment.</content>
internal static unsafe partial class Libc
{
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
