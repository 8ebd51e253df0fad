using System.Text;

namespace Gannet.StartupProfile;

/// <summary>A session of the prompt in which everything happens that a usual one needs, under the runtime's tracing.</summary>
internal static class PromptRun
{
    // Compilations, loads, types; and of each method the types that it was compiled for.
    private const string Events = "Microsoft-Windows-DotNETRuntime:0x4000080018:5";
    private const string Prompt = ">>> ";

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private static readonly string[] s_inputs =
    [
        "20000 + 22222",
        "\"a\" + 'b'",
        "var x = new List<int> { 1, 2, 3 };",
        "x.Where(i => i > 1).Select(i => 2 * i).ToArray()",
        "_",
        "int Twice(int n) => 2 * n;",
        "Twice(x.Count) + Twice(1)",
        "record Point(int X, int Y) { public int Sum => X + Y; }",
        "new Point(1, 2) with { Y = 3 }",
        "enum Side { Left, Right }",
        "x.ToDictionary(i => $\"{i:D2}\", i => (i, Side.Left))",
        "foreach (var i in x) { if (i > 1) { Console.WriteLine(i); } else { continue; } }",
        "await Task.Run(() => Os.Name)",
        "using System.Text;",
        "new StringBuilder().Append(1).ToString()",
        "async Task<int> Later(int n) { await Task.Yield(); return n; }",
        "await Later(3)",
        "IEnumerable<int> Up(int n) { for (int i = 0; i < n; i++) yield return i; }",
        "Up(3)",
        "try { throw new InvalidOperationException(\"no\"); } catch (Exception e) when (e.Message == \"no\") { Console.WriteLine(e.Message); }",
        "nothing",
        "throw new InvalidOperationException(\"no\");",
        "switch (x) { case [1, .., var last]: Console.WriteLine(last); break; }",
    ];

    /// <summary>Runs the session; the trace is written to <paramref name="trace"/>.</summary>
    public static void Record(string command, string trace)
    {
        string folder = Directory.CreateTempSubdirectory("gannet-startup-").FullName;
        using Child child = Command.Of(command).In(folder)
            .WithVariable("XDG_STATE_HOME", folder)
            .WithVariable("TERM", "xterm")
            .WithVariable("DOTNET_EnableEventPipe", "1")
            .WithVariable("DOTNET_EventPipeConfig", Events)
            .WithVariable("DOTNET_EventPipeOutputPath", trace)
            .WithVariable("DOTNET_EventPipeOutputStreaming", "1")
            .WithTerminal(columns: 200, rows: 50)
            .Start();
        AwaitPrompt(child);
        foreach (string input in s_inputs)
        {
            child.Terminal.Type(input + "\r");
            AwaitPrompt(child);
        }

        child.Terminal.Type("exit()\r");
        byte[] buffer = new byte[4096];
        while (child.Terminal.Read(buffer, s_patience) is > 0)
        {
            // To the end of the trace.
        }

        child.Wait();
        Directory.Delete(folder, recursive: true);
    }

    // While somebody types the prompt is drawn again at each letter; only at the beginning of an input the terminal is asked to mark what is pasted.
    private static void AwaitPrompt(Child child)
    {
        byte[] buffer = new byte[4096];
        StringBuilder shown = new();
        bool hasRun = false;
        while (!hasRun)
        {
            int count = child.Terminal.Read(buffer, s_patience) ?? throw new TimeoutException($"No prompt after '{shown}'.");
            shown.Append(Encoding.UTF8.GetString(buffer, 0, count));
            hasRun = shown.ToString().LastIndexOf("\e[?2004h", StringComparison.Ordinal) is >= 0 and int start
                && shown.ToString().IndexOf(Prompt, start, StringComparison.Ordinal) >= 0;
        }
    }
}
