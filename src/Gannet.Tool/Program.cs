using System.Diagnostics;

namespace Gannet.Tool;

internal static class Program
{
    /// <summary>The command; hidden from the traces of the scripts that run under it.</summary>
    [StackTraceHidden]
    public static int Main(string[] args) => GannetCommand.Run(args);
}
