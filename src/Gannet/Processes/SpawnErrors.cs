using System.Globalization;
using Gannet.Interop;

namespace Gannet;

/// <summary>Says which step of a spawn failed, and on what.</summary>
internal static unsafe class SpawnErrors
{
    private const int LongestInterpreterLine = 256;

    /// <summary>The error that a failed request stands for.</summary>
    public static OsException Describe(SpawnRequest request, NativeSpawnRequest* native)
    {
        (string operation, string? subject) = native->Step switch
        {
            SpawnStep.Stack => ("mmap", request.Program),
            SpawnStep.Clone => ("clone", request.Program),
            SpawnStep.Signal => ("sigaction", SignalNames.Find((Signal)native->Index)),
            SpawnStep.Lift => ("fcntl", MappingAt(native)),
            SpawnStep.Dup => ("dup2", MappingAt(native)),
            SpawnStep.Group => ("setpgid", Text(native->ProcessGroup)),
            SpawnStep.Session => ("setsid", null),
            SpawnStep.Terminal => ("ioctl(TIOCSCTTY)", Text(native->Terminal)),
            SpawnStep.Foreground => ("tcsetpgrp", Text(native->Terminal)),
            SpawnStep.CGroup => ("cgroup", request.ControlGroup),
            SpawnStep.Limit => ("setrlimit", Text(native->Limits[native->Index].Resource)),
            SpawnStep.Nice => ("setpriority", Text(native->Nice)),
            SpawnStep.Groups => ("setgroups", null),
            SpawnStep.Gid => ("setgid", Text(native->Gid)),
            SpawnStep.Uid => ("setuid", Text(native->Uid)),
            SpawnStep.NoNewPrivileges => ("prctl(PR_SET_NO_NEW_PRIVS)", null),
            SpawnStep.DeathSignal => ("prctl(PR_SET_PDEATHSIG)", Text(native->DeathSignal)),
            SpawnStep.Directory => ("chdir", request.WorkingDirectory),
            _ => ("execve", WhatExecFailedOn(request, native)),
        };
        return new OsException(native->Error, operation, subject);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    // The sources have been overwritten; the child's number is what the caller knows it by.
    private static string MappingAt(NativeSpawnRequest* native) => Text(native->Descriptors[native->Index].Target);

    private static string WhatExecFailedOn(SpawnRequest request, NativeSpawnRequest* native)
    {
        if (native->Error is not Errno.ENOENT)
        {
            return OsText.Decode(native->Paths[native->Index]);
        }

        // execve says of a script without its interpreter what it says of a file that is not there.
        for (byte** path = native->Paths; *path is not null; path++)
        {
            if (FindInterpreter(InDirectory(request.WorkingDirectory, OsText.Decode(*path))) is { } interpreter)
            {
                return interpreter;
            }
        }

        return request.Program;
    }

    private static string InDirectory(string? directory, string path) =>
        directory is null || path.StartsWith('/') ? path : $"{directory}/{path}";

    private static string? FindInterpreter(string path)
    {
        if (Libc.TypeOf(path) is not FileType.Regular)
        {
            return null;
        }

        Span<byte> start = stackalloc byte[LongestInterpreterLine];
        try
        {
            using Microsoft.Win32.SafeHandles.SafeFileHandle file = Libc.Open(path, Libc.O_RDONLY);
            start = start[..Libc.Read((int)file.DangerousGetHandle(), start)];
        }
        catch (OsException)
        {
            return null;
        }

        if (!start.StartsWith("#!"u8))
        {
            return null;
        }

        ReadOnlySpan<byte> line = start["#!".Length..].TrimStart(" \t"u8);
        int end = line.IndexOfAny(" \t\n"u8);
        return OsText.Decode(end < 0 ? line : line[..end]);
    }
}
