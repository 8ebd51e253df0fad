#if NET10_0_OR_GREATER
using System.Runtime.CompilerServices;

namespace Gannet.Interop;

/// <summary>
/// The children that the class <c>Process</c> has started. After a fork they are the parent's; the runtime would ask the kernel
/// for them at the first SIGCHLD of a child that it does not know, and end the process when the kernel knows none of them.
/// </summary>
internal static class RuntimeChildren
{
    private const string Assembly = "System.Diagnostics.Process";
    private const string WaitState = "System.Diagnostics.ProcessWaitState, System.Diagnostics.Process";

    private static readonly Lazy<bool> s_canForget = new(TryForgetNobody);

    /// <summary>Whether <see cref="Forget"/> will work: this runtime keeps account of them as it is known to.</summary>
    public static bool CanForget => s_canForget.Value;

    /// <summary>Whether there may be any.</summary>
    public static bool MayExist => AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name is Assembly);

    /// <summary>In a forked child: has the runtime look no more for a child of the parent, if it is one of these.</summary>
    public static void Forget(int pid)
    {
        object state = AddReference(null, pid, isNewChild: false, usesTerminal: false);
        if (IsChild(state))
        {
            HasExited(state) = true;
        }

        ReleaseReference(state);
    }

    // This process is none of its children.
    private static bool TryForgetNobody()
    {
        try
        {
            Forget(Environment.ProcessId);
            return true;
        }
        catch (Exception error) when (error is MissingMemberException or TypeLoadException)
        {
            return false;
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "AddRef")]
    [return: UnsafeAccessorType(WaitState)]
    private static extern object AddReference([UnsafeAccessorType(WaitState)] object? type, int processId, bool isNewChild, bool usesTerminal);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "ReleaseRef")]
    private static extern void ReleaseReference([UnsafeAccessorType(WaitState)] object state);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_isChild")]
    private static extern ref bool IsChild([UnsafeAccessorType(WaitState)] object state);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_exited")]
    private static extern ref bool HasExited([UnsafeAccessorType(WaitState)] object state);
}
#endif
