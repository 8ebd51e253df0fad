using Gannet.Interop;

namespace Gannet;

/// <summary>
/// What a child is to be. What is not said is inherited, but for what a program is right to expect: it gets descriptors 0, 1 and 2
/// and those named, no signal is blocked, and those that this process handles are at their default, SIGPIPE too, which .NET ignores.
/// </summary>
internal sealed class SpawnRequest
{
    /// <summary>
    /// The program as typed. Without a slash it is looked for along the PATH that the child gets. A relative path, and a relative
    /// directory in PATH, count from the child's working directory, since execve comes after chdir.
    /// </summary>
    public required string Program { get; init; }

    /// <summary>The arguments from <c>argv[0]</c> on.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The entries <c>NAME=value</c> as bytes; null for this process's live environment.</summary>
    public IReadOnlyList<byte[]>? Environment { get; init; }

    /// <summary>The working directory, or null for this process's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>What the child's descriptors are; each target once, in any order. The caller keeps the sources open.</summary>
    public IReadOnlyList<DescriptorMapping> Descriptors { get; init; } = [];

    /// <summary>Whether every descriptor above 2 that is no target is closed, those too that are not close-on-exec.</summary>
    public bool CloseOthers { get; init; } = true;

    /// <summary>The process group to join; 0 for a new one, whose number is the child's pid.</summary>
    public int? ProcessGroup { get; init; }

    /// <summary>Whether the child leads a session (and group) of its own, without a terminal.</summary>
    public bool NewSession { get; init; }

    /// <summary>The child's descriptor of the terminal that the next two speak of.</summary>
    public int Terminal { get; init; }

    /// <summary>Whether the terminal becomes the controlling one of the child's session, which takes <see cref="NewSession"/>.</summary>
    public bool TakesTerminal { get; init; }

    /// <summary>Whether the child's group becomes the one in the terminal's foreground.</summary>
    public bool Foreground { get; init; }

    /// <summary>The directory of the control group to start in.</summary>
    public string? ControlGroup { get; init; }

    /// <summary>Resource limits, set in this order.</summary>
    public IReadOnlyList<NativeResourceLimit> Limits { get; init; } = [];

    /// <summary>The nice value itself, -20 to 19, not a difference.</summary>
    public int? Nice { get; init; }

    /// <summary>The file mode creation mask.</summary>
    public uint? Umask { get; init; }

    /// <summary>The supplementary groups; empty for none.</summary>
    public IReadOnlyList<uint>? Groups { get; init; }

    /// <summary>The real, effective and saved group.</summary>
    public uint? GroupId { get; init; }

    /// <summary>The real, effective and saved user.</summary>
    public uint? UserId { get; init; }

    /// <summary>Whether no program started from there on gains privileges by its file (prctl(2), <c>PR_SET_NO_NEW_PRIVS</c>).</summary>
    public bool NoNewPrivileges { get; init; }

    /// <summary>The signal that the child gets when this process dies, however it dies.</summary>
    public Signal DeathSignal { get; init; }

    /// <summary>Signals at their default in the child, besides those handled here; bit 0 is signal 1.</summary>
    public ulong DefaultSignals { get; init; } = 1ul << (Libc.SIGPIPE - 1);

    /// <summary>Signals that the child ignores, which outweighs the others.</summary>
    public ulong IgnoredSignals { get; init; }

    /// <summary>Signals blocked in the child.</summary>
    public ulong BlockedSignals { get; init; }

    /// <summary>Whether it is the child of a child that ends at once, and so whoever adopts orphans has to reap it. There is no descriptor
    /// for it then.</summary>
    public bool Detached { get; init; }

    /// <summary>Does as older kernels would.</summary>
    public SpawnOptions Fallbacks { get; init; }

    /// <summary>Whether the child takes other ids than this process has.</summary>
    public bool ChangesIds => Groups is not null || GroupId is not null || UserId is not null;
}
