using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Gannet.Interop;

namespace Gannet;

/// <summary>
/// A program that was started with SIGCHLD ignored has no children to wait for: the kernel reaps them, and tells no status. The action is
/// inherited, from a shell's <c>trap '' CHLD</c> or a careless daemon, so it is put back before anything is started, and
/// before the runtime installs its own handler, which would reap every child for having found the signal ignored.
/// </summary>
internal static class ChildSignal
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The earliest moment of the library is early enough; the first spawn is not.")]
    internal static void PutBack()
    {
        if (OperatingSystem.IsLinux() && Libc.IsIgnored(Libc.SIGCHLD))
        {
            Libc.SetDefaultAction(Libc.SIGCHLD);
        }
    }
}
