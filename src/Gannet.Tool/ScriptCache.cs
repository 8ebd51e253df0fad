using System.Security.Cryptography;
using System.Text;
using Gannet.Tool.Scripts;

namespace Gannet.Tool;

/// <summary>Where compiled scripts are kept: <c>$XDG_CACHE_HOME/gannet</c>, by default <c>~/.cache/gannet</c>.</summary>
internal static class ScriptCache
{
    private static string Root
    {
        get
        {
            string? cacheHome = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            // The XDG base directory specification has relative paths ignored.
            string parent = cacheHome is not null && Path.IsPathRooted(cacheHome)
                ? cacheHome
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(parent, "gannet");
        }
    }

    /// <summary>The directory of one script: the same for the same text at the same place.</summary>
    public static string DirectoryFor(Script script)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(script.Source.FullPath ?? script.BaseDirectory));
        hash.AppendData([0]);
        hash.AppendData(script.Bytes);
        return Path.Combine(Root, Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16)));
    }
}
