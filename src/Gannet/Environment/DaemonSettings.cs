namespace Gannet;

/// <summary>What a daemon is to be, for <see cref="Os.Daemonize"/>.</summary>
public sealed record DaemonSettings
{
    /// <summary>The working directory; null for that of the start. <c>/</c>, so that no file system is kept from being unmounted.</summary>
    public string? Directory { get; init; } = "/";

    /// <summary>The mask of permission bits for files that it creates; null for that of the start.</summary>
    public UnixFileMode? Umask { get; init; }

    /// <summary>A file that gets the process id and stays locked as long as the daemon lives, so that there is no second; null for none. It
    /// is removed at an orderly end. A relative path counts from the directory of the start. A symbolic link is refused: ELOOP.</summary>
    public string? PidFile { get; init; }

    /// <summary>The user to become, by <see cref="Os.DropPrivileges"/>, after everything else is done; null for none.</summary>
    public string? User { get; init; }
}
