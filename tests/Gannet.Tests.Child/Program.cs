using Gannet.Tests.Child;

// Runs one scenario, named by the first argument, in a process of its own: whatever it does to signals, ids, the working
// directory, the environment or the exit status can't hurt the test runner.
if (args.Length == 0 || !Scenario.TryFind(args[0], out Func<string[], int>? scenario))
{
    Console.Error.WriteLine($"usage: Gannet.Tests.Child {string.Join('|', Scenario.Names)} [arguments]");
    return 2;
}

ChildLibc.WatchForks();
return scenario(args[1..]);
