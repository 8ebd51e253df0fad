using Gannet;

// In the process that Processes() starts the program ends here.
Os.RegisterSelf(Answer);

// Enters every room once; prints a line for each and ends with status 7, which shows that Sys.Run, the hooks and the shim work.
return Sys.Run(() =>
{
    AtExit.Register(() => Console.WriteLine("hooks: run"));
    Options();
    Runtime();
    Environment();
    Errors();
    Processes();
    Sys.Exit(7);
});

static void Options()
{
    var (options, arguments) = GetOpt.Parse(["-a", "--level=3", "file"], "a", ["level="]);
    Check("options", options.Count == 2 && options[1].Value == "3" && arguments.Count == 1);
}

static void Runtime()
{
    string log = Path.GetTempFileName();
    using (Sys.Redirect(1, log))
    {
        Console.WriteLine("into the file");
    }

    Check("redirect", File.ReadAllText(log) == "into the file\n");
    File.Delete(log);
    Check("runtime", Sys.Argv.Count == 1 && Sys.Platform == "linux" && Sys.Version.Length > 0 && Sys.Modules.ContainsKey("Gannet"));
}

static void Environment() =>
    Check("environment", Os.Name == "posix" && Os.Path.Join("a", "b") == "a/b");

static void Errors()
{
    try
    {
        Os.Execl("/nothing", "nothing");
    }
    catch (OsException e)
    {
        Check("exec", e.Errno == Errno.ENOENT);
    }
}

static void Processes()
{
    Check("started again", Command.OfSelf(Answer, "a").Run().Status.ExitStatus == 42);
    try
    {
        Check("fork", Os.WaitPid(Os.Fork(() => 5)).Status.ExitStatus == 5);
    }
    catch (PlatformNotSupportedException refusal)
    {
        Check($"fork, refused: {refusal.Message}", refusal.Message.Length > 0);
    }
}

static int Answer(string[] arguments) => arguments is ["a"] ? 42 : 1;

static void Check(string room, bool works)
{
    Console.WriteLine($"{room}: {(works ? "works" : "FAILS")}");
    if (!works)
    {
        Sys.Exit(1);
    }
}
