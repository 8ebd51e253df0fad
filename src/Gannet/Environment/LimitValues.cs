using System.Globalization;

namespace Gannet;

/// <summary><c>struct rlimit</c>: a limit that the kernel enforces, and how far the process may raise it.</summary>
/// <param name="Soft">What is enforced.</param>
/// <param name="Hard">Its ceiling; only root may raise that.</param>
public readonly record struct LimitValues(ulong Soft, ulong Hard)
{
    /// <summary><c>RLIM_INFINITY</c>: no limit.</summary>
    public const ulong Unlimited = ulong.MaxValue;

    /// <summary>As <c>ulimit</c> shows it: <c>1024 (unlimited)</c>.</summary>
    public override string ToString() => $"{Show(Soft)} ({Show(Hard)})";

    private static string Show(ulong limit) => limit is Unlimited ? "unlimited" : limit.ToString(CultureInfo.InvariantCulture);
}
