namespace Gannet.Tool;

/// <summary>The statuses that <c>gannet</c> itself ends with; a script's own status is passed on as it is.</summary>
internal static class ExitStatus
{
    public const int Success = 0;

    /// <summary>The script failed: it did not compile, or it threw.</summary>
    public const int Failure = 1;

    /// <summary>The command line can't be obeyed, or there is no such script: as CPython and the shells have it.</summary>
    public const int Usage = 2;
}
