using Gannet.Tests.Processes;

namespace Gannet.Tests.Prompt;

/// <summary>The sessions of the chapter, typed at the prompt.</summary>
[Collection(Spawned.Collection)]
public class ChapterSessionTests
{
    [Fact]
    [Trait("S", "S034")]
    public void The_sessions_read_as_in_the_chapter()
    {
        using PromptDriver prompt = new(columns: 120);
        prompt.Enter("var args = new[] { \"-a\", \"-x\", \".bak\", \"--debuglevel\", \"99\", \"file1\", \"file2\" }");
        prompt.Enter("var (opts, remargs) = GetOpt.Parse(args, \"ax:\", [\"debuglevel=\"])");
        prompt.Enter("opts.Select(option => (option.Name, option.Value))");
        prompt.Enter("remargs");
        prompt.Enter("Os.Name");
        prompt.Enter("Os.Execv(\"nothing\", [\"\"])");
        Assert.Equal(0, prompt.End("Sys.Exit()\r"));
        Assert.EndsWith(
            """
            >>> var args = new[] { "-a", "-x", ".bak", "--debuglevel", "99", "file1", "file2" }
            >>> var (opts, remargs) = GetOpt.Parse(args, "ax:", ["debuglevel="])
            >>> opts.Select(option => (option.Name, option.Value))
            [("-a", ""), ("-x", ".bak"), ("--debuglevel", "99")]
            >>> remargs
            ["file1", "file2"]
            >>> Os.Name
            "posix"
            >>> Os.Execv("nothing", [""])
            Gannet.OsException: execv 'nothing': No such file or directory (ENOENT)
               at <input 6>:line 1
            >>> Sys.Exit()
            """,
            prompt.Screen.Text);
    }
}
