using Gannet.Interop;

namespace Gannet;

/// <summary>Where <c>execvp</c> looks for a program, and which failures make it look further.</summary>
internal static class ExecPath
{
    private const byte Slash = (byte)'/';
    private const byte Separator = (byte)':';

    private static ReadOnlySpan<byte> Variable => "PATH="u8;

    /// <summary>The files to try, in their order: one for each element of PATH. A name with a slash is not looked for, and neither is
    /// an empty one, which POSIX lets fail like any file that is not there.</summary>
    /// <param name="name">The program's name.</param>
    /// <param name="environment">The entries of the new program's environment; without a PATH among them
    /// <see cref="Os.DefaultPath"/> counts.</param>
    public static List<byte[]> Candidates(byte[] name, IReadOnlyList<byte[]> environment)
    {
        if (name is [] || name.AsSpan().Contains(Slash))
        {
            return [name];
        }

        List<byte[]> candidates = [];
        ReadOnlySpan<byte> path = SearchPath(environment);
        foreach (Range element in path.Split(Separator))
        {
            // An empty element is the working directory. With "./" the new program can't take its own path for an option.
            ReadOnlySpan<byte> directory = path[element];
            candidates.Add([.. directory.IsEmpty ? "."u8 : directory, Slash, .. name]);
        }

        return candidates;
    }

    /// <summary>Whether a failure concerns this file or its directory only, so that the program may yet be found further along: the
    /// same failures as for a child, in native/spawn.c.</summary>
    public static bool MayBeElsewhere(Errno error) =>
        error is Errno.EACCES or Errno.ENOENT or Errno.ENOTDIR or Errno.ENODEV or Errno.ESTALE or Errno.ETIMEDOUT;

    /// <summary>Where to look: the PATH of an environment, or <see cref="Os.DefaultPath"/> where it has none.</summary>
    public static ReadOnlySpan<byte> SearchPath(IReadOnlyList<byte[]> environment)
    {
        for (int i = 0; i < environment.Count; i++)
        {
            if (environment[i].AsSpan().StartsWith(Variable))
            {
                return environment[i].AsSpan(Variable.Length);
            }
        }

        return OsText.Encode(Os.DefaultPath);
    }
}
