using System.Diagnostics.CodeAnalysis;
using Gannet.Interop;

namespace Gannet;

/// <summary>Replaces the running program by another one: the one way through which all members of the exec family go.</summary>
internal static class Exec
{
    // The action of SIGPIPE is the whole process's: two attempts at once would take each other's handler for the program's.
    private static readonly LivingLock s_lock = new();

    /// <summary>Becomes the program in a file; returns only by an exception, with the process as it was before.</summary>
    /// <param name="operation">What the caller called it, for the error.</param>
    /// <param name="path">The file to run.</param>
    /// <param name="arguments">The arguments from <c>argv[0]</c> on.</param>
    /// <param name="environment">The new environment; null for the live one.</param>
    [DoesNotReturn]
    public static void Replace(
        string operation, string path, IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment)
    {
        byte[] name = OsText.Encode(path, nameof(path));
        List<byte[]> argv = Encode(arguments);
        Become(operation, path, [name], argv, Encode(environment));
    }

    /// <summary>As <see cref="Replace"/>, with a program that is looked for along the PATH of the new environment.</summary>
    /// <param name="operation">What the caller called it, for the error.</param>
    /// <param name="file">The program's name, or a path, in which there is a slash.</param>
    /// <param name="arguments">The arguments from <c>argv[0]</c> on.</param>
    /// <param name="environment">The new environment; null for the live one.</param>
    [DoesNotReturn]
    public static void Search(
        string operation, string file, IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment)
    {
        byte[] name = OsText.Encode(file, nameof(file));
        List<byte[]> argv = Encode(arguments);
        IReadOnlyList<byte[]> envp = Encode(environment);
        Become(operation, file, ExecPath.Candidates(name, envp), argv, envp);
    }

    private static List<byte[]> Encode(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Count == 0)
        {
            throw new ArgumentException("The arguments begin with argv[0], the name that the new program sees as its own.", nameof(arguments));
        }

        return [.. arguments.Select(static argument => OsText.Encode(argument, nameof(arguments)))];
    }

    private static IReadOnlyList<byte[]> Encode(IEnumerable<KeyValuePair<string, string>>? environment)
    {
        if (environment is null)
        {
            return LiveEnvironment.Snapshot();
        }

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

    [DoesNotReturn]
    private static void Become(string operation, string program, List<byte[]> candidates, List<byte[]> arguments, IReadOnlyList<byte[]> environment)
    {
        using NativeStringArray paths = new(candidates), argv = new(arguments), envp = new(environment);

        // What is still buffered would be lost with this program's memory; a closed writer holds nothing.
        Sys.FlushOutput();
        if (OperatingSystem.IsLinux())
        {
            QuietTerminal.LeaveToEnd();
        }

        RuntimeTerminal.Restore();

        (Errno error, int at) = TryBecome(paths, argv, envp);
        throw new OsException(error, operation, error is Errno.ENOENT ? program : OsText.Decode(candidates[at]));
    }

    /// <summary>
    /// The new program starts with no signal blocked and with SIGPIPE at its default: .NET ignores SIGPIPE for itself, and an
    /// ignored signal stays ignored across execve, so that <c>yes | head</c> would never end. Both are put back on failure.
    /// </summary>
    /// <remarks>Execve itself turns a handler into the default action. With a handler that does nothing the program's other
    /// threads get EPIPE meanwhile, as ever; at the default action their next write to a broken pipe would kill the process.
    /// Without the native part there is no such handler, and the default has to do.</remarks>
    private static unsafe (Errno Error, int At) TryBecome(NativeStringArray paths, NativeStringArray argv, NativeStringArray envp)
    {
        byte* noSignals = stackalloc byte[Libc.SignalSetSize];
        byte* blockedBefore = stackalloc byte[Libc.SignalSetSize];
        byte* idle = stackalloc byte[Libc.SignalActionSize];
        byte* actionBefore = stackalloc byte[Libc.SignalActionSize];
        new Span<byte>(noSignals, Libc.SignalSetSize).Clear();
        new Span<byte>(idle, Libc.SignalActionSize).Clear();
        *(nint*)idle = Shim.IsUsable ? Shim.IdleHandler() : Libc.SIG_DFL;

        using LivingLock.Held alone = s_lock.Enter();
        _ = Libc.SetSignalAction(Libc.SIGPIPE, idle, actionBefore);
        _ = Libc.SetThreadSignalMask(Libc.SIG_SETMASK, noSignals, blockedBefore);
        (Errno Error, int At) failure = TryEach(paths.Pointers, argv.Pointers, envp.Pointers);
        _ = Libc.SetThreadSignalMask(Libc.SIG_SETMASK, blockedBefore, null);
        _ = Libc.SetSignalAction(Libc.SIGPIPE, actionBefore, null);
        return failure;
    }

    /// <summary>Calls execve on one file after the other. Of the failures the last one counts, but a file that may not be run says
    /// more than the absence of others.</summary>
    private static unsafe (Errno Error, int At) TryEach(byte** paths, byte** argv, byte** envp)
    {
        (Errno Error, int At) told = default;
        for (int i = 0; paths[i] is not null; i++)
        {
            _ = Libc.ExecVE(paths[i], argv, envp);
            Errno error = Libc.LastError;
            if (!ExecPath.MayBeElsewhere(error))
            {
                return (error, i);
            }

            if (told.Error is not Errno.EACCES)
            {
                told = (error, i);
            }
        }

        return told;
    }
}
