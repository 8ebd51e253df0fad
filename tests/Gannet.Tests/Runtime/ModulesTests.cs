using System.Reflection;
using System.Reflection.Emit;
using Gannet.Testing;

namespace Gannet.Tests.Runtime;

public sealed class ModulesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("gannet-modules-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact, Trait("S", "S115"), Trait("S", "S116"), Trait("S", "S117")]
    public void The_path_begins_with_the_programs_directory_and_holds_the_runtimes()
    {
        using TestProcess run = ChildProgram.Run("Modules.FactsOfTheProgram");
        Assert.Equal(
            [ChildProgram.Executable, Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), ">>> |... "],
            run.Stdout.TrimEnd('\n').Split('\n'));
        Assert.Contains(Sys.ExecPrefix, Sys.Path);
        Assert.Same(Sys.Path, Sys.Path);
    }

    [Fact, Trait("S", "S117"), Trait("S", "S118")]
    public void An_assembly_in_an_appended_directory_is_found() =>
        Assert.Equal("not found\nlib\n", Load("zz", "+" + Make("lib")).Replace(": zz, Culture=neutral, PublicKeyToken=null", ""));

    [Fact, Trait("S", "S119")]
    public void An_appended_directory_does_not_hide_an_earlier_one() =>
        Assert.Equal("a\n", Load(["+" + Make("a"), "+" + Make("b"), "zz"], loadLast: false));

    [Fact, Trait("S", "S120")]
    public void A_directory_put_in_front_wins() =>
        Assert.Equal("b\n", Load(["+" + Make("a"), "^" + Make("b"), "zz"], loadLast: false));

    [Fact, Trait("S", "S121")]
    public void A_directory_that_does_not_exist_is_skipped() =>
        Assert.Equal("a\n", Load(["^/no/such", "+" + Make("a"), "zz"], loadLast: false));

    [Fact, Trait("S", "S121")]
    public void What_can_not_be_a_directory_is_skipped()
    {
        using TestProcess run = ChildProgram.Run("Modules.LoadPastBadEntries", Make("a"));
        Assert.Equal(("a\n", ""), (run.Stdout, run.Stderr));
    }

    [Fact, Trait("S", "S122")]
    public void An_assembly_found_nowhere_is_an_error_that_names_it() =>
        Assert.StartsWith("not found: no_such_module_zz", Load(["+" + Make("a"), "no_such_module_zz"], loadLast: false));

    [Fact, Trait("S", "S127")]
    public void A_loaded_assembly_is_not_searched_again() =>
        Assert.Equal("a\na\n", Load(["+" + Make("a"), "zz", "^" + Make("b"), "zz"], loadLast: false));

    [Fact, Trait("S", "S118")]
    public void A_satellite_assembly_is_found_in_the_folder_of_its_culture()
    {
        // Beside the assembly that it belongs to .NET finds it; in another directory the path does.
        Make(Path.Combine("beside", "de"), "zz.resources", "de");
        Make(Path.Combine("apart", "de"), "zz.resources", "de");
        using TestProcess beside = ChildProgram.Run("Modules.LoadSatellite", Make("beside"));
        Assert.Equal(("de\n", ""), (beside.Stdout, beside.Stderr));
        using TestProcess apart = ChildProgram.Run("Modules.LoadSatellite", Make("only-zz"), Path.Combine(_root, "apart"));
        Assert.Equal(("de\n", ""), (apart.Stdout, apart.Stderr));
    }

    [Fact, Trait("S", "S123"), Trait("S", "S125"), Trait("S", "S126")]
    public void The_table_of_modules_is_live_and_tells_name_and_file()
    {
        string lib = Make("lib");
        Make("lib", "inmemory");
        using TestProcess run = ChildProgram.Run("Modules.Table", lib);
        Assert.Equal(
            [
                "False", "True", $"<module 'zz' from '{lib}/zz.dll'>", $"{lib}/zz.dll", "True", "Gannet.Tests.Child",
                "<module 'inmemory' (built-in)> (null) True",
            ],
            run.Stdout.TrimEnd().Split('\n'));
    }

    [Fact, Trait("S", "S124")]
    public void The_library_and_the_core_are_in_the_table_from_the_start()
    {
        Assert.Contains("Gannet", Sys.Modules.Keys);
        Assert.True(Sys.Modules.TryGetValue("System.Private.CoreLib", out LoadedModule? core));
        Assert.Same(typeof(object).Assembly, core.Assembly);
        Assert.Equal(Sys.Modules.Keys, Sys.Modules.Select(module => module.Key));
        Assert.False(Sys.Modules.TryGetValue("no such", out _));
        Assert.Contains("no such", Assert.Throws<KeyNotFoundException>(() => Sys.Modules["no such"]).Message);
    }

    private static string Load(params string[] arguments) => Load([.. arguments], loadLast: true);

    private static string Load(List<string> arguments, bool loadLast)
    {
        if (loadLast)
        {
            arguments.Add(arguments[0]);
        }

        using TestProcess run = ChildProgram.Run("Modules.Load", arguments);
        Assert.Equal("", run.Stderr);
        return run.Stdout;
    }

    /// <summary>Writes an assembly whose <c>Where.Text</c> is its directory's name; returns the directory.</summary>
    private string Make(string directory, string name = "zz", string? culture = null)
    {
        string full = Directory.CreateDirectory(Path.Combine(_root, directory)).FullName;
        PersistedAssemblyBuilder assembly = new(new AssemblyName(name) { CultureName = culture }, typeof(object).Assembly);
        TypeBuilder type = assembly.DefineDynamicModule(name).DefineType("Where", TypeAttributes.Public | TypeAttributes.Class);
        FieldBuilder field = type.DefineField(
            "Text", typeof(string), FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.Literal);
        field.SetConstant(Path.GetFileName(full));
        type.CreateType();
        assembly.Save(Path.Combine(full, name + ".dll"));
        return full;
    }
}
