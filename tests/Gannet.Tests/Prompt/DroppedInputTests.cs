using Gannet.Interop;
using Gannet.Testing;
using Gannet.Tests.Processes;
using Microsoft.Win32.SafeHandles;

namespace Gannet.Tests.Prompt;

/// <summary>Ctrl-C where an input has no code of its own to be ended in: in loops that call nothing, and before it runs.</summary>
[Collection(Spawned.Collection)]
public class DroppedInputTests
{
    private const string CtrlC = "\x03";
    private const string CtrlD = "\x04";

    [Fact]
    public void A_loop_in_which_nothing_is_called_is_ended_however_often_one_is_typed()
    {
        using PromptDriver prompt = new();
        prompt.Enter("[ThreadStatic] static int kept; kept = 5; Thread.CurrentThread.Name = \"mine\";");
        for (int i = 0; i < 3; i++)
        {
            EndLoop(prompt);
        }

        // Such a loop lets a collection begin, too.
        prompt.Enter("bool isOver = false;");
        prompt.Enter("new Thread(() => { Thread.Sleep(10); GC.Collect(); isOver = true; }).Start(); while (!isOver) ;");
        Assert.Equal("(5, \"mine\", true)", prompt.Answer("(kept, Thread.CurrentThread.Name, Threads.Current == Threads.Main)"));
        Assert.Equal("2", prompt.Answer("1 + 1"));
        Assert.Equal(0, prompt.End(CtrlD));
    }

    [ForkFact]
    public void A_child_forked_after_such_a_loop_goes_on_as_the_prompt()
    {
        using PromptDriver prompt = new();
        EndLoop(prompt);
        prompt.Enter("AtExit.Register(() => Console.WriteLine(\"ho\" + \"ok\"));");
        prompt.Enter("int pid = Os.Fork(); if (pid != 0) Console.WriteLine(Os.WaitPid(pid).Status);");
        Assert.Equal("0", prompt.Answer("pid"));
        prompt.Enter("int G() => throw new Exception(\"told\");");
        Assert.Contains("at G() in <input", prompt.Answer("G()"));
        Assert.Equal("2", prompt.Answer("1 + 1"));
        prompt.TypeForPrompt("exit(7)\r");
        Assert.EndsWith("hook\nexit 7\n>>>", prompt.Screen.Text);
        Assert.Equal(3, prompt.End("exit(3)\r"));
        Assert.EndsWith("hook", prompt.Screen.Text);
    }

    [Fact]
    public void An_input_that_is_being_compiled_does_not_run()
    {
        using PromptDriver prompt = new(columns: 1000);
        prompt.Enter("int F(Func<int, int> f) => 0; int F(Func<string, int> f) => 0;");
        prompt.AwaitPrompt();
        // Each of the calls is bound twice for each of those around it.
        int[] calls = [.. Enumerable.Range(0, 10)];
        string nested = string.Concat(calls.Select(i => $"F(x{i} => ")) + string.Join(" + ", calls.Select(i => $"x{i}.Length")) + new string(')', calls.Length);
        prompt.Terminal.Type($"Console.WriteLine(\"ra\" + \"n\"); int late = {nested};\r");
        prompt.Await(screen => screen.Rows[screen.Row] == "" && screen.Rows[screen.Row - 1].StartsWith(">>> Console", StringComparison.Ordinal), "the end of the line");
        AwaitSignals(prompt);
        prompt.TypeForPrompt(CtrlC);
        Assert.EndsWith("Interrupted\n>>>", prompt.Screen.Text);
        Assert.DoesNotContain("\nran\n", prompt.Screen.Text);
        Assert.Contains("CS0103", prompt.Answer("late"));
        Assert.Equal("2", prompt.Answer("1 + 1"));
        Assert.Equal(0, prompt.End(CtrlD));
    }

    [Fact]
    public void The_first_input_is_dropped_while_it_waits_for_the_compiler()
    {
        // The compiler is compiled itself then, which takes seconds.
        using PromptDriver prompt = new(shell: "DOTNET_ReadyToRun=0 exec \"$0\"");
        prompt.AwaitPrompt();
        prompt.Terminal.Type("Console.WriteLine(\"ra\" + \"n\")\r");
        // They are so while the editor asks whether the line is complete.
        AwaitSignals(prompt);
        prompt.TypeForPrompt(CtrlC);
        Assert.EndsWith("Interrupted\n>>>", prompt.Screen.Text);
        Assert.DoesNotContain("\nran", prompt.Screen.Text);
        Assert.Equal("2", prompt.Answer("1 + 1"));
        Assert.Equal(0, prompt.End(CtrlD));
    }

    private static void EndLoop(PromptDriver prompt)
    {
        prompt.AwaitPrompt();
        prompt.Terminal.Type("Console.WriteLine(\"lo\" + \"ops\"); while (true) ;\r");
        prompt.Await(screen => screen.Rows[screen.Row] == "" && screen.Rows[Math.Max(screen.Row - 1, 0)] == "loops", "the loop");
        prompt.TypeForPrompt(CtrlC);
        Assert.EndsWith("Interrupted\n>>>", prompt.Screen.Text);
    }

    private static void AwaitSignals(PromptDriver prompt) => Spawned.Await(() => KeysAreSignals(prompt.Pid), "The keys never became signals.");

    private static bool KeysAreSignals(int pid)
    {
        using SafeFileHandle terminal = File.OpenHandle($"/proc/{pid}/fd/0", share: FileShare.ReadWrite);
        byte[] settings = new byte[Libc.TerminalSettingsSize];
        return Libc.TryGetTerminal((int)terminal.DangerousGetHandle(), settings) && (Libc.LocalFlags(settings) & Libc.ISIG) != 0;
    }
}
