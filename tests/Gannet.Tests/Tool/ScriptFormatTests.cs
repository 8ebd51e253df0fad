using Gannet.Testing;

namespace Gannet.Tests.Tool;

/// <summary>The format of file-based apps: a script means here what it means under <c>dotnet run</c>.</summary>
public sealed class ScriptFormatTests : IDisposable
{
    private const string TrySerialize = """
        try { Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(new { a = 1 })); }
        catch (InvalidOperationException) { Console.WriteLine("no reflection"); }
        Console.WriteLine(System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeSupported);
        """;

    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_directives_the_SDKs_usings_and_Gannets_are_in_scope() => AssertPrints(
        "1 posix\n",
        "var list = new List<int> { 1 }.Where(x => x > 0); await Task.Yield(); _ = new HttpClient(); Console.WriteLine($\"{list.Single()} {Os.Name}\");");

    [Fact]
    public void With_a_directive_Gannet_is_named_by_the_script() => AssertPrints(
        "posix\n",
        "#:package Gannet\nusing Gannet;\nConsole.WriteLine(Os.Name);");

    [Fact]
    public void A_script_follows_the_rules_of_NativeAOT() => AssertPrints("no reflection\nFalse\n", TrySerialize);

    [Fact]
    public void A_script_that_says_PublishAot_false_does_not() =>
        AssertPrints("{\"a\":1}\nTrue\n", "#:property PublishAot=false\n" + TrySerialize);

    [Fact]
    public void Both_hold_for_a_script_that_the_SDK_builds()
    {
        AssertPrints("no reflection\nFalse\n", "#:property Deterministic=true\n" + TrySerialize);
        AssertPrints("{\"a\":1}\nTrue\n", "#:property Deterministic=true\n#:property PublishAot=false\n" + TrySerialize);
    }

    [Theory]
    [InlineData("False\n", "")]
    [InlineData("True\n", "#:property PublishAot=false\n")]
    public void Event_sources_are_off_unless_the_script_leaves_the_rules_of_NativeAOT(string expected, string directive) =>
        AssertPrints(expected, directive + """
            using System.Diagnostics.Tracing;
            EventSource source = new("Mine");
            using Listener listener = new();
            listener.EnableEvents(source, EventLevel.LogAlways);
            Console.WriteLine(source.IsEnabled());
            class Listener : EventListener;
            """);

    [Fact]
    public void The_assembly_describes_itself_as_the_SDK_would_have_it() => AssertPrints("script, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null script 1.0.0\n", """
        using System.Reflection;
        Assembly program = Assembly.GetEntryAssembly()!;
        string title = program.GetCustomAttribute<AssemblyTitleAttribute>()!.Title;
        Console.WriteLine($"{program} {title} {program.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion}");
        """);

    [Fact]
    public void Properties_may_rename_what_the_SDK_builds_and_move_it() => AssertPrints("foo\n", """
        #:property AssemblyName=foo
        #:property Configuration=Release
        Console.WriteLine(System.Reflection.Assembly.GetEntryAssembly()!.GetName().Name);
        """);

    [Fact]
    public void A_script_without_directives_has_Gannet_in_scope_also_when_the_SDK_builds_it()
    {
        _folder.Write("Directory.Build.props", "<Project><PropertyGroup><LangVersion>latest</LangVersion></PropertyGroup></Project>");
        AssertPrints("posix\n", "Console.WriteLine(Os.Name);");
    }

    [Fact]
    public void What_a_build_file_takes_in_is_followed()
    {
        _folder.Write("Directory.Build.props", "<Project><ItemGroup><Compile Include=\"$(MSBuildThisFileDirectory)lib/n.cs\" /></ItemGroup></Project>");
        _folder.Write("lib/n.cs", "static class Lib { public const int N = 1; }");
        AssertPrints("1\n", "Console.WriteLine(Lib.N);");
        _folder.Write("lib/n.cs", "static class Lib { public const int N = 2; }");
        AssertPrints("2\n", "Console.WriteLine(Lib.N);");
    }

    [Fact]
    public void The_frameworks_source_generators_run() => AssertPrints("True 7\n", """
        using System.Text.Json.Serialization;
        using System.Text.RegularExpressions;
        Console.WriteLine($"{Patterns.Word().IsMatch("a1")} {System.Text.Json.JsonSerializer.Serialize(7, Numbers.Default.Int32)}");
        partial class Patterns { [GeneratedRegex(@"\w")] public static partial Regex Word(); }
        [JsonSerializable(typeof(int))] partial class Numbers : JsonSerializerContext;
        """);

    [Fact]
    public void The_preprocessor_knows_the_SDKs_constants_and_the_scripts() => AssertPrints("ok\n", """
        #:property DefineConstants=$(DefineConstants);MINE
        #if DEBUG && TRACE && NET10_0 && NET8_0_OR_GREATER && NETCOREAPP3_1_OR_GREATER && MINE
        Console.WriteLine("ok");
        #endif
        """);

    [Fact]
    public void Included_files_are_compiled_with_the_script()
    {
        _folder.Write("lib/greeter.cs", "static class Greeter { public static string Greet() => \"hello\"; }");
        AssertPrints("hello\n", "#:include lib/greeter.cs\nConsole.WriteLine(Greeter.Greet());");
    }

    [Fact]
    public void A_package_is_restored_and_Gannet_comes_with_it() => AssertPrints("True posix -h\n", """
        #:package FsCheck@3.3.1
        using Gannet;
        Console.WriteLine($"{typeof(FsCheck.Config).Assembly.GetName().Name == "FsCheck"} {Os.Name} {string.Join(',', Sys.Argv.Skip(1))}");
        """, "-h");

    [Fact]
    public void Another_project_is_built_and_referenced()
    {
        _folder.Write("lib/lib.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>");
        _folder.Write("lib/Answer.cs", "public static class Answer { public const int Value = 42; }");
        AssertPrints("42\n", "#:project lib\nConsole.WriteLine(Answer.Value);");
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "lib/obj")), "the project's own folder was written to");
    }

    [Fact]
    public void The_web_SDK_brings_its_framework() => AssertPrints("WebApplicationBuilder\n", """
        #:sdk Microsoft.NET.Sdk.Web
        Console.WriteLine(WebApplication.CreateBuilder(args).GetType().Name);
        """);

    [Fact]
    public void Relative_paths_in_code_without_a_file_count_from_the_current_directory()
    {
        _folder.Write("greeter.cs", "#:property Deterministic=true\nstatic class Greeter { public static string Greet() => \"hello\"; }");
        using TestProcess run = _folder.GannetWithInput("#:include greeter.cs\nConsole.WriteLine(Greeter.Greet());", "-");
        Assert.Equal(("", "hello\n"), (run.Stderr, run.Stdout));
    }

    [Theory]
    [InlineData("System.cs")]
    [InlineData("Gannet.cs")]
    [InlineData("gannet.tool.cs")]
    [InlineData("System.Private.CoreLib.cs")]
    [InlineData("no-extension")]
    [InlineData("two words.cs")]
    [InlineData("umlaut-ä.cs")]
    public void A_script_may_have_any_name(string name)
    {
        _folder.Write(name, "Console.WriteLine(Sys.Argv[0]);");
        using TestProcess run = _folder.Gannet(name);
        Assert.Equal(("", name + "\n"), (run.Stderr, run.Stdout));
    }

    private void AssertPrints(string expected, string script, params string[] arguments)
    {
        _folder.Write("script.cs", script);
        using TestProcess run = _folder.Gannet(["script.cs", .. arguments]);
        Assert.Equal(("", expected), (run.Stderr, run.Stdout));
    }
}
