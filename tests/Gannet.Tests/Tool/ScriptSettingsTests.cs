using Gannet.Testing;
using Gannet.Tool.Scripts;

namespace Gannet.Tests.Tool;

public sealed class ScriptSettingsTests : IDisposable
{
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_script_without_directives_has_Gannet_in_scope_and_the_rules_of_NativeAOT()
    {
        ScriptSettings settings = Understood("Console.WriteLine();");
        Assert.True(settings.HasGannetInScope);
        Assert.True(settings.FollowsNativeAotRules);
        Assert.True(settings.Nullable);
        Assert.True(settings.ImplicitUsings);
        Assert.False(settings.AllowUnsafeBlocks);
    }

    [Fact]
    public void Plain_properties_are_understood()
    {
        ScriptSettings settings = Understood("""
            #:property PublishAot=false
            #:property Nullable=disable
            #:property ImplicitUsings=disable
            #:property allowunsafeblocks=TRUE
            #:property TreatWarningsAsErrors=false
            #:property DefineConstants=$(DefineConstants);ONE TWO
            #:property NoWarn=CS0219,168
            #:property TargetFramework=net10.0
            """);
        Assert.False(settings.FollowsNativeAotRules || settings.Nullable || settings.ImplicitUsings || settings.HasGannetInScope);
        Assert.True(settings.AllowUnsafeBlocks);
        Assert.Equal(["ONE", "TWO"], settings.DefineConstants);
        Assert.Equal(["CS0219", "168"], settings.NoWarn);
    }

    [Fact]
    public void Gannet_itself_is_understood_as_a_project_and_as_a_package()
    {
        Understood($"#:project {Repository.Root}/src/Gannet");
        Understood($"#:project {Repository.Root}/src/Gannet/Gannet.csproj");
        Understood("#:package Gannet");
        Understood("#:package Gannet@*");
        Understood($"#:package Gannet@{typeof(Sys).Assembly.GetName().Version!.ToString(3)}");
    }

    [Theory]
    [InlineData("#:package Newtonsoft.Json@13.0.1")]
    [InlineData("#:package Gannet@99.0.0")]
    [InlineData("#:project ../nowhere/Gannet.csproj")]
    [InlineData("#:sdk Microsoft.NET.Sdk.Web")]
    [InlineData("#:property OutputType=Library")]
    [InlineData("#:property Nullable=warnings")]
    [InlineData("#:property DefineConstants=$(DefineConstants);$(Other)")]
    [InlineData("#:property DefineConstants=WITHOUT_THE_FORMER_ONES")]
    [InlineData("#:property DefineConstants=$(DefineConstants);2X")]
    [InlineData("#:property TreatWarningsAsErrors=true")]
    [InlineData("#:property TargetFramework=net9.0")]
    [InlineData("#:include missing.cs")]
    [InlineData("#:include *.cs")]
    [InlineData("#:bogus x")]
    public void Anything_else_is_left_to_the_SDK(string directive) => AssertNeedsSdk(directive);

    [Fact]
    public void An_included_file_is_compiled_with_the_script()
    {
        _folder.Write("lib/helper.cs", "class Helper { }");
        Assert.Equal([Path.Combine(_folder.Path, "lib/helper.cs")], Understood("#:include lib/helper.cs").IncludedFiles);
    }

    [Fact]
    public void An_included_file_with_directives_is_left_to_the_SDK()
    {
        _folder.Write("helper.cs", "#:package X\nclass Helper { }");
        AssertNeedsSdk("#:include helper.cs");
    }

    [Fact]
    public void Directives_of_a_script_in_UTF16_are_found()
    {
        string path = Path.Combine(_folder.Path, "script.cs");
        File.WriteAllText(path, "#:property PublishAot=false\n", System.Text.Encoding.Unicode);
        Assert.True(ScriptSettings.TryRead(Script.Read(new ScriptSource.File(path)), out ScriptSettings? settings));
        Assert.False(settings.FollowsNativeAotRules);
    }

    [Theory]
    [InlineData(true, "<Project><PropertyGroup><LangVersion>latest</LangVersion></PropertyGroup></Project>")]
    [InlineData(false, "<Project><ItemGroup><Compile Include=\"lib.cs\" /></ItemGroup></Project>")]
    [InlineData(false, "<Project><Import Project=\"x\" /></Project>")]
    [InlineData(false, "<Project><PropertyGroup><X>$([System.IO.File]::ReadAllText('x'))</X></PropertyGroup></Project>")]
    public void A_script_below_build_files_that_read_others_is_built_anew_each_time(bool isSelfContained, string properties)
    {
        _folder.Write("Directory.Build.props", properties);
        Assert.Equal(isSelfContained, Read("").IsSelfContained);
    }

    [Fact]
    public void Plain_properties_of_the_nearest_Directory_Build_props_are_understood()
    {
        _folder.Write("Directory.Build.props", "<Project><PropertyGroup><PublishAot>false</PublishAot></PropertyGroup></Project>");
        Assert.False(Understood("").FollowsNativeAotRules);
    }

    [Theory]
    [InlineData("Directory.Build.props", "<Project><PropertyGroup Condition=\"true\"><PublishAot>false</PublishAot></PropertyGroup></Project>")]
    [InlineData("Directory.Build.props", "<Project><ItemGroup><Using Include=\"X\" /></ItemGroup></Project>")]
    [InlineData("Directory.Build.props", "<Project><PropertyGroup><Unknown>1</Unknown></PropertyGroup></Project>")]
    [InlineData("Directory.Build.props", "not xml")]
    [InlineData("Directory.Build.targets", "<Project />")]
    [InlineData("Directory.Build.rsp", "-v:n")]
    [InlineData(".editorconfig", "[*.cs]\ndotnet_diagnostic.CS0219.severity = error\n")]
    public void Build_files_that_do_more_are_left_to_the_SDK(string name, string text)
    {
        _folder.Write(name, text);
        AssertNeedsSdk("");
    }

    private ScriptSettings Understood(string text)
    {
        Assert.True(ScriptSettings.TryRead(Read(text), out ScriptSettings? settings), text);
        return settings;
    }

    private void AssertNeedsSdk(string text) => Assert.False(ScriptSettings.TryRead(Read(text), out _), text);

    private Script Read(string text) =>
        Script.Read(new ScriptSource.File(Path.Combine(_folder.Path, _folder.Write("script.cs", text))));
}
