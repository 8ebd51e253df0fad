namespace Gannet;

/// <summary>The direction of <see cref="Os.Popen"/>: one of the two, never both.</summary>
public enum PopenMode
{
    /// <summary><c>"r"</c>: what the command writes to its standard output is read here.</summary>
    Read,

    /// <summary><c>"w"</c>: what is written here is the command's standard input.</summary>
    Write,
}
