namespace Gannet;

/// <summary>
/// <see cref="Os.DropPrivileges"/> has failed half way: the process is neither what it was nor what it was to be, and must not go on.
/// Whoever catches this ends the process.
/// </summary>
/// <param name="errno">The error number of the step; <see cref="Errno.None"/> when a check at the end failed.</param>
/// <param name="operation">The step.</param>
/// <param name="user">Whose rights it was to have.</param>
public sealed class PrivilegeException(Errno errno, string operation, string user) : OsException(errno, operation, user)
{
    /// <inheritdoc/>
    public override string Message =>
        (Errno is Errno.None ? $"{Operation}: the process could get back privileges that it was to give up for '{Path}'" : base.Message)
        + "; its privileges are dropped in part only, and it must not go on";
}
