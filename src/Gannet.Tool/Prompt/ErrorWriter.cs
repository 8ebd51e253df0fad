using Gannet.Interop;

namespace Gannet.Tool.Prompt;

/// <summary>Writes errors to standard error, in red on a terminal that has colours.</summary>
internal sealed class ErrorWriter
{
    private const string Red = "\e[31m";
    private const string Plain = "\e[0m";

    private readonly bool _hasColours = Libc.IsTerminal(2) != 0 && TerminalKind.HasColours;

    public void Tell(string text)
    {
        Sys.FlushOutput();
        bool colours = _hasColours && ReferenceEquals(Sys.Stderr, Sys.OriginalStderr);
        Sys.Tell(colours ? $"{Red}{text}{Plain}\n" : text + "\n");
    }
}
