using Gannet.Tool.Caching;
using Gannet.Tool.Compiling;
using Gannet.Tool.Running;

namespace Gannet.Tool.Publishing;

/// <summary>
/// Makes one self-standing file of a script, for machines without .NET: a small program around the compiled script, published
/// by the SDK with the runtime and everything else in it.
/// </summary>
internal static class Publisher
{
    private const string ProjectName = "program";

    /// <exception cref="ToolException">The SDK could not do it.</exception>
    public static void Publish(ProvidedScript provided, string output)
    {
        string folder = Directory.CreateTempSubdirectory("gannet-publish-").FullName;
        try
        {
            WriteProject(provided.Script, folder);
            RunSdk(folder);
            MoveIntoPlace(Path.Combine(folder, "out", ProjectName), output);
        }
        finally
        {
            PrivateFolder.TryDelete(folder);
            if (provided.IsTemporary)
            {
                PrivateFolder.TryDelete(provided.Script.Directory);
            }
        }
    }

    private static void WriteProject(CompiledScript script, string folder)
    {
        string sdkFiles = Path.Combine(AppContext.BaseDirectory, "Sdk");
        File.WriteAllText(Path.Combine(folder, ProjectName + ".csproj"), Project(script, sdkFiles));
        File.WriteAllText(Path.Combine(folder, "PublishedScript.cs"), $$"""
            internal static class PublishedScript
            {
                public const string AssemblyName = @"{{Path.GetFileNameWithoutExtension(script.AssemblyFile).Replace("\"", "\"\"", StringComparison.Ordinal)}}";
                public const bool FollowsNativeAotRules = {{(script.FollowsNativeAotRules ? "true" : "false")}};
            }
            """);
        // Build files above the temporary folder are none of ours.
        File.WriteAllText(Path.Combine(folder, "Directory.Build.props"), "<Project />");
        File.WriteAllText(Path.Combine(folder, "Directory.Build.targets"), "<Project />");
        File.WriteAllText(Path.Combine(folder, "Directory.Packages.props"), "<Project />");
    }

    private static string Project(CompiledScript script, string sdkFiles)
    {
        RuntimeConfig? config = script.By == CompiledBy.Sdk ? RuntimeConfig.Read(script.RuntimeConfigPath) : null;
        IEnumerable<string> lines = ProjectItems(script, sdkFiles, config).Select(item => "    " + item);
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net{Environment.Version.Major}.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <RuntimeIdentifier>{System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier}</RuntimeIdentifier>
                <SelfContained>true</SelfContained>
                <PublishSingleFile>true</PublishSingleFile>
                <IncludeNativeLibrariesForSelfExtract>true</IncludeNativeLibrariesForSelfExtract>
                <DebugType>embedded</DebugType>
                <SatelliteResourceLanguages>en</SatelliteResourceLanguages>
              </PropertyGroup>
              <ItemGroup>
            {string.Join('\n', lines)}
              </ItemGroup>
            </Project>
            """;
    }

    private static IEnumerable<string> ProjectItems(CompiledScript script, string sdkFiles, RuntimeConfig? config)
    {
        foreach (string file in new[] { "PublishedProgram.cs", "EntryPoint.cs", "NativeAotRules.cs" })
        {
            yield return $"""<Compile Include="{Escape(Path.Combine(sdkFiles, file))}" />""";
        }

        foreach (string framework in config?.ExtraFrameworks ?? [])
        {
            yield return $"""<FrameworkReference Include="{Escape(framework)}" />""";
        }

        foreach ((string name, string value) in config?.Settings ?? [])
        {
            yield return $"""<RuntimeHostConfigurationOption Include="{Escape(name)}" Value="{Escape(value)}" />""";
        }

        string library = typeof(Sys).Assembly.Location;
        foreach (string assembly in Directory.EnumerateFiles(script.Directory, "*.dll").Where(path => Path.GetFileName(path) != "Gannet.dll").Append(library))
        {
            yield return $"""<Reference Include="{Escape(assembly)}" />""";
        }

        foreach (string native in NativeLibraries(script).Concat(Directory.EnumerateFiles(Path.GetDirectoryName(library)!, "libgannet*.so")))
        {
            yield return $"""<ResolvedFileToPublish Include="{Escape(native)}" RelativePath="{Escape(Path.GetFileName(native))}" PostprocessAssembly="false" />""";
        }
    }

    private static IEnumerable<string> NativeLibraries(CompiledScript script)
    {
        string folder = Path.Combine(script.Directory, "runtimes", System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier, "native");
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [];
    }

    private static void RunSdk(string folder)
    {
        CapturedText run = DotnetCommand.Run(
            ["publish", Path.Combine(folder, ProjectName + ".csproj"), "-c", "Release", "-o", Path.Combine(folder, "out"), .. DotnetCommand.Quiet]);
        if (!run.Succeeded)
        {
            throw new ToolException(string.Join('\n', DotnetCommand.ErrorLines(run.Output)), ExitStatus.Failure);
        }
    }

    /// <summary>By a copy beside the target and a rename: the target is whole or untouched, even while it runs.</summary>
    private static void MoveIntoPlace(string program, string output)
    {
        string copy = $"{Path.GetFullPath(output)}.{Environment.ProcessId}.tmp";
        File.Copy(program, copy);
        File.Move(copy, output, overwrite: true);
    }

    private static string Escape(string text) => System.Security.SecurityElement.Escape(text)!;
}
