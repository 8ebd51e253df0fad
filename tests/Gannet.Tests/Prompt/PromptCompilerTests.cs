using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using Gannet.Testing;
using Gannet.Tests.Tool;
using Gannet.Tool.Compiling;
using Gannet.Tool.Prompt.Evaluating;

namespace Gannet.Tests.Prompt;

/// <summary>What the prompt's compiler knows at first, and how it comes to know the rest.</summary>
public sealed class PromptCompilerTests : IDisposable
{
    private static readonly string s_framework = Path.Combine(DotnetInstallation.TargetingPack, "ref", $"net{Environment.Version.Major}.0");

    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whatever_is_in_scope_by_itself_is_in_the_first_assemblies()
    {
        IEnumerable<string> needed = Directory.EnumerateFiles(s_framework, "*.dll").Where(HasImpliedTypes).Select(path => Path.GetFileNameWithoutExtension(path));
        Assert.Empty(needed.Except(ImpliedNames.Assemblies));
    }

    [Fact]
    public void The_first_assemblies_and_Gannet_refer_to_no_others()
    {
        IEnumerable<string> referred = ImpliedNames.Assemblies.Select(PathOf).Append(typeof(Sys).Assembly.Location).SelectMany(References);
        Assert.Empty(referred.Where(name => File.Exists(PathOf(name))).Except(ImpliedNames.Assemblies));
    }

    [Fact]
    public void An_input_may_name_any_assembly_of_the_framework_and_use_earlier_variables_with_it()
    {
        using TestProcess run = _folder.GannetWithInput(
            """
            var names = new List<string> { "a" };
            record Box(string Text);
            nowhere
            new System.Xml.Linq.XElement(names[0], new Box("b").Text).ToString()
            _ + names.Count
            names.Aggregate(new System.Text.RegularExpressions.Regex("a"), (r, n) => r).IsMatch(names[0])
            record Pair(Box First, System.Xml.Linq.XElement Second);
            new Pair(new Box("c"), new("d")).Second.Name.LocalName + new Box("e").Text
            using System.Text.RegularExpressions;
            Regex.IsMatch(names[0], "b")

            """,
            "-i");
        Assert.Equal("\"<a>b</a>\"\n\"<a>b</a>1\"\ntrue\n\"de\"\nfalse\n", run.Stdout);
        Assert.Contains("CS0103", run.Stderr, StringComparison.Ordinal);
        Assert.Equal(0, run.ExitCode);
    }

    // Without the image that is made ahead of time three thousand methods are compiled before the first answer.
    [Fact]
    public void The_first_answer_needs_few_methods_that_nobody_compiled_ahead_of_time()
    {
        using TestProcess run = _folder.GannetWithInput("System.Runtime.JitInfo.GetCompiledMethodCount()\n", "-i");
        Assert.InRange(int.Parse(run.Stdout, System.Globalization.CultureInfo.InvariantCulture), 1, 1500);
    }

    private static string PathOf(string name) => Path.Combine(s_framework, name + ".dll");

    private static bool HasImpliedTypes(string path)
    {
        using PEReader file = new(File.OpenRead(path));
        MetadataReader reader = file.GetMetadataReader();
        return reader.TypeDefinitions.Select(reader.GetTypeDefinition).Any(type =>
            type.Attributes.HasFlag(System.Reflection.TypeAttributes.Public) && ImpliedNames.Usings.Contains(reader.GetString(type.Namespace), StringComparer.Ordinal));
    }

    private static List<string> References(string path)
    {
        using PEReader file = new(File.OpenRead(path));
        MetadataReader reader = file.GetMetadataReader();
        return [.. reader.AssemblyReferences.Select(reference => reader.GetString(reader.GetAssemblyReference(reference).Name))];
    }
}
