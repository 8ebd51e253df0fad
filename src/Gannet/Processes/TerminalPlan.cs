namespace Gannet;

/// <summary>The terminal that a child is to get.</summary>
/// <param name="Columns">Its width in letters.</param>
/// <param name="Rows">Its height in lines.</param>
/// <param name="Echo">Whether it shows what is typed.</param>
internal readonly record struct TerminalPlan(int Columns, int Rows, bool Echo)
{
    /// <summary>The largest width and height that the kernel can keep; 0 is "not known" to it.</summary>
    public const int LargestSize = ushort.MaxValue;

    /// <summary>Refuses a size that is none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1 or more than 65535.</exception>
    public static void CheckSize(int columns, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(columns, LargestSize);
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, LargestSize);
    }
}
