using System.Runtime.InteropServices;

namespace Gannet.Testing;

/// <summary>Where forks are tested. The runtime's version is not asked: under an unknown one the tests are to fail.</summary>
internal static class ForkPlatform
{
    public static string? Complaint { get; } =
        RuntimeInformation.ProcessArchitecture is not Architecture.X64 ? "A process can be forked on x64 only."
        : !NativeLibrary.TryLoad("libc.so.6", out nint libc) || !NativeLibrary.TryGetExport(libc, "_Fork", out _) ? "A process can be forked with glibc 2.34 or later only."
        : null;
}
