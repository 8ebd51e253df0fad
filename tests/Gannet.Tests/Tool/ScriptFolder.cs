using Gannet.Testing;

namespace Gannet.Tests.Tool;

/// <summary>
/// A temporary folder to run <c>gannet</c> in: the working directory, with a cache of its own, so that neither the user's
/// scripts nor other tests matter.
/// </summary>
public sealed class ScriptFolder : IDisposable
{
    private readonly Dictionary<string, string?> _environment;

    public ScriptFolder()
    {
        Path = Directory.CreateTempSubdirectory("gannet-script-").FullName;
        _environment = new() { ["XDG_CACHE_HOME"] = System.IO.Path.Combine(Path, ".cache") };
    }

    /// <summary>The command, as <c>./gannet</c> builds it.</summary>
    public static string Command { get; } = System.IO.Path.Combine(Repository.Root, "artifacts", "gannet", "gannet");

    public string Path { get; }

    /// <summary>Writes a file, by a path relative to the folder; returns that path.</summary>
    public string Write(string path, string text)
    {
        string fullPath = System.IO.Path.Combine(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(fullPath)!);
        File.WriteAllText(fullPath, text);
        return path;
    }

    /// <summary>Runs <c>gannet</c> with these words to its end.</summary>
    public TestProcess Gannet(params string[] words) => GannetWithInput("", words);

    public TestProcess GannetWithInput(string input, params string[] words) =>
        TestProcess.Run(Command, words, input, Path, _environment, timeout: TimeSpan.FromSeconds(120));

    public TestProcess GannetWithEnvironment(Dictionary<string, string?> changes, params string[] words) =>
        TestProcess.Run(Command, words, "", Path, new Dictionary<string, string?>(_environment.Concat(changes)), TimeSpan.FromSeconds(120));

    /// <summary>Starts <c>gannet</c> and leaves it running.</summary>
    public TestProcess Start(params string[] words) => TestProcess.Start(Command, words, "", Path, _environment);

    public TestProcess StartRaw(params byte[][] words) => TestProcess.StartRaw(Command, words, "", Path, _environment);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
