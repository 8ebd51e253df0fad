namespace Gannet.Benchmarks.Prompt;

/// <summary>
/// The prompt: from its start to the first answer, with the line typed when the prompt is there; then many more answers, and the memory before and after them.
/// All type into a terminal, in turn, round after round.
/// </summary>
internal sealed class PromptComparison : Comparison
{
    private const string Peer = "csharprepl";
    private const int Rounds = 5;
    private const int Lines = 1000;
    private const int LinesOfPeer = 200;

    public override string Name => "prompt";

    public override string Summary => "the prompt: start to first answer, later answers, memory after 1,000 lines: gannet, csharprepl, python3 -i";

    public override void Run()
    {
        string folder = Directory.CreateTempSubdirectory("gannet-bench-prompt-").FullName;
        try
        {
            List<(string Name, Command Command)> candidates = Candidates(folder);
            PrintFirst(candidates);
            Console.WriteLine();
            Console.WriteLine($"{"later answers",-32} {"lines",6} {"median",9} {"9 of 10",9} {"before",9} {"after",9}");
            foreach ((string name, Command command) in candidates)
            {
                PrintLater(name, command, name == Peer ? LinesOfPeer : Lines, i => ($"{i} + 1000000", $"{i + 1_000_000}"));
            }

            PrintLater("gannet, each declares", candidates[0].Command, Lines, i => ($"var v{i} = {i}; Console.WriteLine(v{i} + 1000000);", $"{i + 1_000_000}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<(string Name, Command Command)> Candidates(string folder)
    {
        List<(string, Command)> candidates = [("gannet", At(folder, Command.Of(Path.Combine(Repository, "gannet"))))];
        if (InstallPeer(folder) is { } peer)
        {
            candidates.Add((Peer, At(folder, Command.Of(peer))));
        }

        if (PythonInterpreter.Find() is { } python)
        {
            candidates.Add(("python3 -i", At(folder, Command.Of(python, "-i"))));
        }

        return candidates;
    }

    private static Command At(string folder, Command command) => command.In(folder).WithVariable("XDG_STATE_HOME", folder).WithVariable("XDG_CONFIG_HOME", folder);

    /// <summary>The peer, as a .NET tool in a folder that goes away; null when the registry does not have it.</summary>
    private static string? InstallPeer(string folder)
    {
        string tools = Path.Combine(folder, "tools");
        if (!Command.Of("dotnet", "tool", "install", Peer, "--tool-path", tools).Capture().Succeeded)
        {
            Console.WriteLine("csharprepl: the registry does not have it");
            return null;
        }

        return Path.Combine(tools, "csharprepl");
    }

    private static void PrintFirst(List<(string Name, Command Command)> candidates)
    {
        candidates.RemoveAll(candidate => !Answers(candidate));
        double[][] times = [.. candidates.Select(_ => new double[Rounds])];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < candidates.Count; i++)
            {
                times[i][round] = First(candidates[i].Command);
            }
        }

        Console.WriteLine($"{"start to first answer",-32} {"least",9} {"median",9}");
        for (int i = 0; i < candidates.Count; i++)
        {
            Array.Sort(times[i]);
            Console.WriteLine($"{candidates[i].Name,-32} {times[i][0],6:N0} ms {times[i][Rounds / 2],6:N0} ms");
        }
    }

    // The first start is measured by nobody; a peer that does not take what is typed on a terminal without a person is left out.
    private static bool Answers((string Name, Command Command) candidate)
    {
        try
        {
            First(candidate.Command);
            return true;
        }
        catch (Exception error) when (candidate.Name == Peer && error is (TimeoutException or EndOfStreamException))
        {
            Console.WriteLine($"{candidate.Name}: no answer");
            return false;
        }
    }

    private static double First(Command command)
    {
        using PromptCandidate prompt = new(command);
        return prompt.FirstAnswer("1234 + 4321", "5555");
    }

    private static void PrintLater(string name, Command command, int count, Func<int, (string Line, string Answer)> line)
    {
        using PromptCandidate prompt = new(command);
        prompt.FirstAnswer("1234 + 4321", "5555");
        double before = prompt.ResidentMegabytes;
        double[] times = [.. Enumerable.Range(1, count).Select(i => line(i)).Select(one => prompt.Answer(one.Line, one.Answer))];
        double after = prompt.ResidentMegabytes;
        Array.Sort(times);
        Console.WriteLine($"{name,-32} {count,6} {times[count / 2],6:N1} ms {times[count * 9 / 10],6:N1} ms {before,6:N0} MB {after,6:N0} MB");
    }
}
