using System.Globalization;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>What the program knows about its own start.</summary>
internal static class Arguments
{
    /// <summary>Each element in hexadecimal UTF-16 after its text, so that lone surrogates show.</summary>
    public static int Show(string[] arguments)
    {
        foreach (string word in Sys.Argv)
        {
            IEnumerable<string> units = word.Select(unit => ((int)unit).ToString("x", CultureInfo.InvariantCulture));
            Console.WriteLine($"{word.Length}:{string.Join(' ', units)}");
        }

        return 0;
    }

    public static int Number(string[] arguments)
    {
        for (int i = 0; i < Sys.Argv.Count; i++)
        {
            Console.WriteLine($"Argument {i} is {Sys.Argv[i]}");
        }

        return 0;
    }

    public static int Edit(string[] arguments)
    {
        IList<string> argv = Sys.Argv;
        argv.RemoveAt(1);
        argv[0] = "/some/where/renamed";
        argv.Add("added");
        Console.WriteLine(string.Join('|', Sys.Argv));
        Console.WriteLine(ReferenceEquals(argv, Sys.Argv));
        Console.WriteLine(Sys.ProgramName);
        argv.Clear();
        Console.WriteLine($"'{Sys.ProgramName}'");
        return 0;
    }

    /// <summary>Plays the host of a script: the first argument is the count, the second the name, the third the path or empty.</summary>
    public static int AsScript(string[] arguments)
    {
        AppContext.SetData("Gannet.Script.ArgumentCount", int.Parse(arguments[0], CultureInfo.InvariantCulture));
        AppContext.SetData("Gannet.Script.Name", arguments[1]);
        AppContext.SetData("Gannet.Script.Path", arguments[2] is "" ? null : arguments[2]);
        return Tell();
    }

    /// <summary>Plays <c>dotnet run file.cs</c>: the first argument is the file's full path.</summary>
    public static int AsFileBasedApp(string[] arguments)
    {
        AppContext.SetData("EntryPointFilePath", arguments[0]);
        return Tell();
    }

    public static int Warn(string[] arguments)
    {
        Sys.Warn(arguments[0]);
        return 0;
    }

    private static int Tell()
    {
        Console.WriteLine(string.Join('|', Sys.Argv));
        Console.WriteLine(Sys.ScriptPath ?? "(none)");
        Console.WriteLine(Sys.ProgramName);
        Console.WriteLine(Sys.Path[0]);
        return 0;
    }
}
