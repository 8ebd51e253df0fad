namespace Gannet;

/// <summary>What a child, and the children that it waited for, have used (getrusage(2)).</summary>
/// <param name="UserTime">CPU time in the program.</param>
/// <param name="SystemTime">CPU time in the kernel for it.</param>
/// <param name="MaxResidentBytes">The most memory that it held at once. The kernel counts this process's own at the time of the
/// spawn as a lower bound, because the child shares it until execve, as with every vfork and posix_spawn.</param>
internal readonly record struct ResourceUsage(TimeSpan UserTime, TimeSpan SystemTime, long MaxResidentBytes);
