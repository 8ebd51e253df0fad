namespace Gannet;

/// <summary>The kinds of <see cref="Stdio"/>.</summary>
internal enum StdioKind
{
    Inherit,
    Null,
    Pipe,
    Terminal,
    Stdout,
    File,
    Append,
    Handle,
    Stream,
    Bytes,
}
