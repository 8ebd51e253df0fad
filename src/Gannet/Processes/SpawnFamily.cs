using System.Runtime.Versioning;
using Gannet.Interop;

namespace Gannet;

/// <summary>Starts a program in one of the five modes: the one way through which all members of the spawn family go.</summary>
[SupportedOSPlatform("linux")]
internal static class SpawnFamily
{
    /// <summary>Starts the program in a file.</summary>
    /// <param name="operation">What the caller called it, for the error.</param>
    /// <param name="mode">What to do besides.</param>
    /// <param name="path">The file.</param>
    /// <param name="arguments">The arguments from <c>argv[0]</c> on.</param>
    /// <param name="environment">The new environment; null for the live one.</param>
    /// <returns>The process, or the exit code.</returns>
    public static int Run(
        string operation, SpawnMode mode, string path, IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment)
    {
        Check(mode, path, arguments);
        if (mode is SpawnMode.Overlay)
        {
            Exec.Replace(operation, path, arguments, environment);
        }

        // Without a slash it would be looked for.
        string program = path.Contains('/', StringComparison.Ordinal) ? path : $"./{path}";
        return Start(operation, mode, path, program, arguments, environment);
    }

    /// <summary>As <see cref="Run"/>, with a program that is looked for along the PATH that it gets.</summary>
    /// <param name="operation">What the caller called it, for the error.</param>
    /// <param name="mode">What to do besides.</param>
    /// <param name="file">The program's name, or a path, in which there is a slash.</param>
    /// <param name="arguments">The arguments from <c>argv[0]</c> on.</param>
    /// <param name="environment">The new environment; null for the live one.</param>
    /// <returns>The process, or the exit code.</returns>
    public static int Search(
        string operation, SpawnMode mode, string file, IReadOnlyList<string> arguments, IEnumerable<KeyValuePair<string, string>>? environment)
    {
        Check(mode, file, arguments);
        if (mode is SpawnMode.Overlay)
        {
            Exec.Search(operation, file, arguments, environment);
        }

        return Start(operation, mode, file, file, arguments, environment);
    }

    private static void Check(SpawnMode mode, string path, IReadOnlyList<string> arguments)
    {
        if (!Enum.IsDefined(mode))
        {
            throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such mode.");
        }

        ArgumentException.ThrowIfNullOrEmpty(path);
        _ = OsText.GetByteCount(path, nameof(path));
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Count == 0)
        {
            throw new ArgumentException("The arguments begin with argv[0], the name that the new program sees as its own.", nameof(arguments));
        }

        foreach (string argument in arguments)
        {
            ArgumentNullException.ThrowIfNull(argument, nameof(arguments));
            _ = OsText.GetByteCount(argument, nameof(arguments));
        }
    }

    private static CommandSettings OnNullDevice(string program) =>
        new() { Program = program, Stdin = Stdio.Null, Stdout = Stdio.Null, Stderr = Stdio.Null };

    private static int Start(
        string operation,
        SpawnMode mode,
        string path,
        string program,
        IReadOnlyList<string> arguments,
        IEnumerable<KeyValuePair<string, string>>? environment)
    {
        IReadOnlyList<byte[]>? variables = environment?
            .Aggregate(EnvironmentPlan.Empty, static (plan, variable) => plan.With(variable.Key, variable.Value))
            .ToEntries();
        Sys.FlushOutput();
        bool isDetached = mode is SpawnMode.Detach;
        using ChildStreams? streams = isDetached ? ChildStreams.Open(OnNullDevice(program)) : null;
        SpawnRequest request = new()
        {
            Program = program,
            Arguments = arguments,
            Environment = variables,
            Descriptors = streams?.Mappings ?? [],
            NewSession = isDetached,
            Detached = isDetached,
        };
        try
        {
            return mode switch
            {
                SpawnMode.Wait => RunToEnd(request),
                SpawnMode.Detach => StartDetached(request),
                _ => ChildRecord.Start(request).Pid,
            };
        }
        catch (OsException error) when (error.Operation is "execve")
        {
            // Of all the steps this is the one that the caller has asked for, on the path that he has typed.
            throw new OsException(error.Errno, operation, error.Path == program ? path : error.Path);
        }
    }

    private static int RunToEnd(SpawnRequest request)
    {
        ChildRecord child = ChildRecord.Start(request, isPrivate: true);
        try
        {
            return child.Wait(Deadline.Never, CancellationToken.None)!.Value.Status.ToExitCode();
        }
        finally
        {
            ChildTable.Claim(child);
        }
    }

    private static int StartDetached(SpawnRequest request)
    {
        int pid = Spawner.Start(request).Pid;

        // An init process, or another one that adopts orphans, has just been given this one. Otherwise it is nobody's child here.
        ChildRecord.OfForeign(pid).ReapInBackground();
        return pid;
    }
}
