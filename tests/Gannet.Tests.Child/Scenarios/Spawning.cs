namespace Gannet.Tests.Child.Scenarios;

/// <summary>The spawn family where it takes a process of its own.</summary>
internal static class Spawning
{
    /// <summary>Becomes another program. Argument: in which of the two ways to find it.</summary>
    public static int Overlay(string[] arguments)
    {
        Console.Write("before, ");
        _ = arguments[0] is "path"
            ? Os.Spawnl(SpawnMode.Overlay, "/bin/sh", "sh", "-c", "echo the same process: $(( $$ == $0 )); exit 4", $"{Environment.ProcessId}")
            : Os.Spawnlpe(SpawnMode.Overlay, "sh", new Dictionary<string, string> { ["A"] = "1", ["PATH"] = "/bin" }, "sh", "-c", "echo $A; exit 4");
        Console.WriteLine("after");
        return 0;
    }

    /// <summary>Is the first process of a system, and so is given what it has detached.</summary>
    public static int DetachAsInit(string[] arguments)
    {
        Console.WriteLine($"pid {Environment.ProcessId}");
        for (int i = 0; i < 5; i++)
        {
            Os.Spawnlp(SpawnMode.Detach, "sleep", "sleep", "0.1");
        }

        SignalHandlers.Eventually(ChildLibc.NoChildIsLeft);
        Console.WriteLine(ChildLibc.NoChildIsLeft());
        return 0;
    }

    /// <summary>Detaches a process, and ends. Argument: what the process is to do.</summary>
    public static int DetachAndEnd(string[] arguments)
    {
        Console.WriteLine(Os.Spawnl(SpawnMode.Detach, "/bin/sh", "sh", "-c", arguments[0]));
        return 0;
    }
}
