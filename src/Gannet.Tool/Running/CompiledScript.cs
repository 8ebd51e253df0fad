namespace Gannet.Tool.Running;

/// <summary>What compiled a script.</summary>
internal enum CompiledBy
{
    /// <summary>This command: the assembly needs nothing but the framework and Gannet.</summary>
    Gannet,

    /// <summary>The SDK: beside the assembly lie its own runtimeconfig.json and deps.json.</summary>
    Sdk,
}

/// <summary>A script that can be run: a folder with its assembly, and what is to be known about it.</summary>
/// <param name="Directory">The full path of the folder.</param>
/// <param name="AssemblyFile">The name of the assembly's file in it.</param>
/// <param name="By">What compiled it.</param>
/// <param name="FollowsNativeAotRules">Whether it is run with the switches that a program for NativeAOT has.</param>
/// <param name="RunsInPlace">Whether this command's own frameworks and runtime settings are right for it.</param>
internal sealed record CompiledScript(string Directory, string AssemblyFile, CompiledBy By, bool FollowsNativeAotRules, bool RunsInPlace)
{
    public string AssemblyPath => Path.Combine(Directory, AssemblyFile);

    public string SymbolsPath => Path.ChangeExtension(AssemblyPath, ".pdb");

    public string RuntimeConfigPath => Path.ChangeExtension(AssemblyPath, ".runtimeconfig.json");
}
