using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Gannet.Tests.Child;

/// <summary>
/// What the child program can do. A scenario is a public static method <c>int Name(string[] arguments)</c> of a class in
/// Scenarios/; its name on the command line is <c>Class.Name</c>, for instance <c>Exit.WithText</c>.
/// </summary>
internal static class Scenario
{
    private const string Home = "Gannet.Tests.Child.Scenarios";

    private static readonly Dictionary<string, Func<string[], int>> s_all = Assembly.GetExecutingAssembly().GetTypes()
        .Where(type => type.Namespace == Home)
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
        .Where(method => method.ReturnType == typeof(int))
        .ToDictionary(method => $"{method.DeclaringType!.Name}.{method.Name}", method => method.CreateDelegate<Func<string[], int>>());

    public static IEnumerable<string> Names => s_all.Keys.Order(StringComparer.Ordinal);

    public static bool TryFind(string name, [NotNullWhen(true)] out Func<string[], int>? scenario) =>
        s_all.TryGetValue(name, out scenario);
}
