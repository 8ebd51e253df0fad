using Xunit;

namespace Gannet.Testing;

/// <summary>A test that needs a program of the system; skipped, with the reason, where it is not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProgramFactAttribute : FactAttribute
{
    public ProgramFactAttribute(string path)
    {
        Path = path;
        if (!File.Exists(path))
        {
            Skip = $"There is no {path} here.";
        }
    }

    public string Path { get; }
}
