namespace Gannet;

/// <summary>
/// <see cref="Os.DropPrivileges"/> has failed half way: the process is neither what it was nor what it was to be, and must not go on.
/// Whoever catches this ends the process. It is no <see cref="OsException"/>, so that a handler for a call that has changed nothing
/// does not take it for one.
/// </summary>
/// <param name="errno">The error number of the step; <see cref="Errno.None"/> when a check at the end failed.</param>
/// <param name="operation">The step.</param>
/// <param name="user">Whose rights it was to have.</param>
public sealed class PrivilegeException(Errno errno, string operation, string user) : Exception(Describe(errno, operation, user))
{
    /// <summary>The error number of the step; <see cref="Errno.None"/> when a check at the end failed.</summary>
    public Errno Errno { get; } = errno;

    /// <summary>The step that failed.</summary>
    public string Operation { get; } = operation;

    private static string Describe(Errno errno, string operation, string user)
    {
        string failure = errno is Errno.None
            ? $"{operation}: the process could get back privileges that it was to give up for '{user}'"
            : new OsException(errno, operation, user).Message;
        return $"{failure}; its privileges are dropped in part only, and it must not go on";
    }
}
