using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Gannet.Interop;

namespace Gannet;

/// <summary>What a <see cref="Command"/> says; null and empty is what is not said.</summary>
internal sealed record CommandSettings
{
    /// <summary>What one string can hold, less a little: the limit of what a capture collects.</summary>
    public const int LargestText = 0x3FFFFF00;

    public required string Program { get; init; }

    public ImmutableArray<string> Arguments { get; init; } = [];

    public string? Arg0 { get; init; }

    public string? WorkingDirectory { get; init; }

    public EnvironmentPlan Environment { get; init; } = EnvironmentPlan.Live;

    /// <summary>At which of its methods this program is to start, whatever the environment is otherwise.</summary>
    public SelfOrder? Order { get; init; }

    public Stdio? Stdin { get; init; }

    public Stdio? Stdout { get; init; }

    public Stdio? Stderr { get; init; }

    public ImmutableArray<(SafeHandle Source, int Target)> Descriptors { get; init; } = [];

    public bool InheritsDescriptors { get; init; }

    public int? ProcessGroup { get; init; }

    public bool NewSession { get; init; }

    public int? ControllingTerminal { get; init; }

    /// <summary>A terminal made for it.</summary>
    public TerminalPlan? Terminal { get; init; }

    public int? ForegroundTerminal { get; init; }

    public string? ControlGroup { get; init; }

    public ImmutableArray<NativeResourceLimit> Limits { get; init; } = [];

    public int? Nice { get; init; }

    public uint? Umask { get; init; }

    public uint? UserId { get; init; }

    public uint? GroupId { get; init; }

    public IReadOnlyList<uint>? Groups { get; init; }

    public bool NoNewPrivileges { get; init; }

    public Signal DeathSignal { get; init; }

    public ulong DefaultSignals { get; init; } = SignalSet.Pipe;

    public ulong IgnoredSignals { get; init; }

    public ulong BlockedSignals { get; init; }

    public EndingPlan Ending { get; init; } = EndingPlan.Default;

    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(5);

    public long OutputLimit { get; init; } = LargestText;

    /// <summary>Does as older kernels would.</summary>
    public SpawnOptions Fallbacks { get; init; }
}
