namespace Gannet.Tool.Running;

/// <summary>What compiled a script.</summary>
internal enum CompiledBy
{
    /// <summary>This command: the assembly needs nothing but the framework and Gannet.</summary>
    Gannet,

    /// <summary>The SDK: beside the assembly lie its own runtimeconfig.json and deps.json.</summary>
    Sdk,
}

/// <summary>A script that can be run: a directory with its assembly and a small file that says how to run it.</summary>
/// <param name="Directory">The full path of the directory.</param>
/// <param name="AssemblyFile">The name of the assembly's file in it.</param>
/// <param name="By">What compiled it.</param>
/// <param name="FollowsNativeAotRules">Whether it is run with the switches that a program for NativeAOT has.</param>
internal sealed record CompiledScript(string Directory, string AssemblyFile, CompiledBy By, bool FollowsNativeAotRules)
{
    private const string ManifestFile = "gannet.manifest";

    public string AssemblyPath => Path.Combine(Directory, AssemblyFile);

    public string RuntimeConfigPath => Path.ChangeExtension(AssemblyPath, ".runtimeconfig.json");

    /// <summary>Writes the file that <see cref="Load"/> reads: one fact a line.</summary>
    public void Save() =>
        File.WriteAllLines(Path.Combine(Directory, ManifestFile), [AssemblyFile, By.ToString(), FollowsNativeAotRules.ToString()]);

    public static CompiledScript Load(string directory)
    {
        string[] lines = File.ReadAllLines(Path.Combine(directory, ManifestFile));
        return new CompiledScript(directory, lines[0], Enum.Parse<CompiledBy>(lines[1]), bool.Parse(lines[2]));
    }
}
