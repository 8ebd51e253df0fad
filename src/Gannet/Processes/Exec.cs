using System.Diagnostics.CodeAnalysis;
using Gannet.Interop;

namespace Gannet;

/// <summary>Replaces the running program by another one: the one way through which all members of the exec family go.</summary>
internal static class Exec
{
    // The action of SIGPIPE is the whole process's: two attempts at once would take each other's handler for the program's.
    private static readonly Lock s_lock = new();

    /// <summary>Calls <c>execve</c>; returns only by an exception, with the process as it was before.</summary>
    /// <param name="operation">What the caller called it, for the error.</param>
    /// <param name="path">The file to run.</param>
    /// <param name="arguments">The arguments from <c>argv[0]</c> on.</param>
    /// <param name="environment">The new environment; null for the live one.</param>
    [DoesNotReturn]
    public static void Replace(
        string operation, string path, IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Count == 0)
        {
            throw new ArgumentException("The arguments begin with argv[0], the name that the new program sees as its own.", nameof(arguments));
        }

        byte[] nativePath = OsText.EncodeTerminated(path, nameof(path));
        using NativeStringArray argv = new([.. arguments.Select(argument => OsText.Encode(argument, nameof(arguments)))]);
        using NativeStringArray envp = new(environment is null ? LiveEnvironment.Snapshot() : Encode(environment));

        // What is still buffered would be lost with this program's memory; a closed writer holds nothing.
        Sys.FlushOutput();

        Errno error = TryReplace(nativePath, argv, envp);
        throw new OsException(error, operation, path);
    }

    private static List<byte[]> Encode(IEnumerable<KeyValuePair<string, string>> environment)
    {
        List<byte[]> entries = [];
        foreach ((string name, string value) in environment)
        {
            if (string.IsNullOrEmpty(name) || name.Contains('=', StringComparison.Ordinal))
            {
                throw new ArgumentException($"'{name}' can't be the name of an environment variable.", nameof(environment));
            }

            if (value is null)
            {
                throw new ArgumentException($"The environment variable '{name}' has no value.", nameof(environment));
            }

            entries.Add(OsText.Encode($"{name}={value}", nameof(environment)));
        }

        return entries;
    }

    /// <summary>
    /// The new program starts with no signal blocked and with SIGPIPE at its default: .NET ignores SIGPIPE for itself, and an
    /// ignored signal stays ignored across execve, so that <c>yes | head</c> would never end. Both are put back on failure.
    /// </summary>
    /// <remarks>Execve itself turns a handler into the default action. With a handler that does nothing the program's other
    /// threads get EPIPE meanwhile, as ever; at the default action their next write to a broken pipe would kill the process.
    /// Without the native part there is no such handler, and the default has to do.</remarks>
    private static unsafe Errno TryReplace(byte[] path, NativeStringArray argv, NativeStringArray envp)
    {
        byte* noSignals = stackalloc byte[Libc.SignalSetSize];
        byte* blockedBefore = stackalloc byte[Libc.SignalSetSize];
        new Span<byte>(noSignals, Libc.SignalSetSize).Clear();

        using Lock.Scope alone = s_lock.EnterScope();
        nint pipeHandler = Libc.SetSignal(Libc.SIGPIPE, Shim.IsUsable ? Shim.IdleHandler() : Libc.SIG_DFL);
        _ = Libc.SetThreadSignalMask(Libc.SIG_SETMASK, noSignals, blockedBefore);
        Errno error;
        fixed (byte* nativePath = path)
        {
            _ = Libc.ExecVE(nativePath, argv.Pointers, envp.Pointers);
            error = Libc.LastError;
        }

        _ = Libc.SetThreadSignalMask(Libc.SIG_SETMASK, blockedBefore, null);
        _ = Libc.SetSignal(Libc.SIGPIPE, pipeHandler);
        return error;
    }
}
