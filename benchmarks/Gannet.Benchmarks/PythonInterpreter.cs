using System.ComponentModel;
using System.Diagnostics;

namespace Gannet.Benchmarks;

/// <summary>The CPython of this machine.</summary>
internal static class PythonInterpreter
{
    /// <summary>The interpreter itself: what is called python3 on PATH may be a script that looks for it. Null without one.</summary>
    public static string? Find()
    {
        try
        {
            using Process python = Process.Start(
                new ProcessStartInfo("python3", ["-c", "import sys; print(sys.executable)"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
            return python.StandardOutput.ReadToEnd().Trim();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
