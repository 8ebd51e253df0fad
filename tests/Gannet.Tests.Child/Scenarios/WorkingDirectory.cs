using System.Globalization;
using System.Runtime.InteropServices;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>Absolute paths from current directories that .NET can't name.</summary>
internal static partial class WorkingDirectory
{
    /// <summary>The last characters of the path in hexadecimal UTF-16, so that lone surrogates show.</summary>
    public static int ShowBeneathStrangeName(string[] arguments)
    {
        string root = Directory.CreateTempSubdirectory("gannet-cwd-").FullName;
        Environment.CurrentDirectory = root;
        Enter([(byte)'a', 0xE9, 0]);
        string path = Os.Path.AbsPath("x");
        Console.WriteLine(string.Join(' ', path[(root.Length + 1)..].Select(unit => ((int)unit).ToString("x", CultureInfo.InvariantCulture))));
        Directory.Delete(root, recursive: true);
        return 0;
    }

    /// <summary>Deeper than PATH_MAX: such a directory can only be entered step by step.</summary>
    public static int ShowDeep(string[] arguments)
    {
        const int depth = 25, pathMax = 4096;
        byte[] name = [.. Enumerable.Repeat((byte)'d', 200), 0];
        string root = Directory.CreateTempSubdirectory("gannet-cwd-").FullName;
        Environment.CurrentDirectory = root;
        for (int i = 0; i < depth; i++)
        {
            Enter(name);
        }

        string expected = root + string.Concat(Enumerable.Repeat("/" + new string('d', 200), depth)) + "/x";
        Console.WriteLine(expected.Length > pathMax && Os.Path.AbsPath("x") == expected);
        for (int i = 0; i < depth; i++)
        {
            Leave(name);
        }

        Directory.Delete(root);
        return 0;
    }

    public static int ShowRemoved(string[] arguments)
    {
        string directory = Directory.CreateTempSubdirectory("gannet-cwd-").FullName;
        Environment.CurrentDirectory = directory;
        Directory.Delete(directory);
        try
        {
            Console.WriteLine(Os.Path.AbsPath("x"));
        }
        catch (OsException error)
        {
            Console.WriteLine(error.Message);
        }

        return 0;
    }

    private static unsafe void Enter(byte[] name)
    {
        const uint forOwner = 0x1C0;
        fixed (byte* start = name)
        {
            mkdir(start, forOwner);
            chdir(start);
        }
    }

    private static unsafe void Leave(byte[] name)
    {
        fixed (byte* start = name, parent = "..\0"u8)
        {
            chdir(parent);
            rmdir(start);
        }
    }

    [LibraryImport("libc")]
    private static unsafe partial int mkdir(byte* path, uint mode);

    [LibraryImport("libc")]
    private static unsafe partial int rmdir(byte* path);

    [LibraryImport("libc")]
    private static unsafe partial int chdir(byte* path);
}
