using System.Globalization;
using Xunit;

namespace Gannet.Testing;

/// <summary>A test that takes much memory; skipped where less than that is free.</summary>
public sealed class LargeMemoryFactAttribute : FactAttribute
{
    private const string Available = "MemAvailable:";
    private const int Kibibyte = 1024;

    /// <param name="bytes">How much is to be free.</param>
    public LargeMemoryFactAttribute(long bytes)
    {
        Bytes = bytes;
        if (Free() < bytes)
        {
            Skip = $"Less than {bytes >> 30} GiB of memory are free.";
        }
    }

    public long Bytes { get; }

    // The limit of a container is none of the machine's.
    private static long Free() => Math.Min(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, FreeOfMachine());

    private static long FreeOfMachine() => Kibibyte * long.Parse(
        File.ReadLines("/proc/meminfo").First(line => line.StartsWith(Available))[Available.Length..].Split('k')[0], CultureInfo.InvariantCulture);
}
