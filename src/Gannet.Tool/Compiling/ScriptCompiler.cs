using System.Collections.Immutable;
using System.Text;
using Gannet.Tool.Running;
using Gannet.Tool.Scripts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Gannet.Tool.Compiling;

/// <summary>
/// Compiles a script in this process, with the settings that the SDK gives a file-based app. One thing differs: the code is
/// optimized, for a script is run, not stepped through. DEBUG is defined all the same, so that Debug.Assert still asserts.
/// </summary>
internal static class ScriptCompiler
{
    private const string SdkUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; " +
        "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    /// <summary>The namespace is declared beside its using, so that it is in scope whatever the library has in it.</summary>
    private const string GannetUsings = "global using Gannet; global using Gannet.Threading;";

    private const string GannetNamespaces = "namespace Gannet.Threading { }";

    private const int SdkWarningLevel = 10;

    private static readonly string[] s_coreVersions = ["1_0", "1_1", "2_0", "2_1", "2_2", "3_0", "3_1"];

    /// <summary>Compiles the script into <paramref name="directory"/>.</summary>
    /// <exception cref="ToolException">It has errors, each a line of the message.</exception>
    public static CompiledScript Compile(Script script, ScriptSettings settings, string directory)
    {
        Roslyn.Load();
        return CompileWithRoslyn(script, settings, directory);
    }

    private static CompiledScript CompileWithRoslyn(Script script, ScriptSettings settings, string directory)
    {
        CSharpParseOptions parseOptions = new CSharpParseOptions(LanguageVersion.CSharp14, DocumentationMode.None)
            .WithPreprocessorSymbols(SdkConstants().Concat(settings.DefineConstants))
            .WithFeatures([new("FileBasedProgram", "true")]);

        List<(string Path, SourceText Text)> sources = [(script.Source.FullPath ?? script.Source.DisplayName, MainText(script, parseOptions))];
        sources.AddRange(settings.IncludedFiles.Select(path => (path, ToText(File.ReadAllBytes(path)))));

        List<SyntaxTree> trees = [.. sources.Select(source => CSharpSyntaxTree.ParseText(source.Text, parseOptions, source.Path))];
        trees.Add(CSharpSyntaxTree.ParseText(ImpliedSource(script, settings), parseOptions, "gannet.g.cs", Encoding.UTF8));

        Compilation compilation = CSharpCompilation.Create(AssemblyName(script), trees, References(), CompilationOptions(settings));
        compilation = RunGenerators(compilation, parseOptions, [.. sources.Select(source => source.Text.ToString())]);
        return Emit(compilation, script, settings, directory);
    }

    /// <summary>The script's text. Code on the command line may leave out its last semicolon, as a shell's command may.</summary>
    private static SourceText MainText(Script script, CSharpParseOptions parseOptions)
    {
        SourceText text = ToText(script.Bytes);
        if (script.Source is not ScriptSource.Code)
        {
            return text;
        }

        const string semicolonExpected = "CS1002";
        SyntaxTree tree = CSharpSyntaxTree.ParseText(text, parseOptions);
        int end = tree.GetRoot().GetLastToken().Span.End;
        return tree.GetDiagnostics().ToList() is [{ Id: semicolonExpected } missing] && missing.Location.SourceSpan.Start >= end
            ? text.WithChanges(new TextChange(new TextSpan(end, 0), ";"))
            : text;
    }

    private static SourceText ToText(byte[] bytes) => SourceText.From(bytes, bytes.Length, Encoding.UTF8, canBeEmbedded: true);

    private static string ImpliedSource(Script script, ScriptSettings settings) => string.Concat(
        settings.ImplicitUsings ? SdkUsings : "",
        settings.HasGannetInScope ? GannetUsings : "",
        AssemblyAttributes(script),
        settings.HasGannetInScope ? GannetNamespaces : "");

    /// <summary>What the SDK writes into every assembly about itself.</summary>
    private static string AssemblyAttributes(Script script)
    {
        string name = SymbolDisplay.FormatLiteral(script.ProgramName, quote: true);
        return $"""
            [assembly: System.Runtime.Versioning.TargetFramework(".NETCoreApp,Version=v10.0", FrameworkDisplayName = ".NET 10.0")]
            [assembly: System.Reflection.AssemblyCompany({name})]
            [assembly: System.Reflection.AssemblyConfiguration("Debug")]
            [assembly: System.Reflection.AssemblyFileVersion("1.0.0.0")]
            [assembly: System.Reflection.AssemblyInformationalVersion("1.0.0")]
            [assembly: System.Reflection.AssemblyProduct({name})]
            [assembly: System.Reflection.AssemblyTitle({name})]
            [assembly: System.Reflection.AssemblyVersion("1.0.0.0")]
            """;
    }

    private static CSharpCompilationOptions CompilationOptions(ScriptSettings settings) => new(
        OutputKind.ConsoleApplication,
        warningLevel: SdkWarningLevel,
        optimizationLevel: OptimizationLevel.Release,
        allowUnsafe: settings.AllowUnsafeBlocks,
        deterministic: true,
        specificDiagnosticOptions: settings.NoWarn.Select(id => KeyValuePair.Create(NormalizeId(id), ReportDiagnostic.Suppress)),
        nullableContextOptions: settings.Nullable ? NullableContextOptions.Enable : NullableContextOptions.Disable);

    /// <summary>A warning may be given by its number alone.</summary>
    private static string NormalizeId(string id) => char.IsAsciiDigit(id[0]) ? $"CS{id.PadLeft(4, '0')}" : id;

    /// <summary>What the SDK defines by itself.</summary>
    internal static IEnumerable<string> SdkConstants()
    {
        int major = Environment.Version.Major;
        IEnumerable<string> sinceNet5 = Enumerable.Range(5, major - 4).Select(version => $"NET{version}_0_OR_GREATER");
        IEnumerable<string> sinceCore1 = s_coreVersions.Select(version => $"NETCOREAPP{version}_OR_GREATER");
        return ["TRACE", "DEBUG", "NET", $"NET{major}_0", "NETCOREAPP", .. sinceNet5, .. sinceCore1];
    }

    /// <summary>Where the framework's reference assemblies lie.</summary>
    internal static string FrameworkFolder => Path.Combine(DotnetInstallation.TargetingPack, "ref", $"net{Environment.Version.Major}.0");

    /// <summary>What every script is compiled against: the framework and Gannet.</summary>
    private static List<PortableExecutableReference> References() =>
    [
        .. Directory.EnumerateFiles(FrameworkFolder, "*.dll").Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(Sys).Assembly.Location),
    ];

    /// <summary>The script's own name, unless an assembly that it may use is called so.</summary>
    private static string AssemblyName(Script script)
    {
        string name = script.ProgramName;
        bool taken = string.Equals(name, nameof(Gannet), StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("Gannet.", StringComparison.OrdinalIgnoreCase)
            || File.Exists(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), name + ".dll"));
        return taken ? name + "-script" : name;
    }

    private static Compilation RunGenerators(Compilation compilation, CSharpParseOptions parseOptions, List<string> texts)
    {
        List<ISourceGenerator> generators = SourceGenerators.For(texts);
        if (generators.Count == 0)
        {
            return compilation;
        }

        CSharpGeneratorDriver.Create(generators, parseOptions: parseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation extended, out ImmutableArray<Diagnostic> diagnostics);
        ThrowOnErrors(diagnostics, script: null);
        return extended;
    }

    private static CompiledScript Emit(Compilation compilation, Script script, ScriptSettings settings, string directory)
    {
        CompiledScript compiled = new(
            directory, compilation.AssemblyName + ".dll", CompiledBy.Gannet, settings.FollowsNativeAotRules, RunsInPlace: true);
        using (FileStream assembly = File.Create(compiled.AssemblyPath))
        using (FileStream symbols = File.Create(compiled.SymbolsPath))
        {
            EmitResult result = compilation.Emit(assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
            ThrowOnErrors(result.Diagnostics, script);
        }

        return compiled;
    }

    private static void ThrowOnErrors(IEnumerable<Diagnostic> diagnostics, Script? script)
    {
        List<string> errors = [.. diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
            .Select(diagnostic => Describe(diagnostic, script))];
        if (errors.Count > 0)
        {
            throw new ToolException(string.Join('\n', errors), ExitStatus.Failure);
        }
    }

    private static string Describe(Diagnostic diagnostic, Script? script)
    {
        string message = $"error {diagnostic.Id}: {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
        FileLinePositionSpan place = diagnostic.Location.GetMappedLineSpan();
        if (!place.IsValid)
        {
            return $"{script?.Source.DisplayName ?? "gannet"}: {message}";
        }

        string path = script is not null && place.Path == script.Source.FullPath ? script.Source.DisplayName : place.Path;
        return $"{path}({place.StartLinePosition.Line + 1},{place.StartLinePosition.Character + 1}): {message}";
    }
}
