namespace Gannet;

/// <summary>
/// What <see cref="Os.Wait3"/> and <see cref="Os.Wait4"/> tell of a child. It comes apart into three, as in Python, or into the two
/// that <see cref="Os.WaitPid(int, WaitOptions, CancellationToken)"/> gives.
/// </summary>
/// <param name="Pid">The child's number; 0 when there was nothing to report.</param>
/// <param name="Status">How it ended, stopped or went on.</param>
/// <param name="Usage">What it has used until then, with the children that it has waited for.</param>
public readonly record struct WaitedChild(int Pid, WaitStatus Status, ResourceUsage Usage)
{
    /// <summary>The number and the status alone.</summary>
    /// <param name="pid">The child's number; 0 when there was nothing to report.</param>
    /// <param name="status">How it ended, stopped or went on.</param>
    public void Deconstruct(out int pid, out WaitStatus status)
    {
        pid = Pid;
        status = Status;
    }
}
