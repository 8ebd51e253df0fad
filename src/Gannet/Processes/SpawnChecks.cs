using Gannet.Interop;

namespace Gannet;

/// <summary>Refuses what can't succeed before anything has happened.</summary>
internal static class SpawnChecks
{
    public const int LowestNice = -20;
    public const int HighestNice = 19;
    public const uint LargestUmask = 0x1FF;
    public const Signal LastSignal = (Signal)64;

    /// <summary>Checks all but the texts, which are checked as they are encoded.</summary>
    public static void Check(SpawnRequest request)
    {
        ArgumentException.ThrowIfNullOrEmpty(request.Program);
        if (request.Arguments.Count == 0)
        {
            throw new ArgumentException("The arguments begin with argv[0], the name that the new program sees as its own.", nameof(request));
        }

        if (request.NewSession && request.ProcessGroup is not null)
        {
            throw new ArgumentException("The leader of a new session is the leader of a new group as well; it can join no other.", nameof(request));
        }

        CheckRange(request);
        CheckSources(request.Descriptors);
    }

    /// <summary>Checks descriptors that are sorted by target.</summary>
    public static void CheckTargets(ReadOnlySpan<DescriptorMapping> sorted)
    {
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Target == sorted[i - 1].Target)
            {
                throw new ArgumentException($"The child's descriptor {sorted[i].Target} is named twice.", nameof(sorted));
            }
        }
    }

    private static void CheckRange(SpawnRequest request)
    {
        if (request.Nice is < LowestNice or > HighestNice)
        {
            throw new ArgumentOutOfRangeException(nameof(request), request.Nice, "A nice value is from -20 to 19.");
        }

        if (request.Umask > LargestUmask)
        {
            throw new ArgumentOutOfRangeException(nameof(request), request.Umask, "A umask has the nine permission bits only.");
        }

        if (request.DeathSignal is < Signal.None or > LastSignal)
        {
            throw new ArgumentOutOfRangeException(nameof(request), request.DeathSignal, "There is no such signal.");
        }
    }

    private static void CheckSources(IReadOnlyList<DescriptorMapping> descriptors)
    {
        for (int i = 0; i < descriptors.Count; i++)
        {
            (int source, int target) = descriptors[i];
            if (source < 0 || target < 0 || Libc.IsCloseOnExec(source) is null)
            {
                throw new OsException(Errno.EBADF, "dup2", $"{source} to {target}");
            }
        }
    }
}
