namespace Gannet.Tests.Processes;

/// <summary>Tests that start children in the test process; each must leave neither a zombie nor a descriptor of a process.</summary>
public abstract class ChildrenTest : IDisposable
{
    private readonly HashSet<string> _before = Spawned.Descriptors();

    /// <summary>A directory of the test's own.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("gannet-command-").FullName;

    public void Dispose()
    {
        Dispose(isDisposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool isDisposing)
    {
        Directory.Delete(Folder, recursive: true);
        Spawned.AssertNothingLeft(_before);
    }

    /// <summary>A path in <see cref="Folder"/>.</summary>
    protected string At(string name) => Path.Combine(Folder, name);

    /// <summary>A new file there.</summary>
    protected string Write(string name, string text)
    {
        File.WriteAllText(At(name), text);
        return At(name);
    }

    /// <summary>A new program there.</summary>
    protected string WriteProgram(string name, string text)
    {
        string path = Write(name, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>What a child writes into a file to say that it has come so far; waits for the whole line.</summary>
    protected string AwaitLine(string name)
    {
        string line = "";
        Spawned.Await(
            () => File.Exists(At(name)) && (line = File.ReadAllText(At(name))).EndsWith('\n'), $"The child did not write {name}.");
        return line.TrimEnd();
    }
}
