namespace Gannet;

/// <summary><c>struct utsname</c>, CPython's <c>uname_result</c>: what the kernel says about itself and the machine, in the order of
/// <c>uname -snrvm</c>.</summary>
/// <param name="SysName">The kernel: <c>Linux</c>.</param>
/// <param name="NodeName">The name of the machine.</param>
/// <param name="Release">The kernel's release: <c>6.1.0-18-amd64</c>.</param>
/// <param name="Version">The kernel's build.</param>
/// <param name="Machine">The processor: <c>x86_64</c>, <c>aarch64</c>.</param>
public readonly record struct SystemNames(string SysName, string NodeName, string Release, string Version, string Machine);
