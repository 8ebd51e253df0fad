namespace Gannet;

/// <summary>The numbers of the standard streams (stdin(3)).</summary>
internal static class StandardStreams
{
    public const int Input = 0;
    public const int Output = 1;
    public const int Error = 2;
}
