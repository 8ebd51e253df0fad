namespace Gannet.Tool.Caching;

/// <summary>Folders that only their user may enter, whatever the umask is.</summary>
internal static class PrivateFolder
{
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a folder, and those above it that are missing.</summary>
    public static void Create(string path)
    {
        // The mode is that of the last folder alone, so the ones above are made one by one.
        if (Path.GetDirectoryName(path) is { } parent && !Directory.Exists(parent))
        {
            Create(parent);
        }

        Directory.CreateDirectory(path, FolderMode);
    }

    /// <summary>Takes from everybody else what a compiler, by the umask, has given them on the files of a folder.</summary>
    public static void MakePrivate(string path)
    {
        foreach (FileSystemInfo item in new DirectoryInfo(path).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            item.UnixFileMode = item is DirectoryInfo ? FolderMode : FileMode;
        }
    }

    /// <summary>Removes a folder, as far as it is still there.</summary>
    public static void TryDelete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone, or not ours any more: nothing depends on its removal.
        }
    }
}
