namespace Gannet.Testing;

/// <summary>The <c>python3</c> on PATH, where it is CPython 3.8 or newer.</summary>
public static class Python
{
    private static readonly Version Oldest = new(3, 8);
    private static readonly Lazy<(string Executable, string? Problem)> Found = new(Find);

    /// <summary>Why Python can't be asked; null when it can.</summary>
    public static string? Problem => Found.Value.Problem;

    /// <summary>Runs a program text and gives its standard output; fails when it fails.</summary>
    /// <param name="environment">Changes to this process's environment: null removes a variable.</param>
    public static string Run(string code, string stdin = "", IReadOnlyDictionary<string, string?>? environment = null)
    {
        using TestProcess process = TestProcess.Run(Found.Value.Executable, ["-c", code], stdin, environment: environment);
        return process.ShellStatus == 0 ? process.Stdout : throw new InvalidOperationException(process.Stderr);
    }

    private static (string Executable, string? Problem) Find()
    {
        string[] directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string? executable = directories.Select(directory => Path.Combine(directory, "python3")).FirstOrDefault(File.Exists);
        return executable is null ? ("", "There is no python3 on PATH.") : (executable, ProblemOf(executable));
    }

    private static string? ProblemOf(string executable)
    {
        const string question = "import sys; print(sys.implementation.name, '%d.%d' % sys.version_info[:2])";
        using TestProcess process = TestProcess.Run(executable, ["-c", question]);
        string[] answer = process.Stdout.Split();
        return answer is ["cpython", string version, ..] && Version.Parse(version) >= Oldest
            ? null
            : $"The python3 on PATH is not CPython {Oldest} or newer: {process.Stdout.Trim()}";
    }
}
