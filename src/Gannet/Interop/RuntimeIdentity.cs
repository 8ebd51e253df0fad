#if NET10_0_OR_GREATER
using System.Runtime.CompilerServices;

namespace Gannet.Interop;

/// <summary>What the runtime remembers about the process that it was started in, and can't know to be wrong after a fork.</summary>
internal static class RuntimeIdentity
{
    /// <summary>Has <see cref="Environment.ProcessId"/> ask the kernel again.</summary>
    /// <exception cref="MissingFieldException">This runtime remembers it in another way.</exception>
    public static void ForgetProcessId() => ProcessId(null) = 0;

    /// <summary>Finds out whether <see cref="ForgetProcessId"/> will work.</summary>
    public static bool CanForgetProcessId()
    {
        try
        {
            return ProcessId(null) >= 0;
        }
        catch (MissingFieldException)
        {
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticField, Name = "s_processId")]
    private static extern ref int ProcessId([UnsafeAccessorType("System.Environment, System.Private.CoreLib")] object? type);
}
#endif
