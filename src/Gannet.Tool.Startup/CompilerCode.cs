using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Gannet.Tool;

/// <summary>
/// Machine code that the C# compiler needs at its start. The runtime takes each method of it only if the IL that it was made from is still
/// the IL of the framework and of the compiler that are there; otherwise the method is compiled as it goes, as without this assembly.
/// </summary>
public static class CompilerCode
{
    /// <summary>Makes the code known to the runtime, once the compiler can be found.</summary>
    public static void Load()
    {
        // Their versions stand in the code, which is passed over as long as nobody has asked for them by just that name.
        Assembly.Load(typeof(Compilation).Assembly.FullName!);
        Assembly.Load(typeof(CSharpCompilation).Assembly.FullName!);
    }
}
