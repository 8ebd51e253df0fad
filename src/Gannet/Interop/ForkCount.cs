namespace Gannet.Interop;

/// <summary>
/// How many forks lie between this process and the one that its program was started in. The fork library raises it in the child before any
/// other thread is there, so that what a dead thread has left in the child's memory can be told from what a living one has put there.
/// </summary>
internal static class ForkCount
{
    private static int s_value;

    /// <summary>The number.</summary>
    public static int Value => Volatile.Read(ref s_value);

    /// <summary>Where it is kept, for the fork library.</summary>
    public static ref int Place => ref s_value;
}
