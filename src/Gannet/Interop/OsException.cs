using System.Runtime.InteropServices;

namespace Gannet;

/// <summary>
/// A system call that failed: which one, on what, and with which <c>errno</c>. The message reads
/// <c>execvp 'nothing': No such file or directory (ENOENT)</c>. Python's <c>OSError</c>.
/// </summary>
public class OsException : IOException
{
    /// <summary>Describes a failed call.</summary>
    /// <param name="errno">The error number that the call left.</param>
    /// <param name="operation">The name of the call, in the field's words: <c>open</c>, <c>execve</c>.</param>
    /// <param name="path">What the call was made on, usually a path; null when there is nothing to name.</param>
    public OsException(Errno errno, string operation, string? path = null)
        : base(Describe(errno, operation, path))
    {
        Errno = errno;
        Operation = operation;
        Path = path;
        // .NET's own I/O exceptions carry errno here when they come from a system call on Unix.
        HResult = (int)errno;
    }

    /// <summary>Describes a failure that has more to say than its number.</summary>
    private protected OsException(string message, Errno errno, string operation)
        : base(message)
    {
        Errno = errno;
        Operation = operation;
        HResult = (int)errno;
    }

    /// <summary>The error number, as the kernel gave it.</summary>
    public Errno Errno { get; }

    /// <summary>The name of the call that failed.</summary>
    public string Operation { get; }

    /// <summary>What the call was made on, usually a path; null when there is nothing to name.</summary>
    public string? Path { get; }

    private static string Describe(Errno errno, string operation, string? path)
    {
        ArgumentNullException.ThrowIfNull(operation);
        string text = Marshal.GetPInvokeErrorMessage((int)errno);
        string name = NameOf(errno);
        return path is null ? $"{operation}: {text} ({name})" : $"{operation} '{path}': {text} ({name})";
    }

    // An errno with two names is told by the one that manual pages list first; Enum.GetName would pick either.
    private static string NameOf(Errno errno) => errno switch
    {
        Errno.EAGAIN => nameof(Errno.EAGAIN),
        Errno.EDEADLK => nameof(Errno.EDEADLK),
        Errno.EOPNOTSUPP => nameof(Errno.EOPNOTSUPP),
        _ => Enum.GetName(errno) ?? $"errno {(int)errno}",
    };
}
