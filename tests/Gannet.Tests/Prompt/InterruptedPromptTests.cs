using Gannet.Tests.Processes;

namespace Gannet.Tests.Prompt;

/// <summary>Ctrl-C at a terminal while an input runs.</summary>
[Collection(Spawned.Collection)]
public class InterruptedPromptTests
{
    private const string CtrlC = "\x03";

    [Fact]
    public void Every_wait_of_Gannet_is_ended_at_once()
    {
        using PromptDriver prompt = new(columns: 160);
        // A child of the same group would be ended by the key itself.
        prompt.Enter("Command Sleeper() => Command.Of(\"sleep\", \"1000\").WithIgnoredSignals(Signal.SIGINT);");
        prompt.Enter("T Held<T>(T held) where T : ThreadLock { OsThread owner = new(() => held.Acquire()); owner.Start(); owner.Join(); return held; }");
        // Before the waits, since Ctrl-C may come before an input has got to start one.
        prompt.Enter("Child first = Sleeper().Start(), second = Sleeper().Start();");
        foreach (string wait in (string[])
        [
            "Signals.Pause()",
            "Signals.Pause(TimeSpan.FromDays(5))",
            "Signals.Wait(Signal.SIGUSR1)",
            "Signals.Pump(Timeout.InfiniteTimeSpan)",
            "Sleeper().Run()",
            "Sleeper().Capture()",
            "first.Wait()",
            "Os.WaitPid(second.Pid)",
            "Os.Wait()",
            "Os.WaitAll()",
            "Sleeper().WithTerminal().Start().Terminal.Read(new byte[1])",
            "new BlockingQueue<int>().Get()",
            "Held(new PrimitiveLock()).Acquire()",
            "Held(new ReentrantLock()).Acquire()",
            "new EventFlag().Wait()",
            "new CyclicBarrier(2).Wait()",
        ])
        {
            AssertInterrupted(prompt, wait);
        }

        prompt.Enter("foreach (string task in Directory.GetDirectories(\"/proc/self/task\")) foreach (string pid in File.ReadAllText(task + \"/children\").Split(' ', StringSplitOptions.RemoveEmptyEntries)) Os.Kill(int.Parse(pid), Signal.SIGKILL);");
        Assert.Equal("2", prompt.Answer("1 + 1"));
        Assert.Equal(0, prompt.End("exit()\r"));
    }

    [Fact]
    public void A_finally_block_waits_as_long_as_it_likes()
    {
        using PromptDriver prompt = new();
        // Longer than a wait that might have begun just before the interrupt is left alone.
        prompt.Enter("void PutRight() { Thread.Sleep(1200); new EventFlag().Wait(TimeSpan.FromMilliseconds(50)); Thread.Sleep(10); Console.WriteLine(\"put\" + \" right\"); }");
        foreach (string body in (string[])["Thread.Sleep(-1)", "while (true) Thread.SpinWait(10)", "new BlockingQueue<int>().Get()", "Signals.Pause()"])
        {
            Start(prompt, $"try {{ Console.WriteLine(\"wa\" + \"its\"); {body}; }} finally {{ PutRight(); }}");
            prompt.TypeForPrompt(CtrlC);
            Assert.True(prompt.Screen.Text.EndsWith("put right\nInterrupted\n>>>", StringComparison.Ordinal), $"{body}:\n{prompt.Screen.Text}");
        }

        Assert.Equal(0, prompt.End("exit()\r"));
    }

    [Fact]
    public void A_second_interrupt_ends_the_wait_of_a_finally_block_too()
    {
        using PromptDriver prompt = new();
        prompt.Enter("void Tell(Thread sleeper) { for (int looks = 0; looks < 50; Thread.Sleep(1)) looks = sleeper.ThreadState.HasFlag(ThreadState.WaitSleepJoin) ? looks + 1 : 0; Console.WriteLine(\"asl\" + \"eep\"); }");
        Start(prompt, "Thread me = Thread.CurrentThread; try { Console.WriteLine(\"wa\" + \"its\"); while (true) Thread.SpinWait(10); } finally { new Thread(() => Tell(me)).Start(); Thread.Sleep(-1); }");
        prompt.TypeNow(CtrlC);
        prompt.Await(screen => screen.Text.EndsWith("asleep"), "the block");
        prompt.TypeForPrompt(CtrlC);
        Assert.EndsWith("Interrupted\n>>>", prompt.Screen.Text);
        Assert.Equal("2", prompt.Answer("1 + 1"));
        Assert.Equal(0, prompt.End("exit()\r"));
    }

    private static void AssertInterrupted(PromptDriver prompt, string wait)
    {
        Start(prompt, $"Console.WriteLine(\"wa\" + \"its\"); {wait};");
        prompt.TypeForPrompt(CtrlC);
        Assert.True(prompt.Screen.Text.EndsWith("Interrupted\n>>>", StringComparison.Ordinal), $"{wait}:\n{prompt.Screen.Text}");
    }

    private static void Start(PromptDriver prompt, string input)
    {
        prompt.AwaitPrompt();
        prompt.Terminal.Type(input + "\r");
        prompt.Await(screen => screen.Rows[screen.Row] == "" && screen.Rows[Math.Max(screen.Row - 1, 0)] == "waits", input);
    }
}
