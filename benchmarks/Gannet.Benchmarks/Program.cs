using System.Reflection;
using Gannet;
using Gannet.Benchmarks;
using Gannet.Benchmarks.Processes;

// First of all: in a process that is started at it, nothing else is to happen.
Os.RegisterSelf(ForkingProgram.Serve);

Comparison[] comparisons =
[
    .. Assembly.GetExecutingAssembly().GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Comparison)))
        .Select(type => (Comparison)Activator.CreateInstance(type)!)
        .OrderBy(comparison => comparison.Name, StringComparer.Ordinal),
];

if (args.Length == 0)
{
    foreach (Comparison comparison in comparisons)
    {
        Console.WriteLine($"{comparison.Name,-12} {comparison.Summary}");
    }

    return 0;
}

foreach (string name in args)
{
    if (Array.Find(comparisons, comparison => comparison.Name == name) is not Comparison comparison)
    {
        Console.Error.WriteLine($"bench: no comparison is called '{name}'; without arguments, bench lists them");
        return 2;
    }

    comparison.Run();
}

return 0;
