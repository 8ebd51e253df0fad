using System.Globalization;
using System.Reflection;

namespace Gannet.Tests.Child.Scenarios;

/// <summary>The module path. An assembly tells where it came from by a public constant, <c>Where.Text</c>.</summary>
internal static class Modules
{
    /// <summary>Puts each <c>+directory</c> at the end and <c>^directory</c> at the front of the path, loads each <c>name</c>.</summary>
    public static int Load(string[] arguments)
    {
        foreach (string argument in arguments)
        {
            switch (argument[0])
            {
                case '+':
                    Sys.Path.Add(argument[1..]);
                    break;
                case '^':
                    Sys.Path.Insert(0, argument[1..]);
                    break;
                default:
                    Try(argument);
                    break;
            }
        }

        return 0;
    }

    /// <summary>Entries that can't be directories stand before the one that has the assembly.</summary>
    public static int LoadPastBadEntries(string[] arguments)
    {
        Sys.Path.Insert(0, null!);
        Sys.Path.Insert(0, "\0");
        Sys.Path.Add(arguments[0]);
        Try("zz");
        return 0;
    }

    public static int LoadSatellite(string[] arguments)
    {
        foreach (string directory in arguments)
        {
            Sys.Path.Add(directory);
        }

        AssemblyName name = new("zz.resources") { CultureName = "de" };
        Console.WriteLine(Assembly.Load(name).GetName().CultureName);
        return 0;
    }

    public static int Table(string[] arguments)
    {
        IReadOnlyDictionary<string, LoadedModule> modules = Sys.Modules;
        Console.WriteLine(modules.ContainsKey("zz"));
        Sys.Path.Add(arguments[0]);
        Assembly loaded = Assembly.Load("zz");
        Console.WriteLine(modules.ContainsKey("zz") && ReferenceEquals(modules["zz"].Assembly, loaded));
        Console.WriteLine(modules["zz"]);
        Console.WriteLine(modules["zz"].File);
        Console.WriteLine(ReferenceEquals(modules["__main__"], modules["Gannet.Tests.Child"]));
        Console.WriteLine(modules["__main__"].Name);
        Assembly memory = Assembly.Load(File.ReadAllBytes(Path.Combine(arguments[0], "inmemory.dll")));
        LoadedModule module = modules["inmemory"];
        Console.WriteLine($"{module} {module.File ?? "(null)"} {ReferenceEquals(module.Assembly, memory)}");
        return 0;
    }

    public static int FactsOfTheProgram(string[] arguments)
    {
        Console.WriteLine(Sys.Executable);
        Console.WriteLine(Sys.Path[0]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Sys.Ps1}|{Sys.Ps2}"));
        return 0;
    }

    private static void Try(string name)
    {
        try
        {
            Console.WriteLine(Assembly.Load(name).GetType("Where")!.GetField("Text")!.GetValue(null));
        }
        catch (FileNotFoundException error)
        {
            Console.WriteLine($"not found: {error.FileName}");
        }
    }
}
