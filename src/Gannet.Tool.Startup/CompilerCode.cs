using System.Runtime.CompilerServices;

namespace Gannet.Tool;

/// <summary>
/// Machine code that the C# compiler needs at its start. The runtime takes each method of it only if the IL that it was made from is still
/// the IL of the framework and of the compiler that are there; otherwise the method is compiled as it goes, as without this assembly.
/// </summary>
public static class CompilerCode
{
    /// <summary>Makes the code known to the runtime: it looks through it from now on.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Load()
    {
        // That the assembly has been loaded is all.
    }
}
