using System.Reflection;
using System.Text.RegularExpressions;

namespace Gannet.Tests.Runtime;

public class FactsTests
{
    [Fact, Trait("S", "S002"), Trait("S", "S003"), Trait("S", "S005"), Trait("S", "S128")]
    public void There_is_one_type_for_the_program_and_one_for_the_operating_system()
    {
        Assert.All([typeof(Sys), typeof(Os)], type => Assert.True(type is { IsPublic: true, IsAbstract: true, IsSealed: true }));
        Assert.NotEmpty(typeof(Os).GetProperties());
    }

    [Fact, Trait("S", "S104")]
    public void Facts_are_read_only()
    {
        string[] facts =
        [
            nameof(Sys.BuiltinModuleNames), nameof(Sys.Copyright), nameof(Sys.ExecPrefix), nameof(Sys.Executable), nameof(Sys.MaxInt),
            nameof(Sys.Platform), nameof(Sys.Prefix), nameof(Sys.Version), nameof(Sys.VersionInfo),
        ];
        Assert.All(facts, name => Assert.False(typeof(Sys).GetProperty(name)!.CanWrite));
    }

    [Fact, Trait("S", "S105")]
    public void Builtin_modules_are_the_frameworks_assemblies()
    {
        Assert.Contains("System.Private.CoreLib", Sys.BuiltinModuleNames);
        Assert.Contains("System.Runtime", Sys.BuiltinModuleNames);
        Assert.DoesNotContain("Gannet", Sys.BuiltinModuleNames);
        Assert.Equal(Sys.BuiltinModuleNames.Order(StringComparer.Ordinal), Sys.BuiltinModuleNames);
    }

    [Fact, Trait("S", "S106")]
    public void The_copyright_names_the_runtimes_makers_and_Gannets()
    {
        Assert.StartsWith("Copyright", Sys.Copyright);
        Assert.Contains("Microsoft", Sys.Copyright);
        Assert.Contains("Gannet", Sys.Copyright);
    }

    [Fact, Trait("S", "S107"), Trait("S", "S111")]
    public void Both_prefixes_are_existing_directories_the_runtimes_within_the_installations()
    {
        Assert.True(File.Exists(Path.Combine(Sys.ExecPrefix, "System.Private.CoreLib.dll")));
        Assert.True(Directory.Exists(Sys.Prefix));
        Assert.StartsWith(Sys.Prefix + "/shared/", Sys.ExecPrefix);
    }

    [Fact, Trait("S", "S108")]
    public void The_executable_is_an_existing_file_by_its_full_path()
    {
        Assert.True(Path.IsPathRooted(Sys.Executable));
        Assert.True(File.Exists(Sys.Executable));
    }

    [Fact, Trait("S", "S109")]
    public void The_largest_integer_is_that_of_64_bits() => Assert.Equal(9223372036854775807, Sys.MaxInt);

    [Fact, Trait("S", "S110")]
    public void The_platform_is_linux() => Assert.Equal("linux", Sys.Platform);

    [Fact, Trait("S", "S112")]
    public void The_prompts_have_their_defaults_and_can_be_set()
    {
        Assert.Equal((">>> ", "... "), (Sys.Ps1, Sys.Ps2));
        Sys.Ps1 = 1;
        Sys.Ps2 = 2;
        Assert.Equal((1, 2), (Sys.Ps1, Sys.Ps2));
        Sys.Ps1 = ">>> ";
        Sys.Ps2 = "... ";
        Assert.Throws<ArgumentNullException>(() => Sys.Ps1 = null!);
        Assert.Throws<ArgumentNullException>(() => Sys.Ps2 = null!);
    }

    [Fact, Trait("S", "S113"), Trait("S", "S114")]
    public void The_version_begins_with_the_number_and_names_build_and_platform()
    {
        Assert.Matches(
            new Regex(@"^10\.\d+\.\d+ \([0-9a-f]{10}, [A-Z][a-z]{2} \d{1,2} \d{4}\) \[\.NET 10\.\d+\.\d+ on \w+(-\w+)+\]$"), Sys.Version);
        Assert.Equal(Sys.VersionInfo, Version.Parse(Sys.Version.Split(' ')[0]));
        Assert.Equal(10, Sys.VersionInfo.Major);
    }

#pragma warning disable CS0618 // The members are obsolete, and that is what is tested.
    [Fact, Trait("S", "S467"), Trait("S", "S468")]
    public void The_check_interval_is_kept_and_does_nothing()
    {
        Assert.Equal(100, Sys.GetCheckInterval());
        Sys.SetCheckInterval(7);
        Assert.Equal(7, Sys.GetCheckInterval());
        Sys.SetCheckInterval(100);
        Assert.NotNull(typeof(Sys).GetMethod(nameof(Sys.SetCheckInterval))!.GetCustomAttribute<ObsoleteAttribute>()!.Message);
    }
#pragma warning restore CS0618
}
