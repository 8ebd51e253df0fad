using System.Diagnostics.CodeAnalysis;
using Gannet.Interop;
using Gannet.Tool.Running;

namespace Gannet.Tool.Caching;

/// <summary>
/// The compiled scripts of a user, in <c>$XDG_CACHE_HOME/gannet</c>, by default <c>~/.cache/gannet</c>. An entry is a folder
/// that appears by one rename and never changes afterwards, so a reader needs no lock, two runs at once do no harm, and a run
/// that is killed leaves nothing but a folder that the next clean-up takes. While a script runs, its entry is held by a shared
/// lock on its file, which keeps the clean-up away.
/// </summary>
internal sealed class ScriptCache
{
    private const string TemporaryPrefix = "tmp-";

    // An entry of a small script is some 10 KB, one with packages some MB.
    private const int MaximumEntries = 500;
    private const long MaximumBytes = 512L << 20;

    private static readonly TimeSpan s_usedTodayIsGoodEnough = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_abandonedAfter = TimeSpan.FromHours(1);

    // Referenced from here so that no finalizer closes them.
    private static readonly List<FileStream> s_held = [];

    private readonly string _root;
    private readonly int _maximumEntries;
    private readonly long _maximumBytes;

    private ScriptCache(string root, int maximumEntries, long maximumBytes)
    {
        _root = root;
        _maximumEntries = maximumEntries;
        _maximumBytes = maximumBytes;
    }

    /// <summary>
    /// Opens the user's cache; null when it can't be written, as for a user without a home, or can't be trusted. Only the latter
    /// has a <paramref name="warning"/>: it is something to mend.
    /// </summary>
    public static ScriptCache? TryOpen(out string? warning) => TryOpen(Root, MaximumEntries, MaximumBytes, out warning);

    /// <summary>As <see cref="TryOpen(out string?)"/>, at another place and with other bounds.</summary>
    public static ScriptCache? TryOpen(string root, int maximumEntries, long maximumBytes, out string? warning)
    {
        warning = null;
        try
        {
            // Looked at before anything is made: root with the HOME of somebody else leaves nothing there. What exists is looked at below.
            if (Directory.Exists(root) || FileOwnership.IsReachedSafely(root))
            {
                PrivateFolder.Create(root);
                root = Libc.RealPath(root);
                if (FileOwnership.IsOursAlone(root) && FileOwnership.IsReachedSafely(root))
                {
                    return new ScriptCache(root, maximumEntries, maximumBytes);
                }
            }

            warning = $"the cache is not used: another user could write to '{root}', or to a folder above it";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is nowhere to write to. That is no fault of the script's.
        }

        return null;
    }

    /// <summary>Whether new entries can be made; what is there can be used even if not.</summary>
    public bool IsWritable => Libc.IsWritable(_root);

    private static string Root
    {
        get
        {
            string? cacheHome = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            // The XDG base directory specification has relative paths ignored.
            string parent = cacheHome is not null && Path.IsPathRooted(cacheHome)
                ? cacheHome
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".cache");
            return Path.GetFullPath(Path.Combine(parent, "gannet"));
        }
    }

    /// <summary>Finds a script that was compiled before, and holds its entry until this process ends or execs.</summary>
    public bool TryFind(Fingerprint fingerprint, [NotNullWhen(true)] out CompiledScript? script)
    {
        string directory = Path.Combine(_root, fingerprint.EntryName);
        script = null;
        if (FileOwnership.IsOursAlone(directory) && TryHold(directory, out FileStream? entry))
        {
            script = CacheEntry.TryRead(entry, directory, fingerprint.Contents.Span);
            if (script is not null)
            {
                NoteUse(directory);
                return true;
            }

            entry.Dispose();
        }

        return false;
    }

    /// <summary>Compiles a script into a new entry.</summary>
    public CompiledScript Store(Fingerprint fingerprint, Func<string, CompiledScript> compile)
    {
        string temporary = NewTemporaryPath(_root);
        PrivateFolder.Create(temporary);
        try
        {
            CompiledScript stored = Fill(temporary, fingerprint, compile);
            CleanUp();
            return stored;
        }
        catch
        {
            PrivateFolder.TryDelete(temporary);
            throw;
        }
    }

    private CompiledScript Fill(string temporary, Fingerprint fingerprint, Func<string, CompiledScript> compile)
    {
        // Locked from its first moment until it is in its place, so that no clean-up takes the folder away while it is being filled.
        using FileStream entry = new(Path.Combine(temporary, CacheEntry.FileName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        CompiledScript script = compile(temporary);
        PrivateFolder.MakePrivate(temporary);
        CacheEntry.Write(entry, script, fingerprint.Contents.Span);
        entry.Flush();
        return Publish(script, fingerprint);
    }

    /// <summary>The folder in which the SDK builds a script; <paramref name="build"/> has it for itself.</summary>
    public T InWorkFolder<T>(Fingerprint fingerprint, Func<string, T> build)
    {
        string directory = Path.Combine(_root, fingerprint.WorkName);
        using FileStream exclusive = LockExclusively(directory);
        return build(directory);
    }

    /// <summary>Removes every entry but those of scripts that are running; returns how many of these there are.</summary>
    public int Clear() => new DirectoryInfo(_root).EnumerateDirectories().Count(directory => !IsJustBegun(directory) && !TryRemove(directory.FullName));

    /// <summary>Puts the finished folder in its place; when another run was quicker, theirs is used.</summary>
    private CompiledScript Publish(CompiledScript script, Fingerprint fingerprint)
    {
        string directory = Path.Combine(_root, fingerprint.EntryName);
        while (true)
        {
            try
            {
                Directory.Move(script.Directory, directory);
                return script with { Directory = directory };
            }
            catch (IOException) when (Directory.Exists(directory))
            {
                if (TryFind(fingerprint, out CompiledScript? theirs))
                {
                    PrivateFolder.TryDelete(script.Directory);
                    return theirs;
                }

                // A damaged entry stands in the way.
                Discard(directory);
            }
        }
    }

    /// <summary>Keeps the clean-up away from an entry until this process ends or execs.</summary>
    public static bool TryHold(string directory, [NotNullWhen(true)] out FileStream? entry)
    {
        try
        {
            // FileShare.Read takes a shared lock (flock); the stream is left open on purpose, and closed by exec or by the end.
            entry = new FileStream(Path.Combine(directory, CacheEntry.FileName), FileMode.Open, FileAccess.Read, FileShare.Read);
            s_held.Add(entry);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            entry = null;
            return false;
        }
    }

    private static FileStream LockExclusively(string directory)
    {
        string path = Path.Combine(directory, CacheEntry.FileName);
        while (true)
        {
            try
            {
                PrivateFolder.Create(directory);
                FileStream exclusive = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                if (File.Exists(path))
                {
                    return exclusive;
                }

                // Cleared away between the opening and the locking: what is locked is a file that is gone.
                exclusive.Dispose();
            }
            catch (DirectoryNotFoundException)
            {
                // Cleared away between the making and the opening.
            }
            catch (IOException e) when (e.HResult == (int)Errno.EAGAIN)
            {
                // Locked: another run is building the same script.
                Thread.Sleep(50);
            }
        }
    }

    /// <summary>The clean-up goes by the folder's time; once a day is exact enough, and spares a write per start.</summary>
    private static void NoteUse(string directory)
    {
        try
        {
            DateTime now = DateTime.UtcNow;
            if (now - Directory.GetLastWriteTimeUtc(directory) > s_usedTodayIsGoodEnough)
            {
                Directory.SetLastWriteTimeUtc(directory, now);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A cache that is mounted read-only is still good to read from.
        }
    }

    /// <summary>Removes what was not used for longest until the cache is within its bounds, and what killed runs have left.</summary>
    private void CleanUp()
    {
        try
        {
            RemoveSurplus();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another run is cleaning up too; the script that was just compiled does not suffer from it.
        }
    }

    private void RemoveSurplus()
    {
        int entries = 0;
        long bytes = 0;
        foreach (DirectoryInfo entry in new DirectoryInfo(_root).EnumerateDirectories().OrderByDescending(entry => entry.LastWriteTimeUtc))
        {
            if (entry.Name.StartsWith(TemporaryPrefix, StringComparison.Ordinal))
            {
                if (DateTime.UtcNow - entry.LastWriteTimeUtc > s_abandonedAfter)
                {
                    TryRemove(entry.FullName);
                }

                continue;
            }

            entries++;
            bytes += SizeOf(entry);
            // The newest is the one that was just made: it stays, however large.
            if (entries > 1 && (entries > _maximumEntries || bytes > _maximumBytes))
            {
                TryRemove(entry.FullName);
            }
        }
    }

    // Between the making of the folder and that of the file in it, whose lock keeps others away from then on.
    private static bool IsJustBegun(DirectoryInfo directory) =>
        directory.Name.StartsWith(TemporaryPrefix, StringComparison.Ordinal)
        && DateTime.UtcNow - directory.LastWriteTimeUtc <= s_abandonedAfter
        && !File.Exists(Path.Combine(directory.FullName, CacheEntry.FileName));

    private static long SizeOf(DirectoryInfo directory)
    {
        try
        {
            return directory.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        }
        catch (IOException)
        {
            // Removed by another run meanwhile.
            return 0;
        }
    }

    private static bool TryRemove(string directory)
    {
        string file = Path.Combine(directory, CacheEntry.FileName);
        try
        {
            if (File.Exists(file))
            {
                using FileStream exclusive = new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                Discard(directory);
            }
            else
            {
                Discard(directory);
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Takes an entry away by one rename, so that nobody finds half of it, and then deletes it.</summary>
    private static void Discard(string directory)
    {
        string doomed = NewTemporaryPath(Path.GetDirectoryName(directory)!);
        try
        {
            Directory.Move(directory, doomed);
        }
        catch (DirectoryNotFoundException)
        {
            // Another run was quicker.
            return;
        }

        PrivateFolder.TryDelete(doomed);
    }

    private static string NewTemporaryPath(string root) =>
        Path.Combine(root, $"{TemporaryPrefix}{Environment.ProcessId}-{Path.GetRandomFileName()}");
}
